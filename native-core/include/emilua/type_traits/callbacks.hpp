// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/type_traits/base.hpp>

#include <array>
#include <optional>
#include <tuple>

namespace emilua {

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
/// only as long as the call or operation lasts that it was given to: before
/// the initiating function returns, or in `handler::continue_later`, never in
/// a bare completion of Asio or on another thread. Refused with EPERM
/// otherwise, and with ECANCELED once the VM ends. It cannot suspend.
///
/// What the program raises is thrown, and so is EINVAL for a result of another
/// type. Let it through, or end the operation with
/// `h.fail(std::current_exception())`: it reaches the program unchanged.
template <class R, class... A> class callback<R(A...)> {
public:
    explicit callback(std::shared_ptr<program_function> f) noexcept
        : function_{std::move(f)} {}

    R operator()(A... a) const {
        if constexpr (!std::is_void_v<R>)
            static_assert(!type_traits<R>::borrows,
                          "what a function returned is gone when it has "
                          "returned: let it return a value");
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

} // namespace emilua
