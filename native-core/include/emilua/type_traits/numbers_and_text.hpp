// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/secret.hpp>
#include <emilua/type_traits/base.hpp>

#include <cmath>

namespace emilua {

template <> struct type_traits<bool> : traits_base {
    static constexpr type description{.kind = type_kind::boolean};
    static bool read(reader& r, place p) { return r.boolean(p); }
    static void write(results& out, bool v) { out.boolean(v); }
};

template <> struct type_traits<double> : traits_base {
    static constexpr type description{.kind = type_kind::number};
    static double read(reader& r, place p) { return r.number(p); }
    static void write(results& out, double v) { out.number(v); }
};

namespace detail {

inline constexpr double max_safe = 9007199254740991.0;

inline std::int64_t read_integer(reader& r, place p, const type& t) {
    const double d = r.number(p);
    if (!(d >= t.minimum && d <= t.maximum) || d != std::trunc(d)) refuse();
    return static_cast<std::int64_t>(d);
}

} // namespace detail

template <class T>
requires(std::is_integral_v<T> && !std::is_same_v<T, bool>) //
    struct type_traits<T> : traits_base {
    static constexpr type description{
        .kind = type_kind::integer,
        .minimum = sizeof(T) < 8
                       ? static_cast<double>(std::numeric_limits<T>::min())
                       : (std::is_signed_v<T> ? -detail::max_safe : 0.0),
        .maximum = sizeof(T) < 8
                       ? static_cast<double>(std::numeric_limits<T>::max())
                       : detail::max_safe};
    static T read(reader& r, place p) {
        return static_cast<T>(detail::read_integer(r, p, description));
    }
    static void write(results& out, T v) { out.number(static_cast<double>(v)); }
};

/// An integer that is checked to be in [Min, Max].
template <std::int64_t Min, std::int64_t Max> struct ranged {
    std::int64_t value = Min;
    operator std::int64_t() const noexcept { return value; }
    friend bool operator==(const ranged&, const ranged&) = default;
};
using port_number = ranged<0, 65535>;

template <std::int64_t Min, std::int64_t Max>
struct type_traits<ranged<Min, Max>> : traits_base {
    static constexpr type description{.kind = type_kind::integer,
                                      .minimum = static_cast<double>(Min),
                                      .maximum = static_cast<double>(Max)};
    static ranged<Min, Max> read(reader& r, place p) {
        return {detail::read_integer(r, p, description)};
    }
    static void write(results& out, ranged<Min, Max> v) {
        out.number(static_cast<double>(v.value));
    }
};

/// All 64 bits of a std::int64_t or std::uint64_t.
template <class T> struct wide {
    static_assert(sizeof(T) == 8 && std::is_integral_v<T>);
    T value = 0;
    operator T() const noexcept { return value; }
};

template <class T> struct type_traits<wide<T>> : traits_base {
    static constexpr type description{.kind = type_kind::integer64,
                                      .is_signed = std::is_signed_v<T>};
    static wide<T> read(reader& r, place p) {
        return {static_cast<T>(r.integer64(p, std::is_signed_v<T>))};
    }
    static void write(results& out, wide<T> v) {
        out.integer64(static_cast<std::uint64_t>(v.value), std::is_signed_v<T>);
    }
};

template <> struct type_traits<std::string_view> : traits_base {
    static constexpr type description{.kind = type_kind::string};
    static constexpr bool borrows = true;
    static std::string_view read(reader& r, place p) { return r.string(p); }
    static void write(results& out, std::string_view v) { out.string(v); }
};

template <> struct type_traits<std::string> : traits_base {
    static constexpr type description{.kind = type_kind::string};
    static std::string read(reader& r, place p) {
        return std::string{r.string(p)};
    }
    static void write(results& out, const std::string& v) { out.string(v); }
};

/// Text for a C function: none with a NUL inside gets through.
struct c_string {
    std::string text;
    const char* c_str() const noexcept { return text.c_str(); }
};

template <> struct type_traits<c_string> : traits_base {
    static constexpr type description{.kind = type_kind::string};
    static c_string read(reader& r, place p) {
        const auto s = r.string(p);
        if (s.find('\0') != s.npos) detail::refuse("a string without NUL");
        return {std::string{s}};
    }
    static void write(results& out, const c_string& v) { out.string(v.text); }
};

template <> struct type_traits<secret> : traits_base {
    static constexpr type description{.kind = type_kind::secret};
    static secret read(reader& r, place p) {
        switch (r.kind(p)) {
        case type_kind::string:
            return secret{r.string(p)};
        case type_kind::mutable_bytes: {
            const auto b = r.readable(p).now();
            return secret{{static_cast<const char*>(b.data()), b.size()}};
        }
        default:
            detail::refuse();
        }
    }
};

} // namespace emilua
