// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/filesystem/path.hpp"

#include <emilua/error.hpp>

#include <system_error>

namespace emilua::filesystem {

[[noreturn]] inline void throw_code(int code, const char* syscall,
                                    const char* argument = nullptr) {
    throw failure{error_code{code, boost::system::system_category()}, syscall,
                  argument};
}

/// The same of a path that is no argument of the call.
[[noreturn]] inline void throw_code_at(std::string path, int code,
                                       const char* syscall) {
    failure f{error_code{code, boost::system::system_category()}, syscall};
    f.path = std::move(path);
    throw f;
}

/// What the standard library says: an errno, of whichever category.
inline void throw_if(const std::error_code& ec, const char* syscall,
                     const char* argument = nullptr) {
    if (ec) throw_code(ec.value(), syscall, argument);
}

/// What the standard library answers about a path, the argument `argument`.
template <class R>
R answer(R (*ask)(const std::filesystem::path&, std::error_code&),
         const path& p, const char* syscall, const char* argument = "p") {
    p.c_str(argument);
    std::error_code ec;
    R r = ask(p.get(), ec);
    throw_if(ec, syscall, argument);
    return r;
}

} // namespace emilua::filesystem
