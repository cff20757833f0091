// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/blocking.hpp>
#include <emilua/type_traits.hpp>

#include <concepts>

/// Turns a C++ function into a thunk, which converts and calls, and into the
/// types of its parameters and results.

namespace emilua::detail {

using type_list = std::vector<const type*>;

// --- what results there are -------------------------------------------------

template <class T> struct several : std::false_type {};
template <class... T> struct several<std::tuple<T...>> : std::true_type {
    static void describe(type_list& out) {
        (out.push_back(&type_of<T>()), ...);
    }
};
/// The next of several, or nothing at the end.
template <class... T>
struct several<std::optional<std::tuple<T...>>> : std::true_type {
    static void describe(type_list& out) {
        (out.push_back(&type_of<std::optional<T>>()), ...);
    }
};

template <class R> void describe_result(type_list& out) {
    using plain = std::remove_cvref_t<R>;
    if constexpr (several<plain>::value)
        several<plain>::describe(out);
    else if constexpr (!std::is_void_v<plain>)
        out.push_back(&type_of<plain>());
}

// --- handlers ---------------------------------------------------------------

template <class T> struct handler_results : std::false_type {};
template <class... R> struct handler_results<handler<R...>> : std::true_type {
    using operation_type = typed_operation<R...>;
    static void describe(type_list& out) { (describe_result<R>(out), ...); }
};

template <class A>
inline constexpr bool is_handler =
    handler_results<std::remove_cvref_t<A>>::value;

// --- arguments --------------------------------------------------------------

/// Parameters that the thunk supplies; no argument stands for them.
template <class A>
inline constexpr bool is_supplied =
    std::is_same_v<std::remove_cvref_t<A>, vm> ||
    std::is_same_v<std::remove_cvref_t<A>, call>;

template <class T> struct takes_rest : std::false_type {};
template <class T> struct takes_rest<rest<T>> : std::true_type {};

template <class A> inline constexpr bool has_unbound_buffers = false;
template <class T>
inline constexpr bool has_unbound_buffers<rest<T>> =
    type_traits<T>::has_buffers;

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
    } else if constexpr (takes_rest<plain>::value) {
        return type_traits<plain>::read(c, next++);
    } else {
        c.reading = next;
        return type_traits<plain>::read(c, c.argument(next++));
    }
}

/// What a parameter of type `A` is kept as until the call.
template <class A>
using argument_type =
    decltype(argument<A>(std::declval<call&>(), std::declval<unsigned&>()));

template <class A>
void bind_argument(std::remove_cvref_t<A>& a, operation& op) {
    using plain = std::remove_cvref_t<A>;
    if constexpr (!is_supplied<A> && !is_handler<A> &&
                  !takes_rest<plain>::value) {
        if constexpr (type_traits<plain>::has_buffers)
            type_traits<plain>::bind(a, op);
    }
}

/// Ends an operation whose initiating function threw. The handler is gone, or
/// else in the cancellation slot.
inline void abandon(operation& op) noexcept {
    op.cancellation_slot().clear();
    if (!op.lost) {
        op.destroy();
    } else {
        op.run = [](vm&, queue_node& node) {
            static_cast<operation&>(node).destroy();
        };
    }
}

/// The same when it is left by an exception.
class abandon_guard {
public:
    explicit abandon_guard(call& c) noexcept : c_{c} {}
    ~abandon_guard() {
        if (armed_ && c_.started) abandon(*std::exchange(c_.started, nullptr));
    }
    void disarm() noexcept { armed_ = false; }

private:
    call& c_;
    bool armed_ = true;
};

/// An argument as a parameter of type `A` takes it: an object of the program
/// is copied, not moved from.
template <class A, class T> decltype(auto) hand_over(T&& a) {
    if constexpr (!std::is_reference_v<A> &&
                  std::is_lvalue_reference_v<argument_type<A>>)
        return A(a);
    else
        return static_cast<A&&>(static_cast<T&&>(a));
}

// Arguments are read from left to right: braces order them, and a bad
// argument must be reported before an operation starts, so the handler, which
// is last, is made last.
template <class R, class... A, class F> void apply_call(call& c, F&& f) {
    static_assert(
        !((is_handler<A> || ...) &&
          (std::is_same_v<std::remove_cvref_t<A>, std::string_view> || ...)),
        "an operation outlives the text of its arguments");
    static_assert(!((is_handler<A> || ...) &&
                    (has_unbound_buffers<std::remove_cvref_t<A>> || ...)),
                  "an operation does not know the buffers of the arguments "
                  "that are left");
    [[maybe_unused]] unsigned next = 0;
    abandon_guard guard{c};
    std::tuple<argument_type<A>...> args{argument<A>(c, next)...};
    if constexpr ((is_handler<A> || ...)) {
        std::apply([&](auto&... a) { (bind_argument<A>(a, *c.started), ...); },
                   args);
    }
    auto run = [&](auto&&... a) -> R {
        return f(hand_over<A>(static_cast<decltype(a)>(a))...);
    };
    if constexpr (std::is_void_v<R>)
        std::apply(run, std::move(args));
    else
        write_result(c.out(), std::apply(run, std::move(args)));
    guard.disarm();
}

