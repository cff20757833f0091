// SPDX-License-Identifier: MIT OR BSL-1.0
#include "../faces/node/addon.hpp"

NAPI_MODULE_INIT() { return emilua::node::make_addon(env, exports); }
