// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/type_traits/numbers_and_text.hpp>

#include <array>
#include <map>
#include <optional>
#include <variant>

namespace emilua {

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
/// `as_text`: so does text that will do for an object.
bool fits(reader& r, place p, const type& t, bool as_text);

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
        const auto attempt = [&](bool as_text) {
            return ((detail::fits(r, p, type_of<T>(), as_text)
                         ? (v.emplace(std::in_place_type<T>,
                                      type_traits<T>::read(r, p)),
                            true)
                         : false) ||
                    ...);
        };
        if (!attempt(false) && !attempt(true)) detail::refuse();
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

} // namespace emilua
