// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/bytes.hpp>
#include <emilua/value.hpp>
#include <emilua/vm.hpp>

#include <deque>
#include <functional>
#include <initializer_list>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The description: what a module offers, as data that every face reads.
///
/// A module says `m.cls<tcp_socket>("socket").async("connect",
/// fn<&tcp_socket::connect>, {"address", "port"}, "Connects …")`; a template
/// turns the C++ signature into a `type` for each parameter and a thunk that
/// converts and calls. Faces only implement `call` and `results`, so a member
/// is compiled once, whatever the number of languages, and a plugin describes
/// itself without knowing any of them.

namespace emilua {

struct class_description;
struct enum_description;
struct record_description;

enum class type_kind : std::uint8_t {
    nothing,
    boolean,
    integer,
    number,
    string,
    /// A buffer that is written to.
    mutable_bytes,
    /// A buffer that is read.
    const_bytes,
    /// An object of a described class.
    object,
    /// One of an enum's names.
    enumeration,
    /// A list of an enum's names, or nothing.
    flags,
    /// A list of `element`.
    list,
    /// A table of named fields.
    record,
    /// Nothing, or `element`.
    optional,
    /// One of `alternatives`, tried in order.
    one_of,
    /// Any value that can be copied.
    any,
};

struct type {
    type_kind kind = type_kind::nothing;
    double minimum = -std::numeric_limits<double>::infinity();
    double maximum = std::numeric_limits<double>::infinity();
    const class_description* cls = nullptr;
    const enum_description* enumeration = nullptr;
    const record_description* fields = nullptr;
    /// Of lists, optionals.
    const type* element = nullptr;
    std::vector<const type*> alternatives{};
};

struct enum_description {
    std::string name;
    struct item {
        std::string name;
        int value;
        std::string doc;
    };
    std::vector<item> items;
};

struct record_description {
    std::string name;
    struct field {
        std::string name;
        const type* what;
        std::string doc;
    };
    std::vector<field> fields;
};

/// Where a face takes results. A function with several results writes several
/// values one after the other.
class results {
public:
    virtual void nil() = 0;
    virtual void boolean(bool v) = 0;
    virtual void number(double v) = 0;
    virtual void string(std::string_view v) = 0;
    /// A new buffer that holds a copy of `v`.
    virtual void bytes(std::string_view v) = 0;
    /// Memory for a new object of `cls`, to be constructed before
    /// `end_object`.
    virtual void* begin_object(const class_description& cls) = 0;
    virtual void end_object() = 0;
    /// Lists, records, messages.
    virtual void any(const value& v) = 0;

protected:
    ~results() = default;
};

/// One call that a language makes: its arguments and where its results go.
///
/// Reading functions throw `argument_error` when argument `i` (from 0, without
/// the receiver) is of another kind. What they return stays valid until the
/// call ends.
class call {
public:
    virtual bool is_nil(unsigned i) = 0;
    /// What argument `i` is, as far as the language can tell: boolean, number,
    /// string, mutable_bytes, object, list, record or nothing. A language whose
    /// empty list and empty record look alike says list.
    virtual type_kind kind(unsigned i) = 0;
    virtual bool boolean(unsigned i) = 0;
    virtual double number(unsigned i) = 0;
    virtual std::string_view string(unsigned i) = 0;
    virtual mutable_bytes writable(unsigned i) = 0;
    virtual const_bytes readable(unsigned i) = 0;
    /// Null when argument `i` is no object of `cls`.
    virtual void* object(unsigned i, const class_description& cls) = 0;
    virtual value any(unsigned i) = 0;
    virtual results& out() = 0;

    vm& owner;
    void* self = nullptr;
    /// The operation that a suspending member started.
    operation* started = nullptr;

protected:
    explicit call(vm& v) noexcept : owner{v} {}
    ~call() = default;
};

/// Argument `index` (from 0, without the receiver) cannot be used; becomes
/// EINVAL with the argument's name or index.
struct argument_error {
    unsigned index;
    std::string expected;
};

struct parameter {
    std::string name;
    std::string doc;
    const type* what = nullptr;
    /// Stands for any number of arguments of type `what`; only the last does.
    bool variadic = false;

