// SPDX-License-Identifier: MIT OR BSL-1.0
#include <emilua/describe.hpp>

namespace emilua {

const char* name_of(metamethod m) noexcept {
    switch (m) {
    case metamethod::tostring:
        return "tostring";
    case metamethod::eq:
        return "eq";
    case metamethod::lt:
        return "lt";
    case metamethod::le:
        return "le";
    case metamethod::add:
        return "add";
    case metamethod::sub:
        return "sub";
    case metamethod::len:
        return "len";
    }
    return "";
}

std::string explain(const type& t) {
    switch (t.kind) {
    case type_kind::nothing:
        return "nothing";
    case type_kind::boolean:
        return "a boolean";
    case type_kind::integer: {
        auto text = [](double v) {
            return std::to_string(static_cast<std::int64_t>(v));
        };
        return "an integer from " + text(t.minimum) + " to " + text(t.maximum);
    }
    case type_kind::number:
        return "a number";
    case type_kind::string:
        return "a string";
    case type_kind::mutable_bytes:
    case type_kind::const_bytes:
        return "a buffer";
    case type_kind::object:
        return "a " + t.cls->module + "." + t.cls->name;
    case type_kind::enumeration:
    case type_kind::flags: {
        std::string s = t.kind == type_kind::flags ? "a list of " : "one of ";
        const char* separator = "";
        for (const auto& i : t.enumeration->items) {
            s += separator + ('"' + i.name + '"');
            separator = ", ";
        }
        return s;
    }
    case type_kind::list:
        return "a list";
    case type_kind::record:
        return "a table of " + t.fields->name;
    case type_kind::optional:
        return explain(*t.element) + " or nothing";
    case type_kind::one_of: {
        std::string s;
        const char* separator = "";
        for (auto* a : t.alternatives) {
            s += separator + explain(*a);
            separator = " or ";
        }
        return s;
    }
    case type_kind::any:
        return "a value that can be copied";
    }
    return {};
}

} // namespace emilua
