// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/system/standard_streams.hpp"

#include "core/printer.hpp"
#include "core/standard_stream.hpp"
#include "core/terminal.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace emilua::system {

namespace {

/// What Lua printed goes first, and to where the stream led at that time.
void flush_printed(int fd) noexcept {
    if (fd == STDOUT_FILENO) printer::instance().flush();
}

} // namespace

file_descriptor standard_stream::dup() const {
    // Never another standard stream, should one be closed.
    unique_descriptor d{::fcntl(fd_, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)};
    if (!d) throw_errno("fcntl");
    return file_descriptor{std::move(d)};
}

void standard_stream::dup_from(const file_descriptor& oldd) {
    const int from = oldd.get();
    flush_printed(fd_);
    // dup2 leaves out O_CLOEXEC: children inherit their standard streams.
    while (::dup2(from, fd_) == -1)
        if (errno != EINTR && errno != EBUSY) throw_errno("dup2", "oldd");
}

bool standard_stream::isatty() const noexcept { return ::isatty(fd_) == 1; }

int standard_stream::tcgetpgrp() const { return foreground_group(fd_); }

void standard_stream::tcsetpgrp(int pgid) {
    set_foreground_group(fd_, pgid, "pgid_id");
}

standard_input standard_input::in() { return standard_input{STDIN_FILENO}; }

void standard_input::read_some(mutable_bytes buffer, handler<std::size_t> h) {
    read_shared(fd_, std::move(buffer), std::move(h));
}

standard_output standard_output::out() {
    return standard_output{STDOUT_FILENO};
}
standard_output standard_output::err() {
    return standard_output{STDERR_FILENO};
}

void standard_output::write_some(const_bytes buffer, handler<std::size_t> h) {
    flush_printed(fd_);
    write_shared(fd_, std::move(buffer), std::move(h));
}

namespace {

template <class Stream> void describe_common(class_builder<Stream>& c) {
    c.sync("dup", fn<&Stream::dup>, {},
           "A new descriptor of what the stream is connected to.",
           "EMFILE when the process has too many. Closed on exec.")
        .sync("dup_from", fn<&Stream::dup_from>,
              {{"oldd", "What the stream shall be connected to; it is not "
                        "closed."}},
              "Connects the stream, for the whole process, to something else.",
              "Errors as of dup2(2). A read or write that is waiting goes on "
              "waiting for what the stream was connected to. To close a "
              "standard stream, connect it to a pipe whose other end is "
              "closed: its number would be given to the next file opened.")
        .master_only()
        .sync("isatty", fn<&Stream::isatty>, {},
              "Whether the stream is a terminal.")
        .sync("tcgetpgrp", fn<&Stream::tcgetpgrp>, {},
              "The foreground process group of the terminal.",
              "ENOTTY when the stream is no terminal, or not the one that "
              "controls this process. See tcgetpgrp(3).")
        .sync("tcsetpgrp", fn<&Stream::tcsetpgrp>,
              {{"pgid_id", "A process group of this session."}},
              "Makes a process group the foreground of the terminal.",
              "Errors as of tcsetpgrp(3). A background process is stopped by "
              "SIGTTOU unless that is ignored.");
}

} // namespace

void describe_standard_streams(module_builder& m) {
    auto input = m.cls<standard_input>(
        "standard_input",
        "Standard input. Its descriptor is shared with the parent process: "
        "its flags are left alone.");
    input.trait("read_stream")
        .async("read_some", fn<&standard_input::read_some>,
               {{"buffer", "Where the bytes go."}},
               "Waits for input, reads what fits and returns the number of "
               "bytes.",
               "Fails with {@error eof} at the end; errors as of read(2). "
               "Files never "
               "wait.");
    describe_common(input);

    auto output = m.cls<standard_output>(
        "standard_output",
        "Standard output or error. The descriptor is shared with the parent "
        "process: its flags are left alone.");
    output.trait("write_stream")
        .async("write_some", fn<&standard_output::write_some>,
               {{"buffer", "The bytes."}},
               "Waits until something can be written and returns how much was.",
               "EPIPE when nobody reads any more; errors as of write(2). "
               "Nothing is buffered here.");
    describe_common(output);

    m.property("in_", fn<&standard_input::in>, "Standard input.").fixed();
    m.property("out", fn<&standard_output::out>, "Standard output.").fixed();
    m.property("err", fn<&standard_output::err>, "Standard error.").fixed();
}

} // namespace emilua::system
