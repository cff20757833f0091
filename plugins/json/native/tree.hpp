// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "json.hpp"

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

/// From JSON to tables and objects.

namespace json {

/// What becomes of null: a list of Lua can hold no nil.
enum class nulls { nothing, objects };

/// A parsed text, on its way to a language.
template <nulls N> class tree {
public:
    explicit tree(std::string_view text) {
        // Iterative: the depth of the text is not that of the stack.
        constexpr unsigned how = rapidjson::kParseValidateEncodingFlag |
                                 rapidjson::kParseFullPrecisionFlag |
                                 rapidjson::kParseIterativeFlag;
        document_.Parse<how>(text.data(), text.size());
        if (!document_.HasParseError()) return;
        emilua::throw_invalid_argument(
            "text", "JSON; at byte " +
                        std::to_string(document_.GetErrorOffset()) + ": " +
                        rapidjson::GetParseError_En(document_.GetParseError()));
    }

    void write(emilua::results& out) const { write(out, document_, 0); }

private:
    using node = rapidjson::Value;

    // Half of a surrogate pair, which only an escape can have brought here, is
    // no UTF-8 (ED A0 80 and above).
    static bool has_half_a_pair(std::string_view s) {
        for (auto at = s.find('\xed'); at < s.size() - 1;
             at = s.find('\xed', at + 1))
            if (static_cast<unsigned char>(s[at + 1]) >= 0xa0) return true;
        return false;
    }

    static std::string_view text_of(const node& n) {
        const std::string_view s{n.GetString(), n.GetStringLength()};
        if (!s.empty() && has_half_a_pair(s))
            emilua::throw_invalid_argument(
                "text", "JSON without halves of surrogate pairs");
        return s;
    }

    static void write(emilua::results& out, const node& n, int depth) {
        if (depth == deepest && (n.IsArray() || n.IsObject()))
            emilua::throw_invalid_argument("text", too_deep);
        switch (n.GetType()) {
        case rapidjson::kNullType:
            if constexpr (N == nulls::objects)
                emilua::type_traits<null_type>::write(out, {});
            else
                out.nil();
            break;
        case rapidjson::kFalseType:
        case rapidjson::kTrueType:
            out.boolean(n.GetBool());
            break;
        case rapidjson::kNumberType:
            out.number(n.GetDouble());
            break;
        case rapidjson::kStringType:
            out.string(text_of(n));
            break;
        case rapidjson::kArrayType:
            out.begin_list(n.Size());
            for (const auto& element : n.GetArray())
                write(out, element, depth + 1);
            out.end();
            break;
        case rapidjson::kObjectType:
            out.begin_record(n.MemberCount());
            for (const auto& member : n.GetObject()) {
                out.key(text_of(member.name));
                write(out, member.value, depth + 1);
            }
            out.end();
            break;
        }
    }

    rapidjson::Document document_;
};

} // namespace json

template <json::nulls N>
struct emilua::type_traits<json::tree<N>> : emilua::traits_base {
    static constexpr type description{.kind = type_kind::any};
    static void write(results& out, const json::tree<N>& t) { t.write(out); }
};
