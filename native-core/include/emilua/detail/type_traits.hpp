// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

#include <cmath>

namespace emilua {

template <> struct type_traits<bool> {
    static const type& describe() {
        static const type t{.kind = type_kind::boolean};
        return t;
    }
    static bool read(call& c, unsigned i) { return c.boolean(i); }
    static void write(results& out, bool v) { out.boolean(v); }
};

template <> struct type_traits<double> {
    static const type& describe() {
        static const type t{.kind = type_kind::number};
        return t;
    }
    static double read(call& c, unsigned i) { return c.number(i); }
    static void write(results& out, double v) { out.number(v); }
};

namespace detail {

inline std::int64_t read_integer(call& c, unsigned i, double min, double max) {
    const double d = c.number(i);
    if (!(d >= min && d <= max) || d != std::trunc(d)) {
        auto text = [](double v) {
            return std::to_string(static_cast<std::int64_t>(v));
        };
        throw argument_error{i, "an integer from " + text(min) + " to " +
                                    text(max)};
    }
    return static_cast<std::int64_t>(d);
}

inline constexpr double max_safe = 9007199254740991.0;

template <class T> struct integer_traits {
    static constexpr double minimum =
        sizeof(T) < 8 ? static_cast<double>(std::numeric_limits<T>::min())
                      : (std::is_signed_v<T> ? -max_safe : 0.0);
    static constexpr double maximum =
        sizeof(T) < 8 ? static_cast<double>(std::numeric_limits<T>::max())
                      : max_safe;

    static const type& describe() {
        static const type t{
            .kind = type_kind::integer, .minimum = minimum, .maximum = maximum};
        return t;
    }
    static T read(call& c, unsigned i) {
        return static_cast<T>(read_integer(c, i, minimum, maximum));
    }
    static void write(results& out, T v) { out.number(static_cast<double>(v)); }
};

} // namespace detail

template <class T>
requires(std::is_integral_v<T> &&
         !std::is_same_v<T, bool>) struct type_traits<T>
    : detail::integer_traits<T> {
};

template <std::int64_t Min, std::int64_t Max>
struct type_traits<ranged<Min, Max>> {
    static const type& describe() {
        static const type t{.kind = type_kind::integer,
                            .minimum = static_cast<double>(Min),
                            .maximum = static_cast<double>(Max)};
        return t;
    }
    static ranged<Min, Max> read(call& c, unsigned i) {
        return {detail::read_integer(c, i, static_cast<double>(Min),
                                     static_cast<double>(Max))};
    }
    static void write(results& out, ranged<Min, Max> v) {
        out.number(static_cast<double>(v.value));
    }
};

template <> struct type_traits<std::string_view> {
    static const type& describe() {
        static const type t{.kind = type_kind::string};
        return t;
    }
    static std::string_view read(call& c, unsigned i) { return c.string(i); }
    static void write(results& out, std::string_view v) { out.string(v); }
};

template <> struct type_traits<std::string> {
    static const type& describe() { return type_of<std::string_view>(); }
    static std::string read(call& c, unsigned i) {
        return std::string{c.string(i)};
    }
    static void write(results& out, const std::string& v) { out.string(v); }
};

template <> struct type_traits<mutable_bytes> {
    static const type& describe() {
        static const type t{.kind = type_kind::mutable_bytes};
        return t;
    }
    static mutable_bytes read(call& c, unsigned i) { return c.writable(i); }
};

template <> struct type_traits<const_bytes> {
    static const type& describe() {
        static const type t{.kind = type_kind::const_bytes};
        return t;
    }
    static const_bytes read(call& c, unsigned i) { return c.readable(i); }
};

template <> struct type_traits<value> {
    static const type& describe() {
        static const type t{.kind = type_kind::any};
        return t;
    }
    static value read(call& c, unsigned i) { return c.any(i); }
    static void write(results& out, const value& v) { out.any(v); }
};

/// Of `enum_names<E>`: `name`, and `items`, an array of {name, E, doc}.
template <class E> const enum_description& describe_enum() {
    static const enum_description d = [] {
        enum_description r;
        r.name = enum_names<E>::name;
        for (const auto& i : enum_names<E>::items)
            r.items.push_back({i.name, static_cast<int>(i.value), i.doc});
        return r;
    }();
    return d;
}

/// One line of `enum_names<E>::items`.
template <class E> struct enum_item {
    const char* name;
    E value;
    const char* doc = "";
};

namespace detail {

template <class E> std::string names_of() {
    std::string s = "one of";
    const char* separator = " ";
    for (const auto& i : enum_names<E>::items) {
        s += separator;
        s += std::string{"\""} + i.name + '"';
        separator = ", ";
    }
    return s;
}

template <class E> const enum_item<E>* find_name(std::string_view s) {
    for (const auto& i : enum_names<E>::items)
        if (s == i.name) return &i;
    return nullptr;
}

} // namespace detail

template <class E>
requires std::is_enum_v<E>
struct type_traits<E> {
    static const type& describe() {
        static const type t{.kind = type_kind::enumeration,
                            .enumeration = &describe_enum<E>()};
        return t;
    }
    static E read(call& c, unsigned i) {
        if (c.kind(i) == type_kind::string)
            if (auto* item = detail::find_name<E>(c.string(i)))
                return item->value;
        throw argument_error{i, detail::names_of<E>()};
    }
    static void write(results& out, E v) {
        for (const auto& i : enum_names<E>::items)
            if (i.value == v) return out.string(i.name);
        out.nil();
    }
};

template <class E> struct type_traits<flags_of<E>> {
    static const type& describe() {
        static const type t{.kind = type_kind::flags,
                            .enumeration = &describe_enum<E>()};
        return t;
    }
    static flags_of<E> read(call& c, unsigned i) {
        flags_of<E> r;
        if (c.is_nil(i)) return r;
        const value v = c.any(i);
        if (auto* l = v.as<value::list>()) {
            for (const auto& e : *l) {
                auto* s = e.template as<std::string>();
                auto* item = s ? detail::find_name<E>(*s) : nullptr;
                if (!item) {
                    throw argument_error{i,
                                         "a list of " + detail::names_of<E>()};
                }
                r.bits |= static_cast<unsigned>(item->value);
            }
            return r;
        }
        if (auto* rec = v.as<value::record>(); rec && rec->empty()) return r;
        throw argument_error{i, "a list of " + detail::names_of<E>()};
    }
};

template <class T> struct type_traits<std::optional<T>> {
    static const type& describe() {
        static const type t{.kind = type_kind::optional,
                            .element = &type_of<T>()};
        return t;
    }
    static std::optional<T> read(call& c, unsigned i) {
        if (c.is_nil(i)) return std::nullopt;
        return type_traits<T>::read(c, i);
    }
    static void write(results& out, std::optional<T> v) {
        if (v)
            write_result(out, std::move(*v));
        else
            out.nil();
    }
};

template <class T> struct type_traits<rest<T>> {
    static const type& describe() { return type_of<T>(); }
    /// A bad argument is reported under the parameter's own number: there is
    /// no name for the others.
    static rest<T> read(call& c, unsigned i) {
        rest<T> r;
        try {
            for (unsigned next = i; !c.is_nil(next); ++next)
                r.values.push_back(type_traits<T>::read(c, next));
        } catch (const argument_error& e) {
            throw argument_error{i, "each " + e.expected};
        }
        return r;
    }
};

namespace detail {

template <class T> bool fits(call& c, unsigned i) {
    const type& t = type_of<T>();
    const type_kind k = c.kind(i);
    switch (t.kind) {
    case type_kind::integer:
    case type_kind::number:
        return k == type_kind::number;
    case type_kind::string:
        return k == type_kind::string;
    case type_kind::enumeration:
        if constexpr (std::is_enum_v<T>)
            return k == type_kind::string && find_name<T>(c.string(i));
        return false;
    case type_kind::mutable_bytes:
    case type_kind::const_bytes:
        return k == type_kind::mutable_bytes;
    case type_kind::object:
        return c.object(i, *t.cls) != nullptr;
    case type_kind::record:
        return k == type_kind::record || k == type_kind::list;
    case type_kind::any:
        return true;
    default:
        return k == t.kind;
    }
}

} // namespace detail

/// What a type is called in an error message.
std::string explain(const type& t);

template <class... T> struct type_traits<std::variant<T...>> {
    static const type& describe() {
        static const type t{.kind = type_kind::one_of,
                            .alternatives = {&type_of<T>()...}};
        return t;
    }
    static std::variant<T...> read(call& c, unsigned i) {
        std::optional<std::variant<T...>> r;
        (void)((detail::fits<T>(c, i)
                    ? (r.emplace(type_traits<T>::read(c, i)), true)
                    : false) ||
               ...);
        if (!r) throw argument_error{i, explain(describe())};
        return std::move(*r);
    }
    static void write(results& out, std::variant<T...> v) {
        std::visit([&](auto& x) { write_result(out, std::move(x)); }, v);
    }
};

/// How a described class is passed: by reference as an argument, by value as
/// a result. A value class specialises `wire_traits`.
template <class T> struct wire_traits;

template <class T>
requires std::is_class_v<T>
struct class_traits {
    static const type& describe() {
        static const type t{.kind = type_kind::object, .cls = &class_of<T>()};
        return t;
    }
    static T& read(call& c, unsigned i) {
        void* p = c.object(i, class_of<T>());
        if (!p) throw argument_error{i, explain(describe())};
        return *static_cast<T*>(p);
    }
    static void write(results& out, T v) {
        ::new (out.begin_object(class_of<T>())) T(std::move(v));
        out.end_object();
    }
    static value to_wire(const T& v) { return wire_traits<T>::to_wire(v); }
    static T from_wire(const value& v) { return wire_traits<T>::from_wire(v); }
};

/// A record both ways, through `record_traits<T>`.
template <class T>
concept described_record = requires(const value& v) {
    record_traits<T>::describe();
};

template <described_record T> struct type_traits<T> {
    static const type& describe() {
        static const type t{.kind = type_kind::record,
                            .fields = &record_traits<T>::describe()};
        return t;
    }
    static T read(call& c, unsigned i) {
        try {
            return record_traits<T>::read(c.any(i));
        } catch (const argument_error& e) {
            throw argument_error{i, e.expected};
        }
    }
    static void write(results& out, T v) {
        out.any(record_traits<T>::write(std::move(v)));
    }
};

template <class T>
requires(std::is_class_v<T> && !described_record<T>) struct type_traits<T>
    : class_traits<T> {
};

namespace detail {

template <class T> value to_value(T v) {
    if constexpr (described_record<T>) {
        return record_traits<T>::write(std::move(v));
    } else if constexpr (std::is_convertible_v<T, value>) {
        return value{std::move(v)};
    } else {
        return value{boxed{&class_of<T>(), std::make_shared<T>(std::move(v))}};
    }
}

} // namespace detail

template <class T> struct type_traits<std::vector<T>> {
    static const type& describe() {
        static const type t{.kind = type_kind::list, .element = &type_of<T>()};
        return t;
    }
    static std::vector<T> read(call& c,
                               unsigned i) requires described_record<T> {
        const value v = c.any(i);
        std::vector<T> r;
        if (auto* l = v.as<value::list>())
            for (const auto& e : *l) r.push_back(record_traits<T>::read(e));
        else
            throw argument_error{i, "a list"};
        return r;
    }
    static void write(results& out, std::vector<T> v) {
        value::list l;
        l.reserve(v.size());
        for (auto& e : v) l.push_back(detail::to_value(std::move(e)));
        out.any(value{std::move(l)});
    }
};

} // namespace emilua