/// The same for `f`, which suspends, where `now` may give its results without
/// an operation: `now(owner, arguments...)` gives a `prompt`.
template <class... A, class F, class Now, std::size_t... I>
void apply_prompt(call& c, F&& f, Now&& now, std::index_sequence<I...>) {
    using all = std::tuple<A...>;
    using handler_type =
        std::remove_cvref_t<std::tuple_element_t<sizeof...(I), all>>;
    static_assert(is_handler<handler_type> && sizeof...(A) == sizeof...(I) + 1);
    [[maybe_unused]] unsigned next = 0;
    abandon_guard guard{c};
    std::tuple<argument_type<std::tuple_element_t<I, all>>...> args{
        argument<std::tuple_element_t<I, all>>(c, next)...};
    using outcome = decltype(now(c.owner, std::get<I>(args)...));
    outcome done;
    if (c.in_vain)
        done.in_vain = true;
    else
        done = now(c.owner, std::get<I>(args)...);
    if (done.error) throw std::move(*done.error);
    if (done.values) {
        std::apply(
            [&](auto&... v) { (write_result(c.out(), std::move(v)), ...); },
            *done.values);
        return;
    }
    if (c.only_now) {
        c.in_vain = done.in_vain;
        return;
    }
    auto h = argument<handler_type>(c, next);
    c.started->in_vain = done.in_vain;
    (bind_argument<std::tuple_element_t<I, all>>(std::get<I>(args), *c.started),
     ...);
    f(hand_over<std::tuple_element_t<I, all>>(std::get<I>(std::move(args)))...,
      std::move(h));
    guard.disarm();
}

// --- blocking ---------------------------------------------------------------

/// The handler of a blocking function that returns R.
template <class R> struct blocking_handler { using type = handler<R>; };
template <> struct blocking_handler<void> { using type = handler<>; };
template <class... R> struct blocking_handler<std::tuple<R...>> {
    using type = handler<R...>;
};

template <class T>
inline constexpr bool is_object =
    std::is_class_v<T>&& std::is_base_of_v<class_traits<T>, type_traits<T>>;

// Objects are kept from others for as long as the thread has them.
template <class A>
inline constexpr bool owns = is_object<std::remove_cvref_t<A>> ||
                             !type_traits<std::remove_cvref_t<A>>::borrows;

/// What another thread keeps of a parameter of type `A`.
template <class A>
using kept_argument =
    std::conditional_t<is_value_class<std::remove_cvref_t<A>>,
                       std::remove_cvref_t<A>, argument_type<A>>;

/// Nobody may abandon a thread that still has an object.
template <class... A>
constexpr blocking_policy policy_for(blocking_policy p) noexcept {
    constexpr bool borrows = ((is_object<std::remove_cvref_t<A>> &&
                               !is_value_class<std::remove_cvref_t<A>>) ||
                              ...);
    return borrows ? blocking_policy::finish : p;
}

/// Calls `f` on a thread of the pool with arguments that it owns.
template <class R, class... A, class F>
void start_blocking(call& c, blocking_policy policy, F f) {
    static_assert((owns<A> && ...),
                  "what another thread reads has to be its own");
    using handler_type =
        typename blocking_handler<std::remove_cvref_t<R>>::type;
    [[maybe_unused]] unsigned next = 0;
    abandon_guard guard{c};
    std::tuple<kept_argument<A>...> args{argument<A>(c, next)...};
    auto h = argument<handler_type>(c, next);
    run_blocking(
        policy_for<A...>(policy), std::move(h),
        [args = std::move(args), f = std::move(f)]() mutable -> R {
            return std::apply(
                [&](auto&&... a) -> R {
                    return f(static_cast<A>(static_cast<decltype(a)>(a))...);
                },
                std::move(args));
        });
    guard.disarm();
}

/// An iterator that says when its next element is there, so that no thread is
/// needed for it.
template <class T, class R, class... A>
concept knows_when_ready = sizeof...(A) == 0 && requires(T& o) {
    { o.next_is_ready() } -> std::same_as<bool>;
    requires std::is_constructible_v<R, std::nullopt_t>;
};

