// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/detail/thunks.hpp>

#include <stdexcept>

/// The builders of a description: what a module offers, as data that every
/// face reads.
///
/// A module says `m.cls<tcp_socket>("socket", "…").async("connect",
/// fn<&tcp_socket::connect>, {"address", "port"}, "Connects …")`; a template
/// turns the C++ signature into a `type` for each parameter and a thunk that
/// converts and calls. Faces only implement `call` and `results`, so a member
/// is compiled once, whatever the number of languages, and a plugin describes
/// itself without knowing any of them. `type_traits.hpp` has the table of
/// types.
///
/// Texts are static: nothing here is copied.

namespace emilua {

/// A function of C++ as a constant: `fn<&tcp_socket::connect>`.
template <auto F> struct fn_t {};
template <auto F> inline constexpr fn_t<F> fn{};

using parameters = std::initializer_list<parameter>;

namespace detail {

/// Members of a module are called as they are.
struct as_function {
    template <auto F> using call = thunk<F>;
    static constexpr member_kind kind = member_kind::function;
};

/// Those of the class of T are called with an object.
template <class T> struct as_method {
    template <auto F> using call = typename thunk<F>::template method<T>;
    static constexpr member_kind kind = member_kind::method;
};

} // namespace detail

/// What a class and a module have in common: the members that are functions of
/// C++, and what can be said of the member described last. `How` says how they
/// are called.
template <class Self, class How> class member_builder {
public:
    template <auto F>
    Self& sync(const char* name, fn_t<F>, parameters p, const char* doc,
               const char* details = "") {
        describe<F>(add(name, How::kind, doc, details), p);
        return self();
    }
    /// A suspending member: its last C++ parameter is a `handler<R…>`.
    template <auto F>
    Self& async(const char* name, fn_t<F>, parameters p, const char* doc,
                const char* details = "") {
        describe<F>(add(name, How::kind, doc, details), p).suspends = true;
        return self();
    }
    /// The same where `Now` may give the results at once, and no operation is
    /// made then. It takes a `vm&` before the other parameters, which are
    /// still to be handed to `F`, and gives a `prompt<R…>`.
    template <auto F, auto Now>
    Self& async(const char* name, fn_t<F>, fn_t<Now>, parameters p,
                const char* doc, const char* details = "") {
        auto& m = describe<F>(add(name, How::kind, doc, details), p);
        m.suspends = m.prompt = true;
        call<F>::template describe_prompt<Now>(m);
        return self();
    }
    /// A member that may keep a thread waiting and changes something: the
    /// plain call in Lua; in TypeScript a promise, kept by a thread of the
    /// core's pool, and the plain call, which a function has in the package's
    /// `/sync`. A cancellation takes it back while it is queued and not later.
    /// It owns its arguments.
    template <auto F>
    Self& blocking(const char* name, fn_t<F>, parameters p, const char* doc,
                   const char* details = "") {
        return add_blocking<F, blocking_policy::finish>(
            name, emilua::blocking::effect, p, doc, details);
    }
    /// The same for one that changes nothing: a cancellation abandons it,
    /// unless it has an object, which it is waited for.
    template <auto F>
    Self& blocking_query(const char* name, fn_t<F>, parameters p,
                         const char* doc, const char* details = "") {
        return add_blocking<F, blocking_policy::abandon>(
            name, emilua::blocking::query, p, doc, details);
    }
    /// A value read anew at each access, such as `system.arguments`.
    template <auto F>
    Self& property(const char* name, fn_t<F>, const char* doc,
                   const char* details = "") {
        describe<F>(add(name, member_kind::property, doc, details), {});
        return self();
    }

    /// Its results are of one kind, such as the two ends of a pair: a tuple
    /// where the language has no several results.
    Self& tuple() { return set(&member::tuple); }
    /// Names its results. Of several, each needs a name.
    Self& results(std::initializer_list<const char*> names) {
        last().result_names = names;
        return self();
    }
    Self& master_only() { return set(&member::master_only); }
    /// Of a property: it never changes.
    Self& fixed() { return set(&member::fixed); }
    /// Of what is written by hand: it suspends.
    Self& suspends() { return set(&member::suspends); }
    /// Only one language has it.
    Self& only(languages l) {
        last().offered = l;
        return self();
    }
    /// In these languages a source of their own has it, instead of this.
    Self& by_hand(languages l) {
        last().by_hand = l;
        return self();
    }

protected:
    member_builder(std::vector<member>& members,
                   const class_description* cls) noexcept
        : members_{&members}, cls_{cls} {}
    ~member_builder() = default;

    template <auto F> using call = typename How::template call<F>;

    template <auto F> static member& describe(member& m, parameters p) {
        call<F>::describe(m, p);
        return m;
    }

    member& add(const char* name, member_kind kind, const char* doc,
                const char* details) {
        auto& m = members_->emplace_back();
        m.name = name;
        m.kind = kind;
        m.doc = doc;
        m.details = details;
        m.cls = cls_;
        after_member_ = true;
        return m;
    }
    /// What was described last is no member, of which more could be said.
    void no_member() noexcept { after_member_ = false; }
    member& last() {
        if (!after_member_)
            throw std::logic_error{
                "what says more of a member, as only(), follows the member "
                "itself, not meta(), trait() or what else a class has"};
        return members_->back();
    }

    Self& set(bool member::*flag) {
        last().*flag = true;
        return self();
    }
    Self& self() noexcept { return static_cast<Self&>(*this); }

private:
    template <auto F, blocking_policy P>
    Self& add_blocking(const char* name, emilua::blocking b, parameters p,
                       const char* doc, const char* details) {
        auto& m = describe<F>(add(name, How::kind, doc, details), p);
        m.blocks = b;
        m.start = &call<F>::template start<P>;
        return self();
    }

    std::vector<member>* members_;
    const class_description* cls_;
    bool after_member_ = false;
};

template <class T>
class class_builder
    : public member_builder<class_builder<T>, detail::as_method<T>> {
    using base = member_builder<class_builder<T>, detail::as_method<T>>;
    using base::add;

public:
    explicit class_builder(class_description& d) noexcept
        : base{d.members, &d}, d_{&d} {}

    using base::property;

    /// Of a property: an object that was given away still says it in Lua. What
    /// is left of such an object then is not destroyed.
    class_builder& outlives() {
        d_->leaves_something = true;
        return this->set(&member::outlives);
    }

    /// `F` is a free function that returns a T; its name in Lua is `name`.
    template <auto F>
    class_builder& constructor(const char* name, fn_t<F>, parameters p,
                               const char* doc, const char* details = "") {
        auto& m = add(name, member_kind::constructor, doc, details);
        detail::thunk<F>::describe(m, p);
        return *this;
    }
    /// A member of the class itself, such as `address.any_v4()`.
    template <auto F>
    class_builder& function(const char* name, fn_t<F>, parameters p,
                            const char* doc, const char* details = "") {
        auto& m = add(name, member_kind::function, doc, details);
        detail::thunk<F>::describe(m, p);
        return *this;
    }
    /// What makes this an iterator: a blocking method that returns the next
    /// element in an optional, or nothing at the end. Lua's `for … in` takes
    /// what a function that returns such an object gives; TypeScript has `for
    /// await`.
    template <auto F>
    class_builder& iterator(const char* name, fn_t<F> f, const char* doc,
                            const char* details = "") {
        this->blocking(name, f, {}, doc, details);
        return this->set(&member::iterates);
    }
    template <auto Get, auto Set>
    class_builder& property(const char* name, fn_t<Get>, fn_t<Set>,
                            const char* doc, const char* details = "") {
        auto& m = add(name, member_kind::property, doc, details);
        this->template describe<Get>(m, {});
        m.assign = &base::template call<Set>::invoke;
        return *this;
    }
    /// A member that each language has in a source of its own.
    template <class Signature>
    class_builder& written(member_kind kind, const char* name, parameters p,
                           const char* doc, const char* details = "") {
        auto& m = add(name, kind, doc, details);
        m.by_hand = languages::both;
        detail::signature<Signature>::describe(m, p);
        return *this;
    }
    /// The same of a property of type P.
    template <class P>
    class_builder& written_property(const char* name, const char* doc,
                                    const char* details = "") {
        auto& m = add(name, member_kind::property, doc, details);
        m.by_hand = languages::both;
        detail::signature<P()>::describe(m, {});
        return *this;
    }
    /// Operands other than the object are parameters. A function whose first
    /// parameter is no T takes both operands, either of which may be the
    /// object: `'a' .. path`.
    template <auto F> class_builder& meta(metamethod which, fn_t<F>) {
        this->no_member();
        if constexpr (detail::takes_object<T, decltype(F)>::value)
            d_->metamethods.push_back(operation<method<F>>(which, false));
        else
            d_->metamethods.push_back(operation<detail::thunk<F>>(which, true));
        return *this;
    }
    class_builder& trait(const char* t) {
        this->no_member();
        d_->traits.push_back(t);
        return *this;
    }
    /// Makes this the class of a value; `wire_traits<T>` says what it travels
    /// as.
    class_builder& is_value() {
        this->no_member();
        d_->to_wire = [](const void* p) {
            return wire_traits<T>::to_wire(*static_cast<const T*>(p));
        };
        d_->from_wire = [](void* to, const value& v) {
            ::new (to) T(wire_traits<T>::from_wire(v));
        };
        return *this;
    }
    /// Of a class of values that travels as text: where TypeScript takes an
    /// object, alone or inside something, it takes the text as well. Lua
    /// programs say which they mean.
    class_builder& text_will_do() {
        this->no_member();
        d_->text_will_do = true;
        return *this;
    }
    /// Of a class of values: a language may give one object for several results
    /// that are the same. T has `std::size_t hash() const` and `bool
    /// is_same(const T&) const`; `bool can_change() const` where a program in
    /// Lua could change some, which have objects of their own there.
    class_builder& may_be_shared() {
        this->no_member();
        d_->hash = [](const void* p) {
            return static_cast<const T*>(p)->hash();
        };
        if constexpr (requires(const T& v) { v.can_change(); })
            d_->can_change = [](const void* p) {
                return static_cast<const T*>(p)->can_change();
            };
        d_->same = [](const void* a, const void* b) {
            return static_cast<const T*>(a)->is_same(*static_cast<const T*>(b));
        };
        return *this;
    }
    /// Lets objects move to another VM in a message: T has `bool busy() const`
    /// (an operation is pending), `parcel pack()` and `static T unpack(vm&,
    /// parcel)`. `version` changes whenever what they exchange does: what
    /// another version packed is refused.
    class_builder& moves(unsigned version = 1) {
        this->no_member();
        d_->moves = transfer_of(version);
        return *this;
    }
    /// The same, but the original stays: the hooks copy.
    class_builder& copies(unsigned version = 1) {
        this->no_member();
        d_->moves = transfer_of(version);
        d_->moves.copies = true;
        return *this;
    }
    /// Objects of this class arrive in a message as objects of U, whose hooks
    /// `parcel T::pack()` has to fit, those of `version`.
    template <class U> class_builder& arrives_as(unsigned version = 1) {
        this->no_member();
        d_->moves.version = version;
        d_->moves.copies = true;
        d_->moves.pack = [](void* p) { return static_cast<T*>(p)->pack(); };
        d_->moves.arrives_as = &class_of<U>();
        return *this;
    }

private:
    template <auto F> using method = typename base::template call<F>;

    template <class Call>
    static class_description::operation_entry operation(metamethod which,
                                                        bool mixed) {
        return {which, mixed, &Call::invoke, &Call::types};
    }

    static transfer transfer_of(unsigned version) {
        transfer t;
        t.version = version;
        if constexpr (requires(const T& o) { o.busy(); })
            t.busy = [](const void* p) {
                return static_cast<const T*>(p)->busy();
            };
        t.pack = [](void* p) { return static_cast<T*>(p)->pack(); };
        t.unpack = [](void* to, vm& owner, parcel p) {
            ::new (to) T(T::unpack(owner, std::move(p)));
        };
        return t;
    }

    class_description* d_;
};

class module_builder
    : public member_builder<module_builder, detail::as_function> {
public:
    module_builder(module_description& d, const char* name) noexcept
        : member_builder{d.functions, nullptr}, d_{&d} {
        d.name = name;
    }

    module_builder& doc(const char* text) {
        d_->doc = text;
        return *this;
    }
    /// A part of the runtime, which programs reach by other ways than its
    /// name.
    module_builder& internal() {
        d_->internal = true;
        return *this;
    }

    template <class T> class_builder<T> cls(const char* name, const char* doc) {
        auto& c = class_of<T>();
        if (c.home && std::string_view{c.home} != d_->name)
            throw std::logic_error{std::string{name} +
                                   ": described_in names another module"};
        c.module = d_->name;
        c.name = name;
        c.doc = doc;
        if constexpr (requires(const T& o) { bool{o.is_open()}; })
            c.is_open = [](const void* p) -> bool {
                return static_cast<const T*>(p)->is_open();
            };
        d_->classes.push_back(&c);
        return class_builder<T>{c};
    }
    /// A function that each language has in a source of its own, as
    /// `modules/NAME/NAME.lua` and in the package.
    template <class Signature>
    module_builder& written(const char* name, parameters p, const char* doc,
                            const char* details = "") {
        auto& m = add(name, member_kind::function, doc, details);
        m.by_hand = languages::both;
        detail::signature<Signature>::describe(m, p);
        return *this;
    }
    module_builder& constant(const char* name, constant_value v,
                             const char* doc) {
        auto& m = add(name, member_kind::constant, doc, "");
        m.constant = v;
        return *this;
    }
    /// Of the last constant: its value is not the same on every kind of
    /// machine.
    module_builder& varies() { return set(&member::varies); }

    /// A name that had to be put together, kept for as long as the module is.
    const char* text(std::string t) {
        return d_->texts.emplace_back(std::move(t)).c_str();
    }

private:
    module_description* d_;
};

} // namespace emilua
