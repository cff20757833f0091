// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

namespace emilua::detail {

template <class T> struct handler_results : std::false_type {};
template <class... R> struct handler_results<handler<R...>> : std::true_type {
    using operation_type = typed_operation<R...>;
    static void describe(std::vector<const emilua::type*>& out) {
        (out.push_back(&type_of<R>()), ...);
    }
};

template <class R> void describe_result(std::vector<const emilua::type*>& out) {
    if constexpr (!std::is_void_v<R>) out.push_back(&type_of<R>());
}

template <class T> struct tuple_results : std::false_type {};
template <class... R> struct tuple_results<std::tuple<R...>> : std::true_type {
    static void describe(std::vector<const emilua::type*>& out) {
        (out.push_back(&type_of<R>()), ...);
    }
};

/// Parameters that the thunk supplies; no argument stands for them.
template <class A>
inline constexpr bool is_supplied =
    std::is_same_v<std::remove_cvref_t<A>, vm> ||
    std::is_same_v<std::remove_cvref_t<A>, call>;

template <class T> struct takes_rest : std::false_type {};
template <class T> struct takes_rest<rest<T>> : std::true_type {};

template <class A>
inline constexpr bool is_handler =
    handler_results<std::remove_cvref_t<A>>::value;

template <class A> decltype(auto) argument(call& c, unsigned& next) {
    using plain = std::remove_cvref_t<A>;
    if constexpr (std::is_same_v<plain, vm>) {
        return static_cast<vm&>(c.owner);
    } else if constexpr (std::is_same_v<plain, call>) {
        return static_cast<call&>(c);
    } else if constexpr (is_handler<A>) {
        using op_type = typename handler_results<plain>::operation_type;
        auto& op = c.owner.start_operation<op_type>();
        c.started = &op;
        return plain{op};
    } else {
        return type_traits<plain>::read(c, next++);
    }
}

template <class T> void bind_buffer(T&, operation&) {}
template <class B> void bind_buffer(basic_bytes<B>& b, operation& op) {
    b.bind(op);
}

/// Ends an operation whose initiating function threw.
class abandon_guard {
public:
    explicit abandon_guard(call& c) noexcept : c_{c} {}
    ~abandon_guard() {
        if (armed_ && c_.started) {
            c_.started->destroy();
            c_.started = nullptr;
        }
    }
    void disarm() noexcept { armed_ = false; }

private:
    call& c_;
    bool armed_ = true;
};

// Arguments are read from left to right: braces order them, and a bad
// argument must be reported before an operation starts, so the handler, which
// is last, is made last.
template <class R, class... A, class F> void apply_call(call& c, F&& f) {
    unsigned next = 0;
    abandon_guard guard{c};
    std::tuple<decltype(argument<A>(c, next))...> args{argument<A>(c, next)...};
    if (c.started) {
        std::apply([&](auto&... a) { (bind_buffer(a, *c.started), ...); },
                   args);
    }
    auto run = [&](auto&&... a) -> R {
        return f(static_cast<A>(static_cast<decltype(a)>(a))...);
    };
    if constexpr (std::is_void_v<R>) {
        std::apply(run, std::move(args));
    } else {
        R r = std::apply(run, std::move(args));
        using plain = std::remove_cvref_t<R>;
        if constexpr (tuple_results<plain>::value) {
            std::apply(
                [&](auto&... v) { (write_result(c.out(), std::move(v)), ...); },
                r);
        } else {
            write_result(c.out(), std::move(r));
        }
    }
    guard.disarm();
}

template <class R, class... A>
void describe_signature(member& m, std::initializer_list<parameter> names) {
    std::vector<const emilua::type*> types;
    [[maybe_unused]] auto one = [&]<class P>() {
        using plain = std::remove_cvref_t<P>;
        if constexpr (is_handler<P>)
            handler_results<plain>::describe(m.result_types);
        else if constexpr (!is_supplied<P>)
            types.push_back(&type_of<plain>());
    };
    (one.template operator()<A>(), ...);
    if constexpr (tuple_results<std::remove_cvref_t<R>>::value)
        tuple_results<std::remove_cvref_t<R>>::describe(m.result_types);
    else
        describe_result<std::remove_cvref_t<R>>(m.result_types);
    if (types.size() != names.size())
        throw std::logic_error{m.name + ": one name for each parameter"};
    for (auto* t : types) {
        m.parameters.push_back(names.begin()[m.parameters.size()]);
        m.parameters.back().what = t;
    }
    if constexpr ((takes_rest<std::remove_cvref_t<A>>::value || ...))
        m.parameters.back().variadic = true;
}

template <auto F> struct thunk;

template <class R, class... A, R (*F)(A...)> struct thunk<F> {
    static void invoke(call& c) {
        apply_call<R, A...>(
            c, [](A... a) -> R { return F(std::forward<A>(a)...); });
    }
    static void describe(member& m, std::initializer_list<parameter> p,
                         std::nullptr_t) {
        describe_signature<R, A...>(m, p);
        m.invoke = &invoke;
    }
    /// A free function whose first parameter is the receiver.
    template <class T> static void invoke_method(call& c) {
        free_method<T, R, A...>::call_it(c);
    }
    template <class T>
    static void describe_method(member& m, std::initializer_list<parameter> p) {
        free_method<T, R, A...>::describe(m, p);
        m.invoke = &invoke_method<T>;
    }

private:
    template <class T, class Ret, class... P> struct free_method;
    template <class T, class Ret, class Self, class... P>
    struct free_method<T, Ret, Self, P...> {
        static_assert(std::is_same_v<std::remove_cvref_t<Self>, T>);
        static void call_it(call& c) {
            T* const self = static_cast<T*>(c.self);
            apply_call<Ret, P...>(c, [self](P... a) -> Ret {
                return F(*self, std::forward<P>(a)...);
            });
        }
        static void describe(member& m, std::initializer_list<parameter> p) {
            describe_signature<Ret, P...>(m, p);
        }
    };
};

template <class C, class R, class... A> struct member_thunk {
    template <auto F, class T> static void call_it(call& c) {
        // A member of a base is called on the base: GCC mistakes the other
        // way for aliasing.
        C* const self = static_cast<T*>(c.self);
        apply_call<R, A...>(c, [self](A... a) -> R {
            return (self->*F)(std::forward<A>(a)...);
        });
    }
};

template <class C, class R, class... A, R (C::*F)(A...)> struct thunk<F> {
    template <class T> static void invoke_method(call& c) {
        member_thunk<C, R, A...>::template call_it<F, T>(c);
    }
    template <class T>
    static void describe_method(member& m, std::initializer_list<parameter> p) {
        describe_signature<R, A...>(m, p);
        m.invoke = &invoke_method<T>;
    }
};

template <class C, class R, class... A, R (C::*F)(A...) const> struct thunk<F> {
    template <class T> static void invoke_method(call& c) {
        member_thunk<C, R, A...>::template call_it<F, T>(c);
    }
    template <class T>
    static void describe_method(member& m, std::initializer_list<parameter> p) {
        describe_signature<R, A...>(m, p);
        m.invoke = &invoke_method<T>;
    }
};

} // namespace emilua::detail
