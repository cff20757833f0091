// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "faces/node/environment.hpp"

namespace emilua::node {

/// Throws what JavaScript has thrown when a call of Node-API failed.
void check(napi_status status);

napi_value undefined(napi_env env);
napi_value to_js(napi_env env, std::string_view s);
std::string read_string(napi_env env, napi_value v);

/// `v` as JavaScript has it. `t`, if known, says which records are described:
/// their keys are in camelCase.
napi_value to_js(environment& owner, const value& v, const type* t);

/// A deep copy of `v`; throws `argument_error` of argument `index` where there
/// is something that cannot be copied.
value from_js(environment& owner, napi_value v, const type* t, unsigned index);

/// The wire primitive of a value, both ways.
napi_value wire_to_js(napi_env env, const value& v);
value wire_from_js(napi_env env, napi_value v);

} // namespace emilua::node
