// SPDX-License-Identifier: MIT OR BSL-1.0
// What makes a library for LD_PRELOAD of it: a program that runs with it asks
// from its start on.
#include "libc_service/service.hpp"

#include <climits>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <unistd.h>

namespace emilua::libc_service {

namespace {

constexpr const char filters_library[] = "libemilua-libc-filters.so";

/// It lies beside this library.
void* open_filters_library() noexcept {
    Dl_info here;
    static const char in_this_library = 0;
    if (::dladdr(&in_this_library, &here) == 0 || !here.dli_fname)
        return nullptr;
    const char* const slash = std::strrchr(here.dli_fname, '/');
    const auto folder =
        slash ? static_cast<std::size_t>(slash - here.dli_fname) + 1 : 0;
    char path[PATH_MAX];
    if (folder + sizeof(filters_library) > sizeof(path)) return nullptr;
    std::memcpy(path, here.dli_fname, folder);
    std::memcpy(path + folder, filters_library, sizeof(filters_library));
    return ::dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

__attribute__((constructor)) void begin() {
    const char* const variable = std::getenv(descriptor_variable);
    if (!variable) return;
    const int given = std::atoi(variable);
    const int fd = given > 2 ? activate(given) : -1;
    if (fd == -1) return;
    // For programs that this one runs. Shells have a setenv() of their own,
    // which is not ready yet.
    char number[16];
    std::snprintf(number, sizeof(number), "%d", fd);
    EMILUA_LIBC(setenv)(descriptor_variable, number, 1);
}

} // namespace

const filter_runner* find_filters(std::string_view message) noexcept {
    void* const library = open_filters_library();
    auto* const load = library ? reinterpret_cast<load_filters*>(
                                     ::dlsym(library, load_filters_name))
                               : nullptr;
    if (!load) {
        ::dprintf(STDERR_FILENO, "libc_service: no filters: %s\n", ::dlerror());
        return nullptr;
    }
    return load({ask, call_libc}, message);
}

} // namespace emilua::libc_service
