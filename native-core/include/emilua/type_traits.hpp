// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/type_traits/buffers_and_messages.hpp>
#include <emilua/type_traits/callbacks.hpp>
#include <emilua/type_traits/containers.hpp>
#include <emilua/type_traits/enums.hpp>
#include <emilua/type_traits/numbers_and_text.hpp>
#include <emilua/type_traits/objects.hpp>
#include <emilua/type_traits/records.hpp>

// clang-format off
/// What a C++ type is in each language. Types nest in each other, in arguments
/// and in results, without limit.
///
/// | C++                        | Lua                     | TypeScript          |
/// | -------------------------- | ----------------------- | ------------------- |
/// | bool                       | boolean                 | boolean             |
/// | int, std::size_t, …        | number (whole)          | number (whole)      |
/// | ranged<Min, Max>           | the same, checked       | the same, checked   |
/// | wide<std::(u)int64_t>      | (u)int64_t cdata        | bigint              |
/// | double                     | number                  | number              |
/// | std::string, string_view   | string                  | string              |
/// | c_string                   | string without NUL      | the same            |
/// | secret                     | string, byte_span       | string, Uint8Array  |
/// | mutable_bytes, const_bytes | byte_span               | Uint8Array          |
/// | value::bytes               | byte_span               | Uint8Array          |
/// | value                      | what can be sent        | what can be sent    |
/// | enum (enum_names<E>)       | string                  | union of strings    |
/// | named_by<E, T>             | T                       | that of the item    |
/// | flags_of<E>                | list of strings, or nil | array, or undefined |
/// | std::vector<T>             | list                    | array               |
/// | std::map<K, T>             | table by K              | Record<K, T>        |
/// | record (fields_of<T>)      | table                   | object              |
/// | std::optional<T>           | T or nil                | T or undefined      |
/// | std::variant<T…>           | any of them             | union               |
/// | callback<R(A…)>            | function                | function            |
/// | T&, ref<T>, consumed<T>    | object of class T       | instance of T       |
/// | T (result)                 | new object              | new instance        |
/// | std::tuple<T…> (result)    | several results         | record or tuple     |
///
/// A slice adds a type by specialising `type_traits`: `description`, `read` and
/// `write` are needed, the rest of `traits_base` is there to be replaced.

// clang-format on
