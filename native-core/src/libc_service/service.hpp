// SPDX-License-Identifier: MIT OR BSL-1.0
// The side of the program whose calls are answered by others. It lives in
// programs of all kinds, so it uses nothing of the C++ library that would have
// to be linked, allocates nothing per call, and may be called in handlers of
// signals.
#pragma once

#include "libc_service/protocol.hpp"

#include <sys/stat.h>

struct addrinfo;

namespace emilua::libc_service {

/// A call of libc that is asked about.
struct call {
    function what;
    std::int64_t numbers[3]{};
    std::string_view first{}, second{};
    /// openat: the folder; connect, bind: the socket.
    int fd = -1;
    const addrinfo* hints = nullptr;
};

struct outcome {
    /// The program is to make the call itself; the rest says nothing.
    bool own_credentials = false;
    std::int64_t result = -1;
    int error = 0;
    struct stat status {};
    resolved address{};
};

/// Makes this process ask over that socket, which it takes; returns the number
/// that it has from now on, or -1 where it is none of libc_service.
int activate(int fd) noexcept;

/// Whether calls of this thread are asked about.
bool is_active() noexcept;

/// Asks, and waits for the answer. EIO where nobody answers.
outcome ask(const call& c) noexcept;

/// Runs the filter of the call, or asks.
outcome run(const call& c) noexcept;

/// Makes the call, without asking.
outcome call_libc(const call& c) noexcept;

/// Calls of this thread are not asked about while it lives.
class bypass {
public:
    bypass() noexcept;
    ~bypass();
    bypass(const bypass&) = delete;
    bypass& operator=(const bypass&) = delete;
};

/// What runs filters: in a library of its own, because it brings Lua along.
struct filter_host {
    outcome (*ask)(const call&) noexcept;
    outcome (*call_libc)(const call&) noexcept;
};
struct filter_runner {
    bool (*has)(function) noexcept;
    outcome (*run)(const call&) noexcept;
};
/// Null, after a message on stderr, where a filter is no program.
using load_filters = const filter_runner*(const filter_host&,
                                          std::string_view message) noexcept;
inline constexpr const char load_filters_name[] = "emilua_load_libc_filters";

/// Where the filters come from.
extern const filter_runner* find_filters(std::string_view message) noexcept;

/// The function of that name behind this one.
void* next_function(const char* name) noexcept;

} // namespace emilua::libc_service

// Of `name`, the one that this one hides.
#define EMILUA_LIBC(name)                                                      \
    ([]() noexcept {                                                           \
        static void* found = nullptr;                                          \
        void* f = __atomic_load_n(&found, __ATOMIC_RELAXED);                   \
        if (!f) {                                                              \
            f = ::emilua::libc_service::next_function(#name);                  \
            __atomic_store_n(&found, f, __ATOMIC_RELAXED);                     \
        }                                                                      \
        return reinterpret_cast<decltype(&::name)>(f);                         \
    }())

#define EMILUA_EXPORT extern "C" __attribute__((visibility("default")))
