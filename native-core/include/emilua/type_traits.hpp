// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/call.hpp>
#include <emilua/description.hpp>
#include <emilua/secret.hpp>

#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <variant>

// clang-format off
/// What a C++ type is in each language. Types nest in each other, in arguments
/// and in results, without limit.
///
/// | C++                        | Lua                     | TypeScript          |
/// | -------------------------- | ----------------------- | ------------------- |
/// | bool                       | boolean                 | boolean             |
/// | int, std::size_t, …        | number (whole)          | number (whole)      |
/// | ranged<Min, Max>           | the same, checked       | the same, checked   |
/// | wide<std::(u)int64_t>      | (u)int64_t cdata        | bigint              |
/// | double                     | number                  | number              |
/// | std::string, string_view   | string                  | string              |
/// | c_string                   | string without NUL      | the same            |
/// | secret                     | string, byte_span       | string, Uint8Array  |
/// | mutable_bytes, const_bytes | byte_span               | Uint8Array          |
/// | value::bytes               | byte_span               | Uint8Array          |
/// | value                      | what can be sent        | what can be sent    |
/// | enum (enum_names<E>)       | string                  | union of strings    |
/// | flags_of<E>                | list of strings, or nil | array, or undefined |
/// | std::vector<T>             | list                    | array               |
/// | std::map<K, T>             | table by K              | Record<K, T>        |
/// | record (fields_of<T>)      | table                   | object              |
/// | std::optional<T>           | T or nil                | T or undefined      |
/// | std::variant<T…>           | any of them             | union               |
/// | callback<R(A…)>            | function                | function            |
/// | T&, ref<T>, consumed<T>    | object of class T       | instance of T       |
/// | T (result)                 | new object              | new instance        |
/// | std::tuple<T…> (result)    | several results         | record or tuple     |
///
/// A slice adds a type by specialising `type_traits`: `description`, `read` and
/// `write` are needed, the rest of `traits_base` is there to be replaced.

// clang-format on

