// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/call.hpp>

#include <utility>

namespace emilua {

template <class T> struct type_traits;

/// The type of the description that `T` is.
template <class T> inline constexpr const type& type_of() noexcept {
    return type_traits<T>::description;
}

template <class T> void write_result(results& out, T&& v) {
    type_traits<std::remove_cvref_t<T>>::write(out, std::forward<T>(v));
}

/// What a type is called in an error message, in Lua's words.
std::string explain(const type& t);

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

} // namespace emilua
