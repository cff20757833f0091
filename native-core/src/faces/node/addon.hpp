// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <node_api.h>

/// The Node face: descriptions as an addon of Node. A call of JavaScript passes
///
///     bindings    the functions of a module, made when it is asked for
///     call        one call: finds the receiver, lets the thunk run
///     reader      what the thunk asks of its arguments (messages: what is
///                 copied or sent away; callback: functions)
///     results     what the thunk gives, as values of JavaScript
///     environment operations that wait, until they are delivered in batches to
///                 packages/native/src/operation.ts (loop_context: when)
///
/// in this order, and below all of them are slot_table (objects by number),
/// names (how a description is spelled) and js (values of JavaScript).

namespace emilua::node {

/// Connects an environment of Node with the core.
napi_value make_addon(napi_env env, napi_value exports);

} // namespace emilua::node