namespace emilua {

template <class T> struct type_traits;

/// The type of the description that `T` is.
template <class T> inline constexpr const type& type_of() noexcept {
    return type_traits<T>::description;
}

template <class T> void write_result(results& out, T&& v) {
    type_traits<std::remove_cvref_t<T>>::write(out, std::forward<T>(v));
}

struct traits_base {
    /// What is read refers to memory of the language and so cannot leave the
    /// thread or outlive the call.
    static constexpr bool borrows = false;
    /// There can be buffers inside: `bind(T&, operation&)` names them theirs.
    static constexpr bool has_buffers = false;
};

namespace detail {

[[noreturn]] inline void refuse(std::string expected = {}) {
    argument_error e;
    e.expected = std::move(expected);
    throw e;
}

/// Reads a part and, where it is at fault, says which.
template <class T, class Step>
decltype(auto) read_part(reader& r, place p, Step&& step) {
    try {
        return type_traits<T>::read(r, p);
    } catch (argument_error& e) {
        if (!e.wanted) e.wanted = &type_of<T>();
        e.path.push_back(step());
        throw;
    }
}

inline path_step index_step(std::size_t i) {
    return {path_step::kind::index, {}, static_cast<std::int64_t>(i)};
}

/// Whether a container of T can be an argument: of objects only if they can be
/// copied.
template <class T>
concept readable = requires(reader& r) {
    requires std::is_constructible_v<T, decltype(type_traits<T>::read(
                                            r, place{}))>;
};

/// Whether it can be a result: not one of what is only borrowed.
template <class T>
concept writable = requires(results& out, T v) {
    type_traits<T>::write(out, std::move(v));
};

} // namespace detail

// --- numbers, text ----------------------------------------------------------

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

// --- buffers, messages ------------------------------------------------------

template <> struct type_traits<mutable_bytes> : traits_base {
    static constexpr type description{.kind = type_kind::mutable_bytes};
    static constexpr bool borrows = true, has_buffers = true;
    static mutable_bytes read(reader& r, place p) { return r.writable(p); }
    static void bind(mutable_bytes& b, operation& op) { b.bind(op); }
};

template <> struct type_traits<const_bytes> : traits_base {
    static constexpr type description{.kind = type_kind::const_bytes};
    static constexpr bool borrows = true, has_buffers = true;
    static const_bytes read(reader& r, place p) { return r.readable(p); }
    static void bind(const_bytes& b, operation& op) { b.bind(op); }
};

/// Bytes of one's own: a copy of the buffer, or a new one.
template <> struct type_traits<value::bytes> : traits_base {
    static constexpr type description{.kind = type_kind::const_bytes};
    static value::bytes read(reader& r, place p) {
        const auto b = r.readable(p).now();
        return {{static_cast<const char*>(b.data()), b.size()}};
    }
    static void write(results& out, const value::bytes& v) {
        out.bytes(v.data);
    }
};

template <> struct type_traits<value> : traits_base {
    static constexpr type description{.kind = type_kind::any};
    static value read(reader& r, place p) { return r.any(p); }
    static void write(results& out, value v) { out.any(std::move(v)); }
};

// --- enums ------------------------------------------------------------------

/// One line of `enum_names<E>::items`.
template <class E> struct enum_item {
    const char* name;
    E value;
    const char* doc = "";
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
        r[i] = {item.name, static_cast<int>(item.value), item.doc};
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

// --- objects ----------------------------------------------------------------

/// Specialise for a class that other modules use: `static constexpr auto
/// module = "name"`, so that whoever meets an object of it can have its module
/// described. The generator refuses a foreign class without it.
template <class T> struct described_in {
    static constexpr const char* module = nullptr;
};

template <class T>
inline class_description class_instance{
    .home = described_in<T>::module,
    .size = sizeof(T),
    .destroy = [](void* p) noexcept { static_cast<T*>(p)->~T(); },
    .relocate =
        [](void* to, void* from) {
            ::new (to) T(std::move(*static_cast<T*>(from)));
        }};

template <class T> class_description& class_of() noexcept {
    return class_instance<T>;
}

/// How a value class travels. Specialise it with `to_wire` and `from_wire`.
template <class T> struct wire_traits;

/// An object that was given, never null.
template <class T> class ref {
public:
    ref(T& object) noexcept : object_{&object} {}
    T& get() const noexcept { return *object_; }
    T& operator*() const noexcept { return *object_; }
    T* operator->() const noexcept { return object_; }
    operator T&() const noexcept { return *object_; }

private:
    T* object_;
};

/// An object that the call takes for good, if it succeeds: `take()` moves it
/// out, and what the language holds is then as after a move, closed. An object
/// with an operation pending is refused with EBUSY before.
template <class T> class consumed {
public:
    consumed(T& object) noexcept : object_{&object} {}
    T& operator*() const noexcept { return *object_; }
    T* operator->() const noexcept { return object_; }
    T take() const { return std::move(*object_); }

private:
    T* object_;
};

namespace detail {

template <class T> T& read_object(reader& r, place p) {
    void* const object = r.object(p, class_instance<T>);
    if (!object) refuse();
    return *static_cast<T*>(object);
}

} // namespace detail

/// By reference as an argument, by value as a result.
template <class T> struct class_traits : traits_base {
    static constexpr type description{.kind = type_kind::object,
                                      .cls = &class_instance<T>};
    static constexpr bool borrows = true;
    static T& read(reader& r, place p) { return detail::read_object<T>(r, p); }
    static void write(results& out, T v) {
        ::new (out.begin_object(class_instance<T>)) T(std::move(v));
        out.end_object();
    }
};

template <class T> struct type_traits<ref<T>> : traits_base {
    static constexpr type description{.kind = type_kind::object,
                                      .cls = &class_instance<T>};
    static constexpr bool borrows = true;
    static ref<T> read(reader& r, place p) {
        return ref<T>{detail::read_object<T>(r, p)};
    }
};

template <class T> struct type_traits<consumed<T>> : traits_base {
    static constexpr type description{
        .kind = type_kind::object, .consumed = true, .cls = &class_instance<T>};
    static constexpr bool borrows = true;
    static consumed<T> read(reader& r, place p) {
        T& object = detail::read_object<T>(r, p);
        if constexpr (requires { object.busy(); }) {
            if (object.busy()) {
                argument_error e;
                e.code.assign(EBUSY, boost::system::system_category());
                throw e;
            }
        }
        return consumed<T>{object};
    }
};

// --- containers -------------------------------------------------------------

template <class T> struct type_traits<std::optional<T>> : traits_base {
    static constexpr type description{.kind = type_kind::optional,
                                      .element = &type_of<T>()};
    static constexpr bool borrows = type_traits<T>::borrows,
                          has_buffers = type_traits<T>::has_buffers;
    static std::optional<T> read(reader& r,
                                 place p) requires(detail::readable<T>) {
        if (r.is_nil(p)) return std::nullopt;
        return type_traits<T>::read(r, p);
    }
    static void write(results& out,
                      std::optional<T> v) requires(detail::writable<T>) {
        if (v)
            write_result(out, std::move(*v));
        else
            out.nil();
    }
    static void bind(std::optional<T>& v, operation& op) requires(has_buffers) {
        if (v) type_traits<T>::bind(*v, op);
    }
};

template <class T> struct type_traits<std::vector<T>> : traits_base {
    static constexpr type description{.kind = type_kind::list,
                                      .element = &type_of<T>()};
    static constexpr bool borrows = type_traits<T>::borrows,
                          has_buffers = type_traits<T>::has_buffers;
    static std::vector<T> read(reader& r,
                               place p) requires(detail::readable<T>) {
        const auto n = r.size(p);
        std::vector<T> v;
        v.reserve(n);
        for (std::size_t i = 0; i < n; ++i) {
            const auto at = r.element(p, i);
            v.push_back(detail::read_part<T>(
                r, at, [i] { return detail::index_step(i); }));
            if constexpr (!borrows) r.forget(at);
        }
        return v;
    }
    static void write(results& out,
                      std::vector<T> v) requires(detail::writable<T>) {
        out.begin_list(v.size());
        for (auto&& e : v) write_result(out, static_cast<T>(std::move(e)));
        out.end();
    }
    static void bind(std::vector<T>& v, operation& op) requires(has_buffers) {
        for (auto& e : v) type_traits<T>::bind(e, op);
    }
};

namespace detail {

template <class K, class T> class map_reader final : public entry_visitor {
public:
    map_reader(reader& r, std::map<K, T>& to) noexcept
        : entry_visitor{std::is_integral_v<K>}, r_{r}, to_{to} {}

    void text_key(std::string_view key, place at) override {
        if constexpr (std::is_integral_v<K>) {
            other_key();
        } else {
            add(std::string{key}, at, [&] {
                return path_step{path_step::kind::key, std::string{key}, 0};
            });
        }
    }
    void integer_key(std::int64_t key, place at) override {
        if constexpr (std::is_integral_v<K>) {
            const auto& t = type_of<K>();
            if (static_cast<double>(key) < t.minimum ||
                static_cast<double>(key) > t.maximum)
                other_key();
            add(static_cast<K>(key), at, [&] {
                return path_step{path_step::kind::number, {}, key};
            });
        } else {
            other_key();
        }
    }
    void other_key() override { refuse(); }

private:
    template <class Step> void add(K key, place at, Step step) {
        to_.emplace(std::move(key), read_part<T>(r_, at, step));
        if constexpr (!type_traits<T>::borrows) r_.forget(at);
    }

    reader& r_;
    std::map<K, T>& to_;
};

} // namespace detail

template <class K, class T> struct type_traits<std::map<K, T>> : traits_base {
    static_assert(std::is_same_v<K, std::string> || std::is_integral_v<K>);
    static constexpr type description{
        .kind = type_kind::map, .element = &type_of<T>(), .key = &type_of<K>()};
    static constexpr bool borrows = type_traits<T>::borrows,
                          has_buffers = type_traits<T>::has_buffers;
    static std::map<K, T> read(reader& r,
                               place p) requires(detail::readable<T>) {
        const auto kind = r.kind(p);
        if (kind != type_kind::record && kind != type_kind::list)
            detail::refuse();
        std::map<K, T> m;
        detail::map_reader<K, T> visitor{r, m};
        r.entries(p, visitor);
        return m;
    }
    static void write(results& out,
                      std::map<K, T> m) requires(detail::writable<T>) {
        out.begin_record(m.size());
        for (auto& [key, v] : m) {
            if constexpr (std::is_integral_v<K>)
                out.key(static_cast<std::int64_t>(key));
            else
                out.key(std::string_view{key});
            write_result(out, std::move(v));
        }
        out.end();
    }
    static void bind(std::map<K, T>& m, operation& op) requires(has_buffers) {
        for (auto& [key, v] : m) type_traits<T>::bind(v, op);
    }
};

namespace detail {

/// Whether `p` looks like a `t`, so that it is the alternative that was meant.
bool fits(reader& r, place p, const type& t);

} // namespace detail

template <class... T> struct type_traits<std::variant<T...>> : traits_base {
    static constexpr std::array<const type*, sizeof...(T)> types{
        &type_of<T>()...};
    static constexpr type description{.kind = type_kind::one_of,
                                      .alternatives = types};
    static constexpr bool borrows = (type_traits<T>::borrows || ...),
                          has_buffers = (type_traits<T>::has_buffers || ...);
    static std::variant<T...> read(reader& r,
                                   place p) requires(detail::readable<T>&&...) {
        std::optional<std::variant<T...>> v;
        (void)((detail::fits(r, p, type_of<T>())
                    ? (v.emplace(std::in_place_type<T>,
                                 type_traits<T>::read(r, p)),
                       true)
                    : false) ||
               ...);
        if (!v) detail::refuse();
        return std::move(*v);
    }
    static void write(results& out,
                      std::variant<T...> v) requires(detail::writable<T>&&...) {
        std::visit([&](auto& x) { write_result(out, std::move(x)); }, v);
    }
    static void bind(std::variant<T...>& v,
                     operation& op) requires(has_buffers) {
        std::visit(
            [&]<class X>(X& x) {
                if constexpr (type_traits<X>::has_buffers)
                    type_traits<X>::bind(x, op);
            },
            v);
    }
};

template <> struct type_traits<std::monostate> : traits_base {
    static constexpr type description{.kind = type_kind::nothing};
    static std::monostate read(reader& r, place p) {
        if (!r.is_nil(p)) detail::refuse();
        return {};
    }
    static void write(results& out, std::monostate) { out.nil(); }
};

// --- records ----------------------------------------------------------------

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

// --- several, callbacks -----------------------------------------------------

/// As the last parameter, every argument that is left.
template <class T> struct rest { std::vector<T> values; };

template <class T> struct type_traits<rest<T>> : traits_base {
    static constexpr const type& description = type_of<T>();
    static constexpr bool borrows = type_traits<T>::borrows;
    static rest<T> read(call& c, unsigned from) {
        rest<T> r;
        const auto n = c.count();
        for (unsigned i = from; i < n; ++i) {
            c.reading = i;
            r.values.push_back(type_traits<T>::read(c, c.argument(i)));
        }
        return r;
    }
};

template <class Signature> class callback;

/// A function of the program that this side may call, on the VM's turn and
/// only as long as the operation it was given to lasts. It cannot suspend.
template <class R, class... A> class callback<R(A...)> {
public:
    explicit callback(std::shared_ptr<program_function> f) noexcept
        : function_{std::move(f)} {}

    R operator()(A... a) const {
        struct exchange {
            std::tuple<A...> arguments;
            std::conditional_t<std::is_void_v<R>, bool, std::optional<R>>
                result{};
        } data{{std::move(a)...}};
        function_->invoke(
            [](results& out, void* p) {
                std::apply(
                    [&](auto&... v) { (write_result(out, std::move(v)), ...); },
                    static_cast<exchange*>(p)->arguments);
            },
            [](reader& r, place at, void* p) {
                if constexpr (!std::is_void_v<R>)
                    static_cast<exchange*>(p)->result.emplace(
                        type_traits<R>::read(r, at));
            },
            &data);
        if constexpr (!std::is_void_v<R>) return std::move(*data.result);
    }

private:
    std::shared_ptr<program_function> function_;
};

template <class R, class... A>
struct type_traits<callback<R(A...)>> : traits_base {
    static constexpr std::array<const type*, sizeof...(A)> types{
        &type_of<A>()...};
    static constexpr const type* result_of() {
        if constexpr (std::is_void_v<R>)
            return nullptr;
        else
            return &type_of<R>();
    }
    static constexpr type description{.kind = type_kind::callback,
                                      .element = result_of(),
                                      .alternatives = types};
    static constexpr bool borrows = true;
    static callback<R(A...)> read(reader& r, place p) {
        return callback<R(A...)>{r.function(p)};
    }
};

/// What a type is called in an error message, in Lua's words.
std::string explain(const type& t);

} // namespace emilua
