// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/description.hpp>
#include <emilua/type_traits/base.hpp>

#include <new>

namespace emilua {

/// Specialise for a class that other modules use: `static constexpr auto
/// module = "name"`, so that whoever meets an object of it can have its module
/// described. The generator refuses a foreign class without it.
template <class T> struct described_in {
    static constexpr const char* module = nullptr;
};

namespace detail {

/// Threads of Lua programs may still read it while Node ends the process, and
/// with it destroys what is static.
union lasting_class {
    class_description value;
    ~lasting_class() {}
};

template <class T>
inline lasting_class lasting_class_of{
    {.home = described_in<T>::module,
     .size = sizeof(T),
     .destroy = [](void* p) noexcept { static_cast<T*>(p)->~T(); },
     .relocate =
         [](void* to, void* from) {
             ::new (to) T(std::move(*static_cast<T*>(from)));
         }}};

} // namespace detail

template <class T>
inline constexpr auto& class_instance = detail::lasting_class_of<T>.value;

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

/// An object that the call takes for good, unless it throws: `take()` moves it
/// out, and the program has no object any more (EBADF), whether it was taken
/// out or not. An object in use, or with an operation pending, is refused with
/// EBUSY before.
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

/// An object of a value class can be copied into anything; others are only
/// borrowed.
template <class T> inline constexpr bool is_value_class = requires(T& v) {
    wire_traits<T>::to_wire(v);
};

} // namespace detail

/// By reference as an argument, by value as a result.
template <class T> struct class_traits : traits_base {
    static constexpr type description{.kind = type_kind::object,
                                      .cls = &class_instance<T>};
    static constexpr bool borrows = !detail::is_value_class<T>;
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
        void* const given = r.consumable(p, class_instance<T>);
        if (!given) detail::refuse();
        T& object = *static_cast<T*>(given);
        if constexpr (requires { object.busy(); }) {
            if (object.busy()) {
                argument_error e;
                e.code.assign(EBUSY, boost::system::system_category());
                e.expected = argument_error::not_in_use;
                throw e;
            }
        }
        return consumed<T>{object};
    }
};

} // namespace emilua
