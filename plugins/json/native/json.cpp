// SPDX-License-Identifier: MIT OR BSL-1.0
#include "text.hpp"
#include "tree.hpp"

namespace {

using emilua::fn;
using emilua::languages;
using json::null_type;

template <json::nulls N>
json::tree<N> parse(std::variant<emilua::const_bytes, std::string_view> text) {
    if (auto* bytes = std::get_if<emilua::const_bytes>(&text)) {
        const auto b = bytes->now();
        return json::tree<N>{{static_cast<const char*>(b.data()), b.size()}};
    }
    return json::tree<N>{std::get<std::string_view>(text)};
}

null_type null() { return {}; }

std::string stringify(json::text value) { return std::move(value.of); }

emilua::value::bytes to_bytes(json::text value) {
    return {std::move(value.of)};
}

void describe(emilua::module_builder& m) {
    constexpr auto parse_doc = "What a text in JSON stands for.";
    constexpr auto parse_details =
        "EINVAL for what is no JSON in UTF-8, telling where it is wrong, or is "
        "nested more than 200 deep. Numbers are those of double precision.";
    const emilua::parameter text{"text", "The text, or its bytes."};
    const emilua::parameter value{"value", "What JSON has."};
    constexpr auto value_details =
        "EINVAL names the part that JSON does not have: a number that is not "
        "finite, text that is no UTF-8, bytes, objects, functions, keys that "
        "are no text, or what is nested more than 200 deep.";

    m.doc("JSON, by RapidJSON.");
    m.cls<null_type>("null_type", "What null of JSON is in Lua.")
        .meta(emilua::metamethod::eq, fn<&null_type::equals>)
        .meta(emilua::metamethod::tostring, fn<&null_type::to_string>);
    m.property("null", fn<&null>, "Stands for null.")
        .fixed()
        .only(languages::lua);
    m.sync("parse", fn<&parse<json::nulls::objects>>, {text}, parse_doc,
           parse_details)
        .only(languages::lua);
    m.sync("parse", fn<&parse<json::nulls::nothing>>, {text}, parse_doc,
           parse_details)
        .only(languages::typescript);
    m.sync("stringify", fn<&stringify>, {value}, "Writes a value as JSON.",
           value_details);
    m.sync("to_bytes", fn<&to_bytes>, {value},
           "Writes a value as JSON, into a new buffer.", value_details);
}

} // namespace

EMILUA_PLUGIN_MODULE("json", describe);
