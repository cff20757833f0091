// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/bytes.hpp>

namespace emilua {

/// Reads from and writes to descriptors that this process shares with its
/// parent, such as the standard streams.
///
/// Their O_NONBLOCK belongs to the open file and so to the shell as well, and
/// is never touched. A call that must not block says so itself (RWF_NOWAIT);
/// where the kernel cannot do that, it is made once poll() said it would not.

/// At most one read. The end of the stream is the error `eof`.
void read_shared(int fd, mutable_bytes buffer, handler<std::size_t> h);
/// At most one write; a pipe or a terminal may take less than everything.
void write_shared(int fd, const_bytes buffer, handler<std::size_t> h);

} // namespace emilua
