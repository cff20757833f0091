// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/io_descriptor.hpp"

#include <sys/types.h>

namespace emilua {

/// Reading and writing what others may hold a descriptor of as well: pipes,
/// terminals, the standard streams.
///
/// O_NONBLOCK belongs to the open file, and so to everybody who shares it: it
/// is neither needed nor touched. A call that must not block says so itself
/// (RWF_NOWAIT); where the kernel cannot do that, it is made once poll() said
/// it would not. A pipe is then given no more than it promises room for; a
/// terminal, which promises none, is opened once more for such a write.
struct shared_calls {
    static constexpr auto read_name = "read";
    static constexpr auto write_name = "write";
    /// A terminal gives one line, a pipe of packets one packet.
    static constexpr bool short_means_drained = false;

    static constexpr io_direction direction(int) noexcept {
        return io_direction::read;
    }
    static ssize_t read(int fd, void* data, std::size_t size, int,
                        bool& more) noexcept;
    static ssize_t write(int fd, const void* data, std::size_t size,
                         int) noexcept;
};

} // namespace emilua
