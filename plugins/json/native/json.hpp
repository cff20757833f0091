// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/plugin.hpp>

namespace json {

/// How many lists and records may lie in each other: what Lua takes.
inline constexpr int deepest = 200;
inline constexpr auto too_deep = "JSON at most 200 deep";

/// null, where a language has nothing of its own to put into a list.
struct null_type {
    bool equals(const null_type&) const { return true; }
    std::string to_string() const { return "null"; }
};

} // namespace json
