// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/error.hpp>

namespace emilua {

/// Why `syscall` failed on the descriptor `fd`. Where a connection was lost,
/// `path` names its peer, "127.0.0.1:80" or the path of a UNIX socket: the
/// kernel is asked only then, so that a success costs nothing.
failure lost_connection(const error_code& ec, const char* syscall, int fd);

} // namespace emilua
