// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/pipe/pipe.hpp"

namespace emilua::pipe {
namespace {

template <class Stream>
Stream make(vm& owner, std::optional<consumed<file_descriptor>> fd) {
    return Stream{owner, std::move(fd)};
}

/// What both ends have, after what only the one has.
template <class Stream>
void describe_end(class_builder<Stream>& c, const char* fd_doc) {
    c.sync("close", fn<&Stream::close>, {}, "Closes this end.",
           "Pending operations fail with {@error operation_aborted}. Closing "
           "again does "
           "nothing. close(2).")
        .sync("cancel", fn<&Stream::cancel>, {},
              "Ends all pending operations of this end.",
              "They fail with {@error operation_aborted}; what has succeeded "
              "already is "
              "delivered. EBADF when it is closed.")
        .sync("assign", fn<&Stream::assign>, {{"fd", fd_doc}},
              "Takes a descriptor that was opened elsewhere.",
              "It belongs to this object then, with its flags as they are, and "
              "the given one is closed. EINVAL for \"fd\" when it was not "
              "opened for that, EPERM when it is a file, which never makes "
              "anybody wait; {@error already_open} when this object is open.")
        .sync("release", fn<&Stream::release>, {}, "Gives the descriptor away.",
              "Pending operations fail with {@error operation_aborted}; this "
              "object is "
              "closed afterwards and may be assigned to again. EBADF when it "
              "is closed.")
        .property("is_open", fn<&Stream::is_open>, "Whether this end is open.");
}

} // namespace

void describe(module_builder& m) {
    m.doc("Pipes: bytes in one direction, within a process or to another one.");

    constexpr auto reader_doc = "A descriptor that can be read from.";
    auto reader = m.cls<read_stream>("read_stream",
                                     "The end of a pipe that is read from.");
    reader.moves()
        .trait("read_stream")
        .constructor("new", fn<&make<read_stream>>, {{"fd", reader_doc}},
                     "Makes a closed end, or one of a descriptor, which is "
                     "taken as {@ref read_stream.assign} does.")
        .async("read_some", fn<&read_stream::read_some>,
               {{"buffer", "Where the data goes."}},
               "Reads what has arrived, and waits if nothing has.",
               "Suspends. Gives the number of bytes, at least one; 0 for an "
               "empty buffer. The error {@error eof} when the other end is "
               "closed and "
               "nothing is left. read(2).");
    describe_end(reader, reader_doc);

    constexpr auto writer_doc = "A descriptor that can be written to.";
    auto writer = m.cls<write_stream>("write_stream",
                                      "The end of a pipe that is written to.");
    writer.moves()
        .trait("write_stream")
        .constructor("new", fn<&make<write_stream>>, {{"fd", writer_doc}},
                     "Makes a closed end, or one of a descriptor, which is "
                     "taken as {@ref write_stream.assign} does.")
        .async("write_some", fn<&write_stream::write_some>,
               {{"buffer", "The data."}},
               "Writes as much as fits, and waits if nothing does.",
               "Suspends. Gives the number of bytes taken, which can be fewer "
               "than asked for: see {@ref stream.write_all}. EPIPE when the "
               "other end is closed; never a SIGPIPE. write(2).");
    describe_end(writer, writer_doc);

    m.sync("pair", fn<&pair>, {},
           "Makes a pipe: an end to read from and one to write to.",
           "EMFILE when the process has too many descriptors. Both are closed "
           "on exec. pipe(2).")
        .tuple();
}

} // namespace emilua::pipe