    parameter(const char* name, const char* doc = "") : name{name}, doc{doc} {}
};

enum class member_kind : std::uint8_t {
    constructor,
    /// Called with a receiver.
    method,
    /// Called without one.
    function,
    property,
    constant,
};

struct member {
    std::string name;
    member_kind kind;
    bool suspends = false;
    /// Only the master VM may call it.
    bool master_only = false;
    /// Of a property: it never changes, so a face reads it once.
    bool fixed = false;
    std::vector<parameter> parameters;
    std::vector<const type*> result_types;
    /// Of several results; they become a record where the language has no
    /// several results.
    std::vector<std::string> result_names;
    std::string doc;
    /// Errors, platform, source: sentences below the first.
    std::string details;
    void (*invoke)(call&) = nullptr;
    /// Of a property that can be written.
    void (*assign)(call&) = nullptr;
    /// Of a constant.
    value constant{};
    const class_description* cls = nullptr;
};

enum class metamethod : std::uint8_t { tostring, eq, lt, le, add, sub, len };

/// As Lua calls it, without the underscores: "tostring", "eq" and so on.
const char* name_of(metamethod m) noexcept;

struct class_description {
    std::string module;
    /// Inside the module, dots between: "tcp.socket".
    std::string name;
    std::string doc;
    std::size_t size = 0;
    void (*destroy)(void*) noexcept = nullptr;
    /// Moves from `from` into raw memory `to` and leaves `from` destructible.
    void (*relocate)(void* to, void* from) = nullptr;
    std::deque<member> members;
    struct operation_entry {
        metamethod which;
        void (*invoke)(call&);
    };
    std::vector<operation_entry> metamethods;
    /// A value has no identity: languages may keep it as `to_wire` gives it
    /// (a string or a number) instead of as an object.
    value (*to_wire)(const void*) = nullptr;
    void (*from_wire)(void* to, const value&) = nullptr;
    /// "read_stream", "write_stream", "acceptor": what the classes of a
    /// language build their bridges on.
    std::vector<std::string> traits;

    bool is_value() const noexcept { return to_wire != nullptr; }
};

struct module_description {
    std::string name;
    std::string doc;
    /// Name inside the module, dots between: "tcp.dial".
    std::deque<member> functions;
    std::deque<class_description*> classes;
};

// --- types of C++ as types of the description ------------------------------

template <class T> class_description& class_of() {
    static class_description d;
    return d;
}

template <class E> struct enum_names; // { static constexpr auto name; items }

template <class E> struct flags_of {
    unsigned bits = 0;
    bool has(E e) const noexcept {
        return (bits & static_cast<unsigned>(e)) != 0;
    }
};

/// An integer that is checked to be in [Min, Max].
template <std::int64_t Min, std::int64_t Max> struct ranged {
    std::int64_t value = Min;
    operator std::int64_t() const noexcept { return value; }
};
using port_number = ranged<0, 65535>;

/// As the last parameter, every argument that is left.
template <class T> struct rest { std::vector<T> values; };

/// Specialise for a record: `static const record_description& describe()`,
/// `static T read(const emilua::value&)`, `static value write(T)`.
template <class T> struct record_traits;

template <class T> struct type_traits;

template <class T> const type& type_of() { return type_traits<T>::describe(); }

template <class T> void write_result(results& out, T&& v) {
    type_traits<std::remove_cvref_t<T>>::write(out, std::forward<T>(v));
}

} // namespace emilua

#include <emilua/detail/type_traits.hpp>

namespace emilua {

// --- builders ---------------------------------------------------------------

/// A function of C++ as a constant: `fn<&tcp_socket::connect>`.
template <auto F> struct fn_t {};
template <auto F> inline constexpr fn_t<F> fn{};

} // namespace emilua

#include <emilua/detail/thunks.hpp>

