// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <node_api.h>

namespace emilua::node {

/// Fills `exports` with what packages/native/src/addon.ts describes, for one
/// environment.
napi_value make_addon(napi_env env, napi_value exports);

} // namespace emilua::node
