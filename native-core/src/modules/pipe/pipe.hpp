// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/byte_stream.hpp"
#include "core/shared_calls.hpp"
#include "modules/file_descriptor/file_descriptor.hpp"

namespace emilua::pipe {

using file_descriptor::file_descriptor;

/// One end of a pipe. The flags of its open file stay as they are: what is
/// given to a child process never makes that one's reads fail with EAGAIN.
class pipe_end : public byte_stream<shared_calls> {
public:
    using byte_stream::byte_stream;

    file_descriptor release();

protected:
    /// Takes `fd` if it was opened for that; otherwise throws, and the caller
    /// keeps it.
    void take(file_descriptor& fd, int access, const char* expected);
};

class read_stream : public pipe_end {
public:
    using pipe_end::pipe_end;
    read_stream(vm& owner, std::optional<consumed<file_descriptor>> fd);

    static read_stream unpack(vm& owner, parcel p) {
        read_stream s{owner};
        s.adopt(std::move(p));
        return s;
    }

    void assign(consumed<file_descriptor> fd);
};

class write_stream : public pipe_end {
public:
    using pipe_end::pipe_end;
    write_stream(vm& owner, std::optional<consumed<file_descriptor>> fd);

    static write_stream unpack(vm& owner, parcel p) {
        write_stream s{owner};
        s.adopt(std::move(p));
        return s;
    }

    void assign(consumed<file_descriptor> fd);
};

/// Throws `failure`: EMFILE, ENFILE.
std::tuple<read_stream, write_stream> pair(vm& owner);

} // namespace emilua::pipe
