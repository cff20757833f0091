// SPDX-License-Identifier: MIT OR BSL-1.0
// System calls of a guest that wait for somebody else's answer
// (seccomp_unotify(2)).
#pragma once

#include <emilua/unique_descriptor.hpp>

#include <optional>
#include <string>
#include <vector>

#include <linux/seccomp.h>
#include <sys/types.h>

namespace emilua::sandbox {

/// The end at which they arrive. All calls are for one thread, and none waits.
class notifications {
public:
    /// Throws `failure` where the kernel's are unknown.
    explicit notifications(unique_descriptor listener);

    int get() const noexcept { return listener_.get(); }

    enum class state { none, one, over };
    /// The next call that arrived, in `to`; `over` when nobody is left who
    /// could make one.
    state receive(seccomp_notif& to);

    /// Whether the caller still waits: what was read of its memory before is
    /// that of the call, and not of somebody with the same number.
    bool is_waiting(const seccomp_notif& n) const noexcept;

    /// The call returns 0, or fails with an errno.
    void answer(const seccomp_notif& n, int error) noexcept;
    /// The kernel goes on with the call, and reads its arguments again: no
    /// check of them holds.
    void go_on(const seccomp_notif& n) noexcept;
    /// Makes the caller's descriptor `number` another one of `fd`.
    bool replace(const seccomp_notif& n, int number, int fd,
                 bool close_on_exec) noexcept;

private:
    void send(const seccomp_notif& n, int error, unsigned flags) noexcept;

    unique_descriptor listener_;
    /// As large as this kernel wants it.
    std::vector<char> buffer_;
};

/// Bytes of a process's memory; nothing if they are not all there.
std::optional<std::string> read_memory(pid_t pid, std::uint64_t address,
                                       std::size_t size);
/// A text that ends with NUL, of at most PATH_MAX.
std::optional<std::string> read_text(pid_t pid, std::uint64_t address);

/// Another descriptor of what thread `tid` has as `number`. Empty and errno.
unique_descriptor descriptor_of(pid_t tid, int number);
/// Whether that one ends with execve(2).
bool closes_on_exec(pid_t tid, int number);

} // namespace emilua::sandbox
