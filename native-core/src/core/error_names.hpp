// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/error.hpp>

#include <vector>

namespace emilua {

/// Errors that programs may name, such as `generic_error.EINVAL` and
/// `asio_error.misc.eof`. Both faces read these tables.
struct error_names {
    struct item {
        const char* name;
        error_code code;
    };
    const char* name;
    std::vector<item> items;
};

const error_names& generic_error_names();
/// The errors of category "emilua".
const error_names& runtime_error_names();
/// basic, netdb, addrinfo, misc.
const std::vector<error_names>& asio_error_names();

/// `c`, or our own category of that name: a plugin has Asio's once more.
const error_category& own_category(const error_category& c) noexcept;

} // namespace emilua