/// What an iterator gives, one of these or nothing, is an object.
template <class R> inline constexpr bool gives_object = false;
template <class T>
inline constexpr bool gives_object<std::optional<T>> =
    is_object<T> && !is_value_class<T>;

/// Gives the next element if it is there: on a later turn when others have to
/// have theirs. False when it has to be fetched.
template <class R, class T, class F> bool start_at_once(call& c, T& o, F f) {
    if (!o.next_is_ready()) return false;
    R r = f();
    unsigned next = 0;
    abandon_guard guard{c};
    auto h = argument<handler<R>>(c, next);
    if (h.may_complete_inline())
        h({}, std::move(r));
    else
        h.complete_later({}, std::move(r));
    guard.disarm();
    return true;
}

// --- thunks -----------------------------------------------------------------

inline void set_parameters(member& m, const type_list& types, bool variadic,
                           std::initializer_list<parameter> names) {
    if (types.size() != names.size())
        throw std::logic_error{std::string{m.name} +
                               ": one name for each parameter"};
    m.parameters.assign(names.begin(), names.end());
    for (std::size_t i = 0; i < types.size(); ++i)
        m.parameters[i].what = types[i];
    if (variadic) m.parameters.back().variadic = true;
}

template <class R, class... A>
void collect_types(type_list& parameters, type_list& results) {
    [[maybe_unused]] auto one = [&]<class P>() {
        using plain = std::remove_cvref_t<P>;
        if constexpr (is_handler<P>)
            handler_results<plain>::describe(results);
        else if constexpr (!is_supplied<P>)
            parameters.push_back(&type_of<plain>());
    };
    (one.template operator()<A>(), ...);
    describe_result<R>(results);
}

template <class R, class... A>
void describe_signature(member& m, std::initializer_list<parameter> names) {
    type_list types;
    collect_types<R, A...>(types, m.result_types);
    set_parameters(m, types, (takes_rest<std::remove_cvref_t<A>>::value || ...),
                   names);
}

template <auto F> struct thunk;

template <class R, class... A, R (*F)(A...)> struct thunk<F> {
    static void types(type_list& in, type_list& out) {
        collect_types<R, A...>(in, out);
    }
    static void describe(member& m, std::initializer_list<parameter> p) {
        describe_signature<R, A...>(m, p);
        m.invoke = &invoke;
    }
    static void invoke(call& c) {
        apply_call<R, A...>(
            c, [](A&&... a) -> R { return F(std::forward<A>(a)...); });
    }
    template <blocking_policy P> static void start(call& c) {
        start_blocking<R, A...>(
            c, P, [](A&&... a) -> R { return F(std::forward<A>(a)...); });
    }

private:
    template <class T, class Ret, class... P> struct as_method;
    template <class T, class Ret, class Self, class... P>
    struct as_method<T, Ret, Self, P...> {
        static_assert(std::is_same_v<std::remove_cvref_t<Self>, T>,
                      "a method takes its object first");
        struct type {
            static void types(type_list& in, type_list& out) {
                collect_types<Ret, P...>(in, out);
            }
            static void describe(member& m,
                                 std::initializer_list<parameter> p) {
                describe_signature<Ret, P...>(m, p);
                m.invoke = &invoke;
            }
            static void invoke(call& c) { apply_call<Ret, P...>(c, bound(c)); }
            template <auto Now> static void describe_prompt(member& m) {
                m.invoke = &invoke_prompt<Now>;
            }
            template <auto Now> static void invoke_prompt(call& c) {
                auto& self = *static_cast<T*>(c.self);
                apply_prompt<P...>(
                    c, bound(c),
                    [&](vm& v, auto&... a) { return Now(self, v, a...); },
                    std::make_index_sequence<sizeof...(P) - 1>{});
            }
            template <blocking_policy Policy> static void start(call& c) {
                if constexpr (is_value_class<T>)
                    start_blocking<Ret, P...>(
                        c, Policy,
                        [self = *static_cast<T*>(c.self)](P&&... a) mutable
                        -> Ret { return F(self, std::forward<P>(a)...); });
                else
                    start_blocking<Ret, P...>(c, blocking_policy::finish,
                                              bound(c));
            }
            static auto bound(call& c) {
                return [self = static_cast<T*>(c.self)](P&&... a) -> Ret {
                    return F(*self, std::forward<P>(a)...);
                };
            }
        };
    };

public:
    /// As a method of T, which is the first parameter.
    template <class T> using method = typename as_method<T, R, A...>::type;
};

/// F reads into a buffer and gives a number, and that is all.
template <class R, class... A>
inline constexpr bool reads_into =
    std::is_same_v<R(A...), void(mutable_bytes, handler<std::size_t>)>;

