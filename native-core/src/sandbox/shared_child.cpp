// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/shared_child.hpp"

#include "sandbox/steps.hpp"

#include <csignal>
#include <cstddef>
#include <cstring>
#include <new>

#include <sched.h>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

namespace emilua::sandbox {

void child_outcome::refuse(const refusal& r) noexcept {
    refused = true;
    of = r.of;
    error = r.error.code.value();
    syscall = r.error.syscall;
    if (r.error.path)
        std::strncpy(path, r.error.path->c_str(), sizeof(path) - 1);
}

void child_outcome::check() const {
    if (!refused) return;
    errno = error;
    sandbox::refuse(of, syscall, path);
}

child_outcome& shared_outcome() {
    void* const page =
        ::mmap(nullptr, sizeof(child_outcome), PROT_READ | PROT_WRITE,
               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) refuse(layer::program, "mmap");
    auto& outcome = *new (page) child_outcome{};
    outcome.fd = outcome.left_mounts = -1;
    return outcome;
}

pid_t start_sharing(int (*body)(void*), void* argument, int flags) {
    // The parent waits, so that its frame does for the child's stack.
    alignas(16) std::byte stack[128 * 1024];
#if !defined(__SANITIZE_THREAD__)
    // There, what the child does would count as done by this thread.
    flags |= CLONE_VM;
#endif
    const pid_t child = ::clone(body, stack + sizeof(stack),
                                flags | CLONE_VFORK | SIGCHLD, argument);
#if defined(__SANITIZE_ADDRESS__)
    // What the child never returned from is no frame of this thread.
    ASAN_UNPOISON_MEMORY_REGION(stack, sizeof(stack));
#endif
    return child;
}

} // namespace emilua::sandbox
