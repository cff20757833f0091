// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/format.hpp"

#include "faces/lua/errors.hpp"
#include "faces/lua/integer64.hpp"

#include <fmt/args.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <climits>
#include <cmath>
#include <string_view>
#include <vector>

namespace emilua::lua {
namespace {

/// Lua has one kind of number, libfmt has two: an integral number may be
/// presented as either, any other only as a floating-point number.
struct number {
    double value;

    bool is_integral() const noexcept {
        return value >= -0x1p63 && value < 0x1p63 &&
               value == std::trunc(value) &&
               !(value == 0 && std::signbit(value));
    }
};

} // namespace
} // namespace emilua::lua

template <> struct fmt::formatter<emilua::lua::number> {
    constexpr auto parse(format_parse_context& ctx) {
        const std::string_view rest{ctx.begin(), ctx.end()};
        const auto spec = rest.substr(0, rest.find('}'));
        const char type = spec.empty() ? '\0' : spec.back();
        constexpr std::string_view of_integers = "bBcdoxX",
                                   of_floats = "aAeEfFgG";
        may_be_integer_ = of_floats.find(type) == of_floats.npos &&
                          spec.find('.') == spec.npos;
        may_be_float_ = of_integers.find(type) == of_integers.npos;
        if (!may_be_integer_ && !may_be_float_)
            throw format_error{"precision not allowed for this argument type"};
        auto again = ctx;
        auto end = ctx.begin();
        if (may_be_integer_) end = integer_.parse(ctx);
        if (may_be_float_) end = float_.parse(again);
        return end;
    }

    template <class Context>
    auto format(const emilua::lua::number& n, Context& ctx) const {
        if (may_be_integer_ && n.is_integral())
            return integer_.format(static_cast<long long>(n.value), ctx);
        if (!may_be_float_)
            throw format_error{"the number has no integer representation"};
        return float_.format(n.value, ctx);
    }

private:
    formatter<long long> integer_;
    formatter<double> float_;
    bool may_be_integer_ = false, may_be_float_ = false;
};

namespace emilua::lua {
namespace {

constexpr auto expected =
    "a boolean, a number, a string, or a pair of a name and one of these";

std::string_view to_string(lua_State* L, int index) {
    std::size_t size = 0;
    const char* data = lua_tolstring(L, index, &size);
    return {data, size};
}

/// What follows the format string on the stack.
class arguments {
public:
    explicit arguments(lua_State* L) : L_{L}, last_{lua_gettop(L)} {
        names_.reserve(static_cast<std::size_t>(last_));
    }

    /// The index of the first that cannot be formatted, or 0.
    int read() {
        for (int i = first; i <= last_; ++i) {
            const bool good =
                lua_type(L_, i) == LUA_TTABLE
                    ? read_pair(i)
                    : read(i, [this](auto v) { store_.push_back(v); });
            if (!good) return i;
        }
        return 0;
    }

    const auto& store() const noexcept { return store_; }

    /// The width or precision that argument `id`, a number or a name, is.
    std::string size_of(std::string_view id) const {
        int index = 0;
        const auto* end = id.data() + id.size();
        const auto r = std::from_chars(id.data(), end, index);
        double n = -1;
        if (r.ec == std::errc{} && r.ptr == end) {
            if (index > last_ - first)
                throw fmt::format_error{"argument not found"};
            n = to_number(index + first);
        } else {
            for (int i = first; i <= last_ && n == -1; ++i)
                if (is_named(i, id)) n = to_number(i);
        }
        if (!(n >= 0 && n <= INT_MAX) || n != std::trunc(n))
            throw fmt::format_error{"width or precision is no size"};
        return std::to_string(static_cast<int>(n));
    }

private:
    static constexpr int first = 2;

    bool read_pair(int index) {
        lua_rawgeti(L_, index, 1);
        lua_rawgeti(L_, index, 2);
        bool good = lua_type(L_, -2) == LUA_TSTRING;
        if (good) {
            const auto& name = names_.emplace_back(to_string(L_, -2));
            good = read(lua_gettop(L_), [&](auto v) {
                store_.push_back(fmt::arg(name.c_str(), v));
            });
        }
        lua_pop(L_, 2);
        return good;
    }

