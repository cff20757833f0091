// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/error.hpp>

#include <system_error>

namespace emilua::filesystem {

[[noreturn]] inline void throw_code(int code, const char* syscall,
                                    const char* argument = nullptr) {
    throw failure{error_code{code, boost::system::system_category()}, syscall,
                  argument};
}

/// What the standard library says: an errno, of whichever category.
inline void throw_if(const std::error_code& ec, const char* syscall,
                     const char* argument = nullptr) {
    if (ec) throw_code(ec.value(), syscall, argument);
}

} // namespace emilua::filesystem
