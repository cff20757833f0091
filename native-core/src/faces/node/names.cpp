// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/names.hpp"

#include "core/error_names.hpp"
#include "modules/modules.hpp"

#include <algorithm>
#include <cstring>

namespace emilua::node {
namespace {

std::string upper_case(std::string_view s) {
    std::string r{s};
    for (char& c : r)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return r;
}

bool is_vowel(char c) {
    return std::string_view{"AEIOUaeiou"}.find(c) != std::string_view::npos;
}

std::string fields_of(const record_description& r) {
    std::string s;
    for (const auto& f : r.fields) {
        if (!s.empty()) s += ", ";
        s += camel_case(f.name);
    }
    return "{ " + s + " }";
}

std::string names_of(const enum_description& e) {
    std::string s;
    for (const auto& i : e.items) {
        if (!s.empty()) s += ", ";
        s += std::string{'"'} + i.name + '"';
    }
    return s;
}

// "tcp.socket" is tcp.Socket here.
std::string class_name(const class_description& undescribed) {
    const auto& d = described(undescribed);
    std::string name = d.name ? d.name : "object";
    const auto dot = name.rfind('.') + 1;
    auto cls = camel_case(std::string_view{name}.substr(dot));
    if (!cls.empty()) cls[0] = upper_case(cls.substr(0, 1))[0];
    return camel_case(std::string_view{name}.substr(0, dot)) + cls;
}

/// Calls `f` with each character of `name` in camelCase.
template <class F> void each_in_camel_case(std::string_view name, F&& f) {
    while (name.ends_with('_')) name.remove_suffix(1);
    bool first = true, raise = false;
    for (char c : name) {
        if (c == '_') {
            raise = !first;
            continue;
        }
        f(raise && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
        first = raise = false;
    }
}

bool is_identifier(std::string_view s) {
    if (s.empty() || (s[0] >= '0' && s[0] <= '9')) return false;
    return s.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
               "0123456789_$") == s.npos;
}

std::string spelled(const path_step& step) {
    switch (step.what) {
    case path_step::kind::field:
        return "." + camel_case(step.name);
    case path_step::kind::key:
        return is_identifier(step.name) ? "." + step.name
                                        : "[\"" + step.name + "\"]";
    default:
        return "[" + std::to_string(step.number) + "]";
    }
}

} // namespace

std::string camel_case(std::string_view name) {
    std::string r;
    each_in_camel_case(name, [&](char c) { r += c; });
    return r;
}

std::string in_camel_case(std::string text) {
    for (std::size_t begin = 0;;) {
        begin = text.find('`', begin);
        const auto end = begin == text.npos ? begin : text.find('`', ++begin);
        if (end == text.npos) return text;
        const auto name = camel_case({text.data() + begin, end - begin});
        text.replace(begin, end - begin, name);
        begin += name.size() + 1;
    }
}

camel_cased::camel_cased(std::string_view name) {
    each_in_camel_case(name, [&](char c) {
        if (size_ + 1 == text_.size())
            throw std::length_error{"a name of a description is too long"};
        text_[size_++] = c;
    });
    text_[size_] = '\0';
}

namespace {

/// What `t` may be, each thing once.
void add_expectations(const type& t, std::vector<std::string>& to) {
    const auto add = [&](std::string s) {
        if (std::ranges::find(to, s) == to.end()) to.push_back(std::move(s));
    };
    if (t.kind == type_kind::one_of) {
        for (const auto* a : t.alternatives) add_expectations(*a, to);
    } else if (t.kind == type_kind::object) {
        const auto name = class_name(*t.cls);
        add((is_vowel(name[0]) ? "an " : "a ") + name);
        if (t.cls->text_will_do) add("a string");
    } else {
        add(expectation(t));
    }
}

} // namespace

std::string expectation(const type& t) {
    switch (t.kind) {
    case type_kind::integer64:
        return t.is_signed ? "a bigint of 64 bits"
                           : "a bigint of 64 bits that is not negative";
    case type_kind::secret:
        return "a string or a Uint8Array";
    case type_kind::mutable_bytes:
    case type_kind::const_bytes:
        return "a Uint8Array";
    case type_kind::enumeration:
        return "one of " + names_of(*t.enumeration);
    case type_kind::flags:
        return "an array of " + names_of(*t.enumeration);
    case type_kind::list:
        return "an array";
    case type_kind::map:
        return t.key->kind == type_kind::string
                   ? "an object"
                   : "an object whose keys are integers";
    case type_kind::record:
        return "an object of " + fields_of(*t.fields);
    case type_kind::optional:
        return expectation(*t.element) + " or undefined";
    case type_kind::object:
    case type_kind::one_of: {
        std::vector<std::string> all;
        add_expectations(t, all);
        std::string s;
        for (const auto& one : all) {
            if (!s.empty()) s += " or ";
            s += one;
        }
        return s;
    }
    default:
        return explain(t);
    }
}

std::string place_of(const argument_error& e, const member& m,
                     unsigned argument) {
    // Deeper parts tell nobody where to look.
    constexpr std::size_t depth = 16;
    const auto& p = m.parameters;
    if (e.argument >= 0) argument = static_cast<unsigned>(e.argument);
    if (p.empty()) return {};
    auto s = camel_case(p[std::min<std::size_t>(argument, p.size() - 1)].name);
    if (e.path.size() > depth) return s;
    for (auto step = e.path.rbegin(); step != e.path.rend(); ++step)
        s += spelled(*step);
    return s;
}

} // namespace emilua::node