    template <class F> bool read(int index, F f) {
        switch (lua_type(L_, index)) {
        case LUA_TBOOLEAN:
            f(lua_toboolean(L_, index) != 0);
            return true;
        case LUA_TNUMBER:
            f(number{lua_tonumber(L_, index)});
            return true;
        case LUA_TSTRING:
            // Not copied: Lua keeps it for as long as the call lasts.
            f(to_string(L_, index));
            return true;
        }
        std::uint64_t bits = 0;
        if (to_integer64(L_, index, true, bits))
            f(static_cast<std::int64_t>(bits));
        else if (to_integer64(L_, index, false, bits))
            f(bits);
        else
            return false;
        return true;
    }

    bool is_named(int index, std::string_view name) const {
        if (lua_type(L_, index) != LUA_TTABLE) return false;
        lua_rawgeti(L_, index, 1);
        const bool r = to_string(L_, -1) == name;
        lua_pop(L_, 1);
        return r;
    }

    double to_number(int index) const {
        const bool pair = lua_type(L_, index) == LUA_TTABLE;
        if (pair)
            lua_rawgeti(L_, index, 2);
        else
            lua_pushvalue(L_, index);
        const double n =
            lua_type(L_, -1) == LUA_TNUMBER ? lua_tonumber(L_, -1) : -1;
        lua_pop(L_, 1);
        return n;
    }

    lua_State* L_;
    int last_;
    std::vector<std::string> names_;
    fmt::dynamic_format_arg_store<fmt::format_context> store_;
};

/// The format without arguments inside of specifications ("{:.{}f}"), which
/// libfmt takes only from its own integers.
class without_nested_fields {
public:
    without_nested_fields(std::string_view format, const arguments& args)
        : rest_{format}, args_{args} {
        while (!rest_.empty()) {
            const char c = take();
            out_ += c;
            if (c != '{' && c != '}') continue;
            if (!rest_.empty() && rest_[0] == c)
                out_ += take();
            else if (c == '{')
                field();
        }
    }

    const std::string& text() const noexcept { return out_; }

private:
    void field() {
        out_ += identifier(":}");
        while (!rest_.empty() && rest_[0] != '}') {
            const char c = take();
            if (c != '{') {
                out_ += c;
                continue;
            }
            out_ += args_.size_of(identifier("}"));
            if (!rest_.empty()) take();
        }
    }

    /// The name or the number of the next argument, which has one from here
    /// on: what was taken out is not counted any more.
    std::string identifier(const char* end) {
        const auto n = std::min(rest_.find_first_of(end), rest_.size());
        std::string id{rest_.substr(0, n)};
        rest_.remove_prefix(n);
        const bool counted = id.empty();
        const bool numbered = !counted && id[0] >= '0' && id[0] <= '9';
        if ((counted && numbered_) || (numbered && next_ > 0)) {
            throw fmt::format_error{"cannot switch between manual and "
                                    "automatic argument indexing"};
        }
        numbered_ = numbered_ || numbered;
        return counted ? std::to_string(next_++) : id;
    }

    char take() {
        const char c = rest_[0];
        rest_.remove_prefix(1);
        return c;
    }

    std::string_view rest_;
    const arguments& args_;
    std::string out_;
    int next_ = 0;
    bool numbered_ = false;
};

bool has_nested_fields(std::string_view format) noexcept {
    bool inside = false;
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (format[i] == '}') inside = false;
        if (format[i] != '{') continue;
        if (inside) return true;
        // "{{" is a brace.
        if (i + 1 < format.size() && format[i + 1] == '{')
            ++i;
        else
            inside = true;
    }
    return false;
}

void write(fmt::memory_buffer& out, std::string_view format,
           const arguments& args) {
    fmt::vformat_to(std::back_inserter(out),
                    fmt::string_view{format.data(), format.size()},
                    args.store());
}

} // namespace

int format(lua_State* L) {
    if (lua_type(L, 1) != LUA_TSTRING)
        raise_argument(L, 1, "a string", "format");
    luaL_checkstack(L, 4, "no room to format");
    int wrong = 0;
    {
        arguments args{L};
        wrong = args.read();
        if (wrong == 0) {
            try {
                fmt::memory_buffer out;
                const auto text = to_string(L, 1);
                if (has_nested_fields(text))
                    write(out, without_nested_fields{text, args}.text(), args);
                else
                    write(out, text, args);
                lua_pushlstring(L, out.data(), out.size());
                return 1;
            } catch (const fmt::format_error& e) {
                lua_pushfstring(L, "a format that fits (%s)", e.what());
            }
        }
    }
    if (wrong != 0) raise_argument(L, wrong, expected);
    raise_argument(L, 1, lua_tostring(L, -1), "format");
}

} // namespace emilua::lua
