// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/detail/thunks.hpp>

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

/// What a class and a module can say of the member described last.
template <class Self> class member_qualifiers {
public:
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
    ~member_qualifiers() = default;

    Self& set(bool member::*flag) {
        last().*flag = true;
        return self();
    }

private:
    Self& self() noexcept { return static_cast<Self&>(*this); }
    member& last() noexcept { return self().last_member(); }
};

template <class T>
class class_builder : public member_qualifiers<class_builder<T>> {
public:
    explicit class_builder(class_description& d) noexcept : d_{&d} {}

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
    template <auto F>
    class_builder& sync(const char* name, fn_t<F>, parameters p,
                        const char* doc, const char* details = "") {
        auto& m = add(name, member_kind::method, doc, details);
        method<F>::describe(m, p);
        return *this;
    }
    /// A suspending method: its last C++ parameter is a `handler<R…>`.
    template <auto F>
    class_builder& async(const char* name, fn_t<F>, parameters p,
                         const char* doc, const char* details = "") {
        auto& m = add(name, member_kind::method, doc, details);
        m.suspends = true;
        method<F>::describe(m, p);
        return *this;
    }
    /// A method that may keep a thread waiting; see module_builder::blocking.
    template <auto F>
    class_builder& blocking(const char* name, fn_t<F>, parameters p,
                            const char* doc, const char* details = "") {
        return add_blocking<F, blocking_policy::finish>(
            name, emilua::blocking::effect, p, doc, details);
    }
    template <auto F>
    class_builder& blocking_query(const char* name, fn_t<F>, parameters p,
                                  const char* doc, const char* details = "") {
        return add_blocking<F, blocking_policy::abandon>(
            name, emilua::blocking::query, p, doc, details);
    }
    /// What makes this an iterator: a blocking method that returns the next
    /// element in an optional, or nothing at the end. Lua's `for … in` takes
    /// what a function that returns such an object gives; TypeScript has `for
    /// await`.
    template <auto F>
    class_builder& iterator(const char* name, fn_t<F> f, const char* doc,
                            const char* details = "") {
        blocking(name, f, {}, doc, details);
        return this->set(&member::iterates);
    }
    template <auto F>
    class_builder& property(const char* name, fn_t<F>, const char* doc,
                            const char* details = "") {
        auto& m = add(name, member_kind::property, doc, details);
        method<F>::describe(m, {});
        return *this;
    }
    template <auto Get, auto Set>
    class_builder& property(const char* name, fn_t<Get>, fn_t<Set>,
                            const char* doc, const char* details = "") {
        auto& m = add(name, member_kind::property, doc, details);
        method<Get>::describe(m, {});
        m.assign = &method<Set>::invoke;
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
        if constexpr (detail::takes_object<T, decltype(F)>::value)
            d_->metamethods.push_back({which, false, &method<F>::invoke});
        else
            d_->metamethods.push_back({which, true, &detail::thunk<F>::invoke});
        return *this;
    }
    class_builder& trait(const char* t) {
        d_->traits.push_back(t);
        return *this;
    }
    /// Makes this the class of a value; `wire_traits<T>` says what it travels
    /// as.
    class_builder& is_value() {
        d_->to_wire = [](const void* p) {
            return wire_traits<T>::to_wire(*static_cast<const T*>(p));
        };
        d_->from_wire = [](void* to, const value& v) {
            ::new (to) T(wire_traits<T>::from_wire(v));
        };
        return *this;
    }
    /// Lets objects move to another VM in a message: T has `bool busy() const`
    /// (an operation is pending), `parcel pack()` and `static T unpack(vm&,
    /// parcel)`. `version` changes whenever what they exchange does.
    class_builder& moves(unsigned version = 1) {
        d_->moves = transfer_of(version);
        return *this;
    }
    /// The same, but the original stays: the hooks copy.
    class_builder& copies(unsigned version = 1) {
        d_->moves = transfer_of(version);
        d_->moves.copies = true;
        return *this;
    }
    /// Objects of this class arrive in a message as objects of U, whose hooks
    /// `parcel T::pack()` has to fit.
    template <class U> class_builder& arrives_as() {
        d_->moves.copies = true;
        d_->moves.pack = [](void* p) { return static_cast<T*>(p)->pack(); };
        d_->moves.arrives_as = &class_of<U>();
        return *this;
    }

