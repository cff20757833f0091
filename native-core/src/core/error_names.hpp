// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace emilua {

/// An error of category "emilua".
struct runtime_error {
    errc code;
    /// In Lua; TypeScript has it in capitals.
    std::string_view name;
    const char* text;
    /// What it is equivalent to, of the generic category; 0 for nothing.
    int condition;
};

/// Nothing for what there is not.
const runtime_error* find_runtime_error(int code) noexcept;
const runtime_error* find_runtime_error(std::string_view name) noexcept;

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

/// A category whose errors have names, as those of the system: the runtime's,
/// and a slice's own. A `failure` of it that blames no argument says in
/// `expected` all that happened, if it says anything.
class naming_category : public error_category {
public:
    virtual std::string code_name(int code) const = 0;
};

const error_names& generic_error_names();
/// The errors of category "emilua".
const error_names& runtime_error_names();
/// basic, netdb, addrinfo, misc.
const std::vector<error_names>& asio_error_names();

/// `c`, or our own category of that name: a plugin has Asio's once more.
const error_category& own_category(const error_category& c) noexcept;

} // namespace emilua
