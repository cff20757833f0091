// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/byte_stream.hpp"
#include "core/shared_calls.hpp"
#include "modules/file_descriptor/file_descriptor.hpp"

namespace emilua::pipe {

using file_descriptor::file_descriptor;

enum class direction { read, write };

/// One end of a pipe. The flags of its open file stay as they are: what is
/// given to a child process never makes that one's reads fail with EAGAIN.
template <direction> class pipe_end : public byte_stream<shared_calls> {
public:
    using byte_stream::byte_stream;
    pipe_end(vm& owner, std::optional<consumed<file_descriptor>> fd)
        : byte_stream{owner} {
        if (fd) assign(std::move(*fd));
    }

    static pipe_end unpack(vm& owner, parcel p) {
        pipe_end s{owner};
        s.adopt(std::move(p));
        return s;
    }

    /// Takes `fd` if it was opened for that; otherwise throws, and the caller
    /// keeps it.
    void assign(consumed<file_descriptor> fd);
    file_descriptor release();
};

using read_stream = pipe_end<direction::read>;
using write_stream = pipe_end<direction::write>;

/// Throws `failure`: EMFILE, ENFILE.
std::tuple<read_stream, write_stream> pair(vm& owner);

} // namespace emilua::pipe
