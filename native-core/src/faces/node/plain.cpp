// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/plain.hpp"

#include "faces/node/messages.hpp"

#include <array>
#include <cstdio>
#include <utility>

namespace emilua::node {
namespace {

napi_value property(napi_env env, napi_value object, const char* name) {
    napi_value v;
    check(napi_get_named_property(env, object, name, &v));
    return v;
}

/// As Object.getPrototypeOf, which also asks proxies: Node-API does not.
napi_value prototype_of(napi_env env, napi_value v) {
    napi_value r;
    check(napi_get_prototype(env, v, &r));
    if (type_of_value(env, r) != napi_null) return r;
    napi_value global;
    check(napi_get_global(env, &global));
    const auto object = property(env, global, "Object");
    check(napi_call_function(
        env, object, property(env, object, "getPrototypeOf"), 1, &v, &r));
    return r;
}

bool is_null(napi_env env, napi_value v) {
    return type_of_value(env, v) == napi_null;
}

std::string class_of_value(napi_env env, napi_value v) {
    const auto kind = type_of_value(env, v);
    if (kind == napi_function) return "function";
    if (kind == napi_symbol) return "symbol";
    const auto constructor = property(env, v, "constructor");
    if (type_of_value(env, constructor) != napi_function) return "object";
    const auto name = property(env, constructor, "name");
    if (type_of_value(env, name) != napi_string) return "object";
    auto s = read_string(env, name);
    return s.empty() ? "object" : s;
}

std::string with_article(const std::string& name) {
    const bool vowel =
        std::string_view{"AEIOaeio"}.find(name[0]) != std::string_view::npos;
    return (vowel ? "an " : "a ") + name;
}

const char* instead_of(napi_env env, napi_value v, std::string_view name) {
    bool is = false;
    if (napi_is_error(env, v, &is) == napi_ok && is) return "send its message";
    if (napi_is_typedarray(env, v, &is) == napi_ok && is)
        return "send a Uint8Array of its bytes, or an array of its numbers";
    if (is_array(env, v)) return "send a copy without other keys, [...it]";
    constexpr std::array<std::pair<std::string_view, const char*>, 15> known{{
        {"Date", "send its getTime()"},
        {"Map", "send an array of its entries"},
        {"Set", "send an array of its values"},
        {"URL", "send its href"},
        {"RegExp", "send its source"},
        {"Promise", "await it"},
        {"String", "send its valueOf()"},
        {"Number", "send its valueOf()"},
        {"Boolean", "send its valueOf()"},
        {"BigInt", "send its valueOf()"},
        {"ArrayBuffer", "send a Uint8Array of its bytes"},
        {"SharedArrayBuffer", "send a Uint8Array of its bytes"},
        {"DataView", "send a Uint8Array of its bytes"},
        {"Array", "send a copy, [...it]"},
        {"Object", "send a copy, { ...it }"},
    }};
    for (const auto& [cls, advice] : known)
        if (name == cls) return advice;
    const auto kind = type_of_value(env, v);
    return kind == napi_object ? "send a plain object of what it holds"
                               : nullptr;
}

} // namespace

bool is_plain_object(napi_env env, napi_value v) {
    const auto p = prototype_of(env, v);
    if (is_null(env, p)) return true;
    napi_value next;
    check(napi_get_prototype(env, p, &next));
    if (!is_null(env, next)) return false;
    // What every Object.prototype has, and hardly anything else without a
    // prototype.
    bool has = false;
    check(napi_has_own_property(env, p, to_js(env, "isPrototypeOf"), &has));
    return has;
}

bool is_plain_array(napi_env env, napi_value v) {
    // Array.prototype is an array, what extends it is none.
    if (!is_array(env, prototype_of(env, v))) return false;
    napi_value keys, last;
    check(napi_get_all_property_names(
        env, v, napi_key_own_only,
        static_cast<napi_key_filter>(napi_key_enumerable |
                                     napi_key_skip_symbols),
        napi_key_keep_numbers, &keys));
    std::uint32_t n;
    check(napi_get_array_length(env, keys, &n));
    if (n == 0) return true;
    // Indices come first.
    check(napi_get_element(env, keys, n - 1, &last));
    return type_of_value(env, last) == napi_number;
}

namespace {

// With a zero at the end.
std::u16string units_of(napi_env env, napi_value text) {
    std::size_t size;
    check(napi_get_value_string_utf16(env, text, nullptr, 0, &size));
    std::u16string units(size + 1, u'\0');
    check(napi_get_value_string_utf16(env, text, units.data(), units.size(),
                                      &size));
    return units;
}

bool is_first(char16_t c) noexcept { return (c & 0xFC00) == 0xD800; }
bool is_second(char16_t c) noexcept { return (c & 0xFC00) == 0xDC00; }

} // namespace

bool is_whole_text(napi_env env, napi_value v, std::string_view utf8) {
    // What stands for half of a pair, unless the program wrote it.
    if (utf8.find("\xEF\xBF\xBD") == std::string_view::npos) return true;
    const auto units = units_of(env, v);
    for (std::size_t i = 0; i + 1 < units.size(); ++i) {
        if (is_first(units[i]) && is_second(units[i + 1]))
            ++i;
        else if (is_first(units[i]) || is_second(units[i]))
            return false;
    }
    return true;
}

std::string escaped_text(napi_env env, napi_value v) {
    std::string s;
    for (const char16_t c : units_of(env, v)) {
        if (c == u'\0') break;
        if (c >= ' ' && c < 0x7F) {
            s += static_cast<char>(c);
            continue;
        }
        std::array<char, 8> escape;
        std::snprintf(escape.data(), escape.size(), "\\u%04x",
                      static_cast<unsigned>(c));
        s += escape.data();
    }
    return s;
}

void refuse_to_send(napi_env env, napi_value v) {
    const auto name = class_of_value(env, v);
    throw unsendable{with_article(name), instead_of(env, v, name)};
}

void refuse_to_send_object(napi_env env, napi_value v) {
    throw unsendable{with_article(class_of_value(env, v))};
}

} // namespace emilua::node
