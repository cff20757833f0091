// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/type_traits/base.hpp>

#include <array>
#include <iterator>

namespace emilua {

/// One line of `enum_names<E>::items`.
template <class E> struct enum_item {
    const char* name;
    E value;
    const char* doc = "";
    /// `&type_of<T>()` of what it names. See `named_by`.
    const type* names = nullptr;
};

/// Specialise for an enum: `static constexpr auto name`, and `items`, an array
/// of `enum_item<E>`.
template <class E> struct enum_names;

namespace detail {

template <class E>
inline constexpr auto enum_items_of = [] {
    std::array<enum_description::item, std::size(enum_names<E>::items)> r{};
    for (std::size_t i = 0; i < r.size(); ++i) {
        const auto& item = enum_names<E>::items[i];
        r[i] = {item.name, static_cast<int>(item.value), item.doc, item.names};
    }
    return r;
}();

template <class E>
inline constexpr enum_description enum_of{enum_names<E>::name,
                                          enum_items_of<E>};

inline const enum_description::item* find_item(const enum_description& e,
                                               std::string_view name) {
    for (const auto& i : e.items)
        if (name == i.name) return &i;
    return nullptr;
}

inline const enum_description::item& read_item(reader& r, place p,
                                               const enum_description& e) {
    if (r.kind(p) == type_kind::string)
        if (const auto* item = find_item(e, r.string(p))) return *item;
    refuse();
}

} // namespace detail

template <class E>
requires std::is_enum_v<E>
struct type_traits<E> : traits_base {
    static constexpr type description{.kind = type_kind::enumeration,
                                      .enumeration = &detail::enum_of<E>};
    static E read(reader& r, place p) {
        return static_cast<E>(
            detail::read_item(r, p, detail::enum_of<E>).value);
    }
    static void write(results& out, E v) {
        for (const auto& i : detail::enum_of<E>.items)
            if (i.value == static_cast<int>(v)) return out.string(i.name);
        out.nil();
    }
};

template <class E> struct flags_of {
    unsigned bits = 0;
    bool has(E e) const noexcept {
        return (bits & static_cast<unsigned>(e)) != 0;
    }
};

template <class E> struct type_traits<flags_of<E>> : traits_base {
    static constexpr type description{.kind = type_kind::flags,
                                      .enumeration = &detail::enum_of<E>};
    static flags_of<E> read(reader& r, place p) {
        flags_of<E> flags;
        if (r.is_nil(p)) return flags;
        const auto n = r.size(p);
        for (std::size_t i = 0; i < n; ++i) {
            const auto at = r.element(p, i);
            flags.bits |= static_cast<unsigned>(detail::read_part<E>(
                r, at, [i] { return detail::index_step(i); }));
            r.forget(at);
        }
        return flags;
    }
    static void write(results& out, flags_of<E> v) {
        std::size_t n = 0;
        for (const auto& i : detail::enum_of<E>.items)
            n += v.has(static_cast<E>(i.value));
        out.begin_list(n);
        for (const auto& i : detail::enum_of<E>.items)
            if (v.has(static_cast<E>(i.value))) out.string(i.name);
        out.end();
    }
};

/// An argument or a result whose type depends on an item of `E`, which another
/// argument of the call is: the value of an option. `T` can be any of those
/// types, and the items of `E` say which is theirs. The call checks that.
template <class E, class T> struct named_by { T value; };

template <class E, class T>
struct type_traits<named_by<E, T>> : type_traits<T> {
    static constexpr type description = [] {
        auto t = type_of<T>();
        t.named_by = &detail::enum_of<E>;
        return t;
    }();
    static named_by<E, T> read(reader& r, place p) {
        return {type_traits<T>::read(r, p)};
    }
    static void write(results& out, named_by<E, T> v) {
        type_traits<T>::write(out, std::move(v.value));
    }
};

} // namespace emilua