namespace emilua {

using parameters = std::initializer_list<parameter>;

template <class T> class class_builder {
public:
    explicit class_builder(class_description& d) noexcept : d_{&d} {}

    /// `F` is a free function that returns a T; its name in Lua is `name`.
    template <auto F>
    class_builder& constructor(const char* name, fn_t<F>, parameters p,
                               const char* doc, const char* details = "") {
        auto& m = add(name, member_kind::constructor, doc, details);
        detail::thunk<F>::describe(m, p, nullptr);
        return *this;
    }
    /// A member of the class itself, such as `address.any_v4()`.
    template <auto F>
    class_builder& function(const char* name, fn_t<F>, parameters p,
                            const char* doc, const char* details = "") {
        auto& m = add(name, member_kind::function, doc, details);
        detail::thunk<F>::describe(m, p, nullptr);
        return *this;
    }
    template <auto F>
    class_builder& sync(const char* name, fn_t<F>, parameters p,
                        const char* doc, const char* details = "") {
        auto& m = add(name, member_kind::method, doc, details);
        detail::thunk<F>::template describe_method<T>(m, p);
        return *this;
    }
    /// A suspending method: its last C++ parameter is a `handler<R…>`.
    template <auto F>
    class_builder& async(const char* name, fn_t<F>, parameters p,
                         const char* doc, const char* details = "") {
        auto& m = add(name, member_kind::method, doc, details);
        m.suspends = true;
        detail::thunk<F>::template describe_method<T>(m, p);
        return *this;
    }
    template <auto F>
    class_builder& property(const char* name, fn_t<F>, const char* doc,
                            const char* details = "") {
        auto& m = add(name, member_kind::property, doc, details);
        detail::thunk<F>::template describe_method<T>(m, {});
        return *this;
    }
    template <auto Get, auto Set>
    class_builder& property(const char* name, fn_t<Get>, fn_t<Set>,
                            const char* doc, const char* details = "") {
        auto& m = add(name, member_kind::property, doc, details);
        detail::thunk<Get>::template describe_method<T>(m, {});
        m.assign = &detail::thunk<Set>::template invoke_method<T>;
        return *this;
    }
    /// Operands other than the first are parameters.
    template <auto F> class_builder& meta(metamethod which, fn_t<F>) {
        d_->metamethods.push_back(
            {which, &detail::thunk<F>::template invoke_method<T>});
        return *this;
    }
    /// Names the results of the member described last.
    class_builder& results(std::initializer_list<const char*> names) {
        d_->members.back().result_names.assign(names.begin(), names.end());
        return *this;
    }
    class_builder& master_only() {
        d_->members.back().master_only = true;
        return *this;
    }
    class_builder& trait(const char* t) {
        d_->traits.emplace_back(t);
        return *this;
    }
    /// Makes this the class of a value; `wire<T>` says what it travels as.
    class_builder& is_value() {
        d_->to_wire = [](const void* p) {
            return type_traits<T>::to_wire(*static_cast<const T*>(p));
        };
        d_->from_wire = [](void* to, const value& v) {
            ::new (to) T(type_traits<T>::from_wire(v));
        };
        return *this;
    }

private:
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

class module_builder {
public:
    explicit module_builder(module_description& d) noexcept : d_{&d} {}

    template <class T> class_builder<T> cls(const char* name, const char* doc) {
        auto& c = class_of<T>();
        c = {};
        c.module = d_->name;
        c.name = name;
        c.doc = doc;
        c.size = sizeof(T);
        c.destroy = [](void* p) noexcept { static_cast<T*>(p)->~T(); };
        c.relocate = [](void* to, void* from) {
            ::new (to) T(std::move(*static_cast<T*>(from)));
        };
        d_->classes.push_back(&c);
        return class_builder<T>{c};
    }
    template <auto F>
    module_builder& sync(const char* name, fn_t<F>, parameters p,
                         const char* doc, const char* details = "") {
        detail::thunk<F>::describe(add(name, doc, details), p, nullptr);
        return *this;
    }
    template <auto F>
    module_builder& async(const char* name, fn_t<F>, parameters p,
                          const char* doc, const char* details = "") {
        auto& m = add(name, doc, details);
        m.suspends = true;
        detail::thunk<F>::describe(m, p, nullptr);
        return *this;
    }
    module_builder& constant(const char* name, value v, const char* doc) {
        auto& m = add(name, doc, "");
        m.kind = member_kind::constant;
        m.constant = std::move(v);
        return *this;
    }
    /// A value read anew at each access, such as `system.arguments`.
    template <auto F>
    module_builder& property(const char* name, fn_t<F>, const char* doc,
                             const char* details = "") {
        auto& m = add(name, doc, details);
        m.kind = member_kind::property;
        detail::thunk<F>::describe(m, {}, nullptr);
        return *this;
    }
    module_builder& results(std::initializer_list<const char*> names) {
        d_->functions.back().result_names.assign(names.begin(), names.end());
        return *this;
    }
    module_builder& master_only() {
        d_->functions.back().master_only = true;
        return *this;
    }
    module_builder& fixed() {
        d_->functions.back().fixed = true;
        return *this;
    }

private:
    member& add(const char* name, const char* doc, const char* details) {
        auto& m = d_->functions.emplace_back();
        m.name = name;
        m.kind = member_kind::function;
        m.doc = doc;
        m.details = details;
        return m;
    }

    module_description* d_;
};

} // namespace emilua
