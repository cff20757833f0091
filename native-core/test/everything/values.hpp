// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/plugin.hpp>

/// The classes of values of the module `everything`.

namespace {

using namespace emilua;

/// A value that is nothing but its text.
struct word {
    std::string text;
};

/// A value whose bytes need not be text.
struct label {
    std::string bytes;
    static label make(const_bytes b) {
        const auto now = b.now();
        return {{static_cast<const char*>(now.data()), now.size()}};
    }
    int size() const { return static_cast<int>(bytes.size()); }
    bool equals(const label& o) const { return bytes == o.bytes; }
};

} // namespace

template <> struct emilua::wire_traits<label> {
    static value to_wire(const label& l) { return value::bytes{l.bytes}; }
    static label from_wire(const value& v) {
        const auto* b = v.as<value::bytes>();
        if (!b)
            throw failure{error_code{EINVAL, boost::system::system_category()}};
        return {b->data};
    }
};

template <> struct emilua::wire_traits<word> {
    static value to_wire(const word& w) { return w.text; }
    static word from_wire(const value& v) {
        if (const auto* text = v.as<std::string>()) return {*text};
        throw_invalid_argument("word", "text");
    }
};

namespace {

struct words {
    word one{};
    std::optional<word> maybe{};
    std::vector<word> all{};
    std::map<std::string, word> named{};
    std::variant<double, word> either = 0.0;
};

} // namespace

template <> struct emilua::fields_of<words> {
    static constexpr auto name = "everything_words";
    static constexpr std::array items{
        field<&words::one>("one", ""), field<&words::maybe>("maybe", ""),
        field<&words::all>("all", "", presence::optional),
        field<&words::named>("named", "", presence::optional),
        field<&words::either>("either", "", presence::optional)};
};
