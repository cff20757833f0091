// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/description.hpp>

/// What both faces say of arguments that they refuse.

namespace emilua {

/// What makes an object of `cls` of text and nothing else in language `l`;
/// null if nothing does.
const member* text_constructor(const class_description& cls, languages l);

} // namespace emilua