/// F moves bytes between a place of a file and a buffer, and that is all.
template <class R, class... A>
inline constexpr bool transfers_at =
    std::is_same_v<R(A...),
                   void(std::uint64_t, mutable_bytes, handler<std::size_t>)> ||
    std::is_same_v<R(A...),
                   void(std::uint64_t, const_bytes, handler<std::size_t>)>;

/// F is the `write_some` of a class that may write without an operation.
template <auto F, class C>
concept writes_at_once = requires(C& o, vm& v, std::span<const std::byte> b) {
    { o.write_at_once(v, b) } -> std::same_as<prompt_write>;
    requires F == static_cast<void (C::*)(const_bytes, handler<std::size_t>)>(
                      &C::write_some);
};

// A member of a base is called on the base: GCC mistakes the other way for
// aliasing.
template <auto F, class C, class T, class R, class... A> struct member_thunk {
    static void types(type_list& in, type_list& out) {
        collect_types<R, A...>(in, out);
    }
    static void describe(member& m, std::initializer_list<parameter> p) {
        describe_signature<R, A...>(m, p);
        m.invoke = &invoke;
        if constexpr (reads_into<R, A...>)
            m.read_into = [](void* self, mutable_bytes buffer,
                             handler<std::size_t> h) {
                C& o = *static_cast<T*>(self);
                (o.*F)(buffer, std::move(h));
            };
        if constexpr (writes_at_once<F, C>)
            m.write_at_once = [](void* self, vm& owner,
                                 std::span<const std::byte> bytes) {
                C& o = *static_cast<T*>(self);
                return o.write_at_once(owner, bytes);
            };
        if constexpr (gives_object<R> && knows_when_ready<C, R, A...>)
            m.next_at_once = [](void* self, void* memory) {
                C& o = *static_cast<T*>(self);
                if (!o.next_is_ready()) return false;
                R r = (o.*F)();
                if (r) ::new (memory) typename R::value_type(std::move(*r));
                return r.has_value();
            };
    }
    static void invoke(call& c) { apply_call<R, A...>(c, bound(c)); }
    template <auto Now> static void describe_prompt(member& m) {
        m.invoke = &invoke_prompt<Now>;
        m.read_into = nullptr;
        if constexpr (transfers_at<R, A...>)
            m.transfer_now = [](void* self, vm& owner, std::uint64_t offset,
                                std::span<std::byte> bytes) {
                using buffer = std::remove_cvref_t<
                    std::tuple_element_t<1, std::tuple<A...>>>;
                C& o = *static_cast<T*>(self);
                return (o.*Now)(owner, offset,
                                buffer{bytes.data(), bytes.size()});
            };
    }
    template <auto Now> static void invoke_prompt(call& c) {
        C& self = *static_cast<T*>(c.self);
        apply_prompt<A...>(
            c, bound(c),
            [&](vm& v, auto&... a) { return (self.*Now)(v, a...); },
            std::make_index_sequence<sizeof...(A) - 1>{});
    }
    template <blocking_policy P> static void start(call& c) {
        if constexpr (knows_when_ready<C, R, A...>) {
            C& o = *static_cast<T*>(c.self);
            if (start_at_once<R>(c, o, bound(c))) return;
        }
        if constexpr (is_value_class<T>)
            start_blocking<R, A...>(
                c, P, [self = *static_cast<T*>(c.self)](A&&... a) mutable -> R {
                    return (self.*F)(std::forward<A>(a)...);
                });
        else
            start_blocking<R, A...>(c, blocking_policy::finish, bound(c));
    }
    static auto bound(call& c) {
        C* const self = static_cast<T*>(c.self);
        return
            [self](A&&... a) -> R { return (self->*F)(std::forward<A>(a)...); };
    }
};

template <class C, class R, class... A, R (C::*F)(A...)> struct thunk<F> {
    template <class T> using method = member_thunk<F, C, T, R, A...>;
};
template <class C, class R, class... A, R (C::*F)(A...) const> struct thunk<F> {
    template <class T> using method = member_thunk<F, C, T, R, A...>;
};

/// Whether the first parameter of a free function is an object of T.
template <class T, class F> struct takes_object : std::true_type {};
template <class T, class R, class A, class... B>
struct takes_object<T, R (*)(A, B...)>
    : std::is_same<std::remove_cvref_t<A>, T> {};

template <class Signature> struct signature;
template <class R, class... A> struct signature<R(A...)> {
    static void describe(member& m, std::initializer_list<parameter> p) {
        describe_signature<R, A...>(m, p);
    }
};

} // namespace emilua::detail
