// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

namespace emilua {

/// What Lua programs expect of a process: system calls that say EPIPE, and the
/// dispositions that the parent may have changed back to the defaults.
void reset_signals();

/// The program's locale is the user's, but for numbers, which are read and
/// written the same everywhere. One of C++, dear to make, is left to whoever
/// needs it: std::locale{""}.
void set_locale();

} // namespace emilua
