// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "json.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cmath>

/// From tables and objects to JSON.

namespace json {

/// An argument as JSON, written while it is read.
struct text {
    std::string of;
};

class text_writer {
public:
    explicit text_writer(emilua::reader& r) noexcept : reader_{r} {}

    text write(emilua::place p) {
        write(p, 0);
        return {{buffer_.GetString(), buffer_.GetSize()}};
    }

private:
    using writer = rapidjson::Writer<rapidjson::StringBuffer, rapidjson::UTF8<>,
                                     rapidjson::UTF8<>, rapidjson::CrtAllocator,
                                     rapidjson::kWriteValidateEncodingFlag>;
    using kind = emilua::type_kind;

    /// Of the fields of one table.
    class fields final : public emilua::entry_visitor {
    public:
        fields(text_writer& to, int depth) noexcept
            : entry_visitor{false}, to_{to}, depth_{depth} {}

        void text_key(std::string_view key, emilua::place at) override {
            to_.key(key);
            to_.inside(at, depth_, [key] {
                return emilua::path_step{emilua::path_step::kind::key,
                                         std::string{key}};
            });
        }
        void integer_key(std::int64_t, emilua::place) override { other_key(); }
        void other_key() override {
            emilua::detail::refuse("a table whose keys are text, or a list");
        }

    private:
        text_writer& to_;
        int depth_;
    };

    /// Writes a part, whose failure it puts on the path.
    template <class Step>
    void inside(emilua::place p, int depth, const Step& step) {
        try {
            write(p, depth + 1);
        } catch (emilua::argument_error& e) {
            e.path.push_back(step());
            throw;
        }
        reader_.forget(p);
    }

    void key(std::string_view name) {
        if (!writer_.Key(name.data(),
                         static_cast<rapidjson::SizeType>(name.size())))
            emilua::detail::refuse("keys in UTF-8");
    }

    void number(double d) {
        constexpr double below = 9223372036854775808.0; // 2^63
        if (!std::isfinite(d)) emilua::detail::refuse("a finite number");
        if (d == std::trunc(d) && std::abs(d) < below)
            writer_.Int64(static_cast<std::int64_t>(d));
        else
            writer_.Double(d);
    }

    void integer(emilua::place p) {
        std::uint64_t bits;
        try {
            bits = reader_.integer64(p, true);
        } catch (const emilua::argument_error&) {
            writer_.Uint64(reader_.integer64(p, false));
            return;
        }
        writer_.Int64(static_cast<std::int64_t>(bits));
    }

    void write(emilua::place p, int depth) {
        const auto what = reader_.kind(p);
        if (depth == deepest && (what == kind::list || what == kind::record))
            emilua::detail::refuse(too_deep);
        switch (what) {
        case kind::nothing:
            writer_.Null();
            break;
        case kind::boolean:
            writer_.Bool(reader_.boolean(p));
            break;
        case kind::number:
            number(reader_.number(p));
            break;
        case kind::integer64:
            integer(p);
            break;
        case kind::string: {
            const auto s = reader_.string(p);
            if (!writer_.String(s.data(),
                                static_cast<rapidjson::SizeType>(s.size())))
                emilua::detail::refuse("text in UTF-8");
            break;
        }
        case kind::list: {
            const auto size = reader_.size(p);
            writer_.StartArray();
            for (std::size_t i = 0; i < size; ++i)
                inside(reader_.element(p, i), depth,
                       [i] { return emilua::detail::index_step(i); });
            writer_.EndArray();
            break;
        }
        case kind::record: {
            fields each{*this, depth};
            writer_.StartObject();
            reader_.entries(p, each);
            writer_.EndObject();
            break;
        }
        case kind::object:
            if (reader_.object(p, emilua::class_instance<null_type>)) {
                writer_.Null();
                break;
            }
            [[fallthrough]];
        default:
            emilua::detail::refuse("something that JSON has");
        }
    }

    emilua::reader& reader_;
    rapidjson::StringBuffer buffer_;
    writer writer_{buffer_};
};

} // namespace json

template <> struct emilua::type_traits<json::text> : emilua::traits_base {
    static constexpr type description{.kind = type_kind::any};
    static json::text read(reader& r, place p) {
        return json::text_writer{r}.write(p);
    }
};
