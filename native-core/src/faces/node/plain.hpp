// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <node_api.h>

#include <string>
#include <string_view>

/// Which objects of JavaScript are nothing but their own enumerable
/// properties, so that a copy of those is a copy of them.

namespace emilua::node {

/// Whether `v` is an object literal of any realm, or has no prototype. A proxy
/// is what it stands for.
bool is_plain_object(napi_env env, napi_value v);
/// Whether the array `v` is no instance of a class that extends Array and has
/// no keys but its indices.
bool is_plain_array(napi_env env, napi_value v);
/// Whether every character of the text `v` is whole. `utf8` is what it became.
bool is_whole_text(napi_env env, napi_value v, std::string_view utf8);
/// The text `v` in ASCII, with what else there is as "\u1234".
std::string escaped_text(napi_env env, napi_value v);

/// Throws `unsendable`, which names the class of `v` and says what to send
/// instead.
[[noreturn]] void refuse_to_send(napi_env env, napi_value v);
/// The same for a class of the description.
[[noreturn]] void refuse_to_send_object(napi_env env, napi_value v);

} // namespace emilua::node
