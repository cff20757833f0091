// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "faces/node/js.hpp"

#include <optional>

namespace emilua::node {

/// The `href` of what looks like a URL. Code of the program may run.
std::optional<std::string> text_of_url(napi_env env, napi_value v);

/// The bytes of the path that a `file:` URL names, which need not be UTF-8;
/// none if it is none of those, names a host, or hides a slash.
std::optional<std::string> path_of_file_url(std::string_view href);

} // namespace emilua::node
