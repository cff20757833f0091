// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/type_traits/objects.hpp>

#include <tuple>

namespace emilua {

/// Specialise for a record: `static constexpr auto name`, and `items`, an array
/// of `field<&T::member>("name", "doc")`.
template <class T> struct fields_of;

template <class T>
concept described_record = requires {
    fields_of<T>::items;
};

/// Whether a field may be left out, which one of an optional type always may.
enum class presence { required, optional };

namespace detail {

template <class M> struct member_pointer;
template <class C, class F> struct member_pointer<F C::*> {
    using record = C;
    using field = F;
};

template <class F>
inline constexpr bool may_be_missing = type_of<F>().kind == type_kind::optional
                                       || type_of<F>().kind == type_kind::flags;

/// Reads the fields of `d` into `record`, and refuses what is none of them.
void read_record(reader& r, place p, const record_description& d, void* record);
void write_record(results& out, const record_description& d, void* record);

} // namespace detail

/// One line of `fields_of<T>::items`.
template <auto M>
constexpr field_description field(const char* name, const char* doc,
                                  presence p = presence::required) {
    using pointer = detail::member_pointer<decltype(M)>;
    using record = typename pointer::record;
    using field_type = typename pointer::field;
    using traits = type_traits<field_type>;
    field_description f{};
    f.name = name;
    f.doc = doc;
    f.what = &traits::description;
    f.required = p == presence::required && !detail::may_be_missing<field_type>;
    f.borrows = traits::borrows;
    f.can_read = detail::readable<field_type>;
    f.can_write = detail::writable<field_type>;
    f.has_buffers = traits::has_buffers;
    if constexpr (detail::readable<field_type>) {
        f.read = [](reader& r, place at, void* to) {
            static_cast<record*>(to)->*M = traits::read(r, at);
        };
    }
    if constexpr (detail::writable<field_type>) {
        f.write = [](results& out, void* from) {
            traits::write(out, std::move(static_cast<record*>(from)->*M));
        };
    }
    if constexpr (traits::has_buffers) {
        f.bind = [](void* r, operation& op) {
            traits::bind(static_cast<record*>(r)->*M, op);
        };
    }
    return f;
}

template <described_record T> struct type_traits<T> : traits_base {
    static constexpr record_description fields{fields_of<T>::name,
                                               fields_of<T>::items};
    static constexpr type description{.kind = type_kind::record,
                                      .fields = &fields};
    static constexpr bool has_buffers = [] {
        for (const auto& f : fields_of<T>::items)
            if (f.has_buffers) return true;
        return false;
    }();
    static constexpr bool borrows = [] {
        for (const auto& f : fields_of<T>::items)
            if (f.borrows) return true;
        return false;
    }();
    static constexpr bool can_read = [] {
        for (const auto& f : fields_of<T>::items)
            if (!f.can_read) return false;
        return true;
    }();
    static constexpr bool can_write = [] {
        for (const auto& f : fields_of<T>::items)
            if (!f.can_write) return false;
        return true;
    }();
    static T read(reader& r, place p) requires(can_read) {
        T v{};
        detail::read_record(r, p, fields, &v);
        return v;
    }
    static void write(results& out, T v) requires(can_write) {
        detail::write_record(out, fields, &v);
    }
    static void bind(T& v, operation& op) requires(has_buffers) {
        for (const auto& f : fields_of<T>::items)
            if (f.bind) f.bind(&v, op);
    }
};

namespace detail {
template <class T> inline constexpr bool is_tuple = false;
template <class... T> inline constexpr bool is_tuple<std::tuple<T...>> = true;
} // namespace detail

template <class T>
requires(std::is_class_v<T> && !described_record<T> && !detail::is_tuple<T>) //
    struct type_traits<T> : class_traits<T> {
};

/// Several results; never inside anything but an optional.
template <class... T> struct type_traits<std::tuple<T...>> : traits_base {
    static constexpr type description{};
    static void write(results& out, std::tuple<T...> v) {
        std::apply([&](auto&... e) { (write_result(out, std::move(e)), ...); },
                   v);
    }
};

} // namespace emilua