    member& last_member() noexcept { return d_->members.back(); }

private:
    template <auto F>
    using method = typename detail::thunk<F>::template method<T>;

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

    template <auto F, blocking_policy P>
    class_builder& add_blocking(const char* name, emilua::blocking b,
                                parameters p, const char* doc,
                                const char* details) {
        auto& m = add(name, member_kind::method, doc, details);
        method<F>::describe(m, p);
        m.blocks = b;
        m.start = &method<F>::template start<P>;
        return *this;
    }

    member& add(const char* name, member_kind kind, const char* doc,
                const char* details) {
        auto& m = d_->members.emplace_back();
        m.name = name;
        m.kind = kind;
        m.doc = doc;
        m.details = details;
        m.cls = d_;
        return m;
    }

    class_description* d_;
};

class module_builder : public member_qualifiers<module_builder> {
public:
    module_builder(module_description& d, const char* name) noexcept : d_{&d} {
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
        d_->classes.push_back(&c);
        return class_builder<T>{c};
    }
    template <auto F>
    module_builder& sync(const char* name, fn_t<F>, parameters p,
                         const char* doc, const char* details = "") {
        detail::thunk<F>::describe(add(name, doc, details), p);
        return *this;
    }
    template <auto F>
    module_builder& async(const char* name, fn_t<F>, parameters p,
                          const char* doc, const char* details = "") {
        auto& m = add(name, doc, details);
        m.suspends = true;
        detail::thunk<F>::describe(m, p);
        return *this;
    }
    /// A function that may keep a thread waiting and changes something: the
    /// plain call in Lua; in TypeScript a promise, kept by a thread of the
    /// core's pool, and the plain call in the package's `/sync`. A
    /// cancellation takes it back while it is queued and not later. It owns
    /// its arguments.
    template <auto F>
    module_builder& blocking(const char* name, fn_t<F>, parameters p,
                             const char* doc, const char* details = "") {
        return add_blocking<F, blocking_policy::finish>(
            name, emilua::blocking::effect, p, doc, details);
    }
    /// The same for one that changes nothing: a cancellation abandons it,
    /// unless it has an object, which it is waited for.
    template <auto F>
    module_builder& blocking_query(const char* name, fn_t<F>, parameters p,
                                   const char* doc, const char* details = "") {
        return add_blocking<F, blocking_policy::abandon>(
            name, emilua::blocking::query, p, doc, details);
    }
    /// A function that each language has in a source of its own, as
    /// `modules/NAME/NAME.lua` and in the package.
    template <class Signature>
    module_builder& written(const char* name, parameters p, const char* doc,
                            const char* details = "") {
        auto& m = add(name, doc, details);
        m.by_hand = languages::both;
        detail::signature<Signature>::describe(m, p);
        return *this;
    }
    module_builder& constant(const char* name, constant_value v,
                             const char* doc) {
        auto& m = add(name, doc, "");
        m.kind = member_kind::constant;
        m.constant = v;
        return *this;
    }
    /// Of the last constant: its value is not the same on every kind of
    /// machine.
    module_builder& varies() { return set(&member::varies); }

    /// A value read anew at each access, such as `system.arguments`.
    template <auto F>
    module_builder& property(const char* name, fn_t<F>, const char* doc,
                             const char* details = "") {
        auto& m = add(name, doc, details);
        m.kind = member_kind::property;
        detail::thunk<F>::describe(m, {});
        return *this;
    }

    /// A name that had to be put together, kept for as long as the module is.
    const char* text(std::string t) {
        return d_->texts.emplace_back(std::move(t)).c_str();
    }

    member& last_member() noexcept { return d_->functions.back(); }

private:
    template <auto F, blocking_policy P>
    module_builder& add_blocking(const char* name, emilua::blocking b,
                                 parameters p, const char* doc,
                                 const char* details) {
        auto& m = add(name, doc, details);
        detail::thunk<F>::describe(m, p);
        m.blocks = b;
        m.start = &detail::thunk<F>::template start<P>;
        return *this;
    }

    member& add(const char* name, const char* doc, const char* details) {
        auto& m = d_->functions.emplace_back();
        m.name = name;
        m.doc = doc;
        m.details = details;
        return m;
    }

    module_description* d_;
};

} // namespace emilua
