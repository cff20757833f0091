// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

/// The types of a description: what a parameter, a result or a field is, as
/// data that every face reads. All of it is static and made by the compiler.

namespace emilua {

class operation;
class reader;
class results;
struct class_description;
struct record_description;
struct place;

enum class type_kind : std::uint8_t {
    nothing,
    boolean,
    /// A whole number of at most 53 bits.
    integer,
    /// 64 bits, which a number of neither language holds.
    integer64,
    number,
    string,
    /// Text or bytes that are forgotten after use: a password.
    secret,
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
    /// `element` by `key`, which is a string or an integer.
    map,
    /// A table of named fields.
    record,
    /// Nothing, or `element`.
    optional,
    /// One of `alternatives`, tried in order.
    one_of,
    /// A function of the program that takes `alternatives`, gives `element`
    /// (null: nothing) and may not suspend.
    callback,
    /// Any value that can be copied.
    any,
};

struct type;

struct enum_description {
    struct item {
        const char* name;
        int value;
        const char* doc;
        /// The type of what it names, where a `named_by` type belongs to it.
        const type* names;
    };
    const char* name;
    std::span<const item> items;
};

struct type {
    type_kind kind = type_kind::nothing;
    /// Of integers.
    double minimum = -std::numeric_limits<double>::infinity();
    double maximum = std::numeric_limits<double>::infinity();
    /// Of 64 bits.
    bool is_signed = true;
    /// Of an object: the call takes it away.
    bool consumed = false;
    const class_description* cls = nullptr;
    const enum_description* enumeration = nullptr;
    const record_description* fields = nullptr;
    const type* element = nullptr;
    const type* key = nullptr;
    std::span<const type* const> alternatives{};
    /// It depends on which of these another argument says: the type is that of
    /// the item, and what is here is what can be any of them.
    const enum_description* named_by = nullptr;
};

/// One line of a record, made by `field<&T::member>("name", "doc")`.
struct field_description {
    const char* name;
    const char* doc;
    const type* what;
    /// Otherwise a field that is left out keeps what its C++ member begins
    /// with.
    bool required;
    /// `traits_base::borrows` of its type.
    bool borrows;
    /// Which of the functions below there are: GCC cannot compare their
    /// addresses at compile time under -fsanitize=undefined.
    bool can_read;
    bool can_write;
    bool has_buffers;
    void (*read)(reader& from, place at, void* record);
    void (*write)(results& to, void* record);
    /// Names the operation to the buffers inside; null where there can be
    /// none.
    void (*bind)(void* record, operation& op);
};

struct record_description {
    const char* name;
    std::span<const field_description> fields;
};

} // namespace emilua
