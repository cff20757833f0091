// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/file/file.hpp"

namespace emilua {

template <> struct enum_names<file::file_open_flag> {
    static constexpr auto name = "file_open_flag";
    static constexpr auto items = detail::how_to_open<file::file_open_flag>;
};

template <> struct enum_names<file::seek_origin> {
    using o = file::seek_origin;
    static constexpr auto name = "seek_origin";
    static constexpr enum_item<o> items[] = {
        {"set", o::set, "The beginning of the file."},
        {"cur", o::cur, "Where the position is."},
        {"end", o::end, "The end of the file."},
    };
};

} // namespace emilua

namespace emilua::file {
namespace {

/// What both classes have.
template <class File> void describe_file(class_builder<File>& c) {
    c.moves()
        .constructor("new", fn<&File::make>,
                     {{"fd", "A descriptor that was opened elsewhere."}},
                     "Makes a closed file, or one of a descriptor.")
        .blocking("open", fn<&File::open>,
                  {{"path", "The file."},
                   {"flags", "How; for reading, if they do not say."},
                   {"mode", "Of a file that is made, less the umask: 0666 if "
                            "it is left out."}},
                  "Opens a file.",
                  "Blocks as long as the system does, on a FIFO until somebody "
                  "opens its other end. ENOENT, EACCES, EEXIST, EISDIR and "
                  "others; EINVAL for flags that contradict each other; "
                  "{@error already_open}. open(2).")
        .sync("close", fn<&File::close>, {}, "Closes the file.",
              "Pending operations fail with {@error operation_aborted}; what "
              "the system has done already is delivered. Closing again does "
              "nothing. close(2).")
        .sync("cancel", fn<&File::cancel>, {},
              "Ends all pending operations of this file.",
              "They fail with {@error operation_aborted}; what the system has "
              "done already, or will not give up, is delivered. EBADF when "
              "the file is closed.")
        .sync("assign", fn<&File::assign>, {{"fd", "The descriptor."}},
              "Takes a descriptor that was opened elsewhere.",
              "It belongs to this object then, and the given one is closed. "
              "{@error already_open} when this object is open.")
        .sync("release", fn<&File::release>, {}, "Gives the descriptor away.",
              "Pending operations fail with {@error operation_aborted}; this "
              "object is closed afterwards and may be assigned to again. EBADF "
              "when it is closed.")
        .sync("resize", fn<&File::resize>, {{"n", "The size in bytes."}},
              "Cuts the file off there, or fills it up with zeros.",
              "EINVAL when it is not open for writing, EFBIG. ftruncate(2).")
        .only(languages::lua)
        .async("resize", fn<&File::resize_later>, {{"n", "The size in bytes."}},
               "Cuts the file off there, or fills it up with zeros.",
               "Suspends, and does not wait for what is pending. EINVAL when "
               "it is not open for writing, EFBIG. ftruncate(2).")
        .only(languages::typescript)
        .async("sync_all", fn<&File::sync_all>, {},
               "Waits until what was written is on the disk, with all that "
               "describes it.",
               "Suspends. EIO when something could not be written. fsync(2).")
        .async("sync_data", fn<&File::sync_data>, {},
               "Waits until what was written is on the disk, with what is "
               "needed to read it again.",
               "Suspends. EIO when something could not be written. "
               "fdatasync(2).")
        .async("lock", fn<&File::lock>, {},
               "Waits for the exclusive advisory lock of the file.",
               "Suspends. The lock belongs to the open file: descriptors made "
               "by {@ref file_descriptor.file_descriptor.dup} share it, a file "
               "that is opened twice has two. A shared lock that this one has "
               "is given up first. Nobody has it when the wait was canceled. "
               "flock(2).")
        .async("lock_shared", fn<&File::lock_shared>, {},
               "Waits for a shared advisory lock of the file.",
               "Suspends. Any number of open files may have one, while none "
               "has the exclusive lock. See {@ref lock}. flock(2).")
        .sync("try_lock", fn<&File::try_lock>, {},
              "Takes the exclusive advisory lock if it is free.",
              "Tells whether it did. An own shared lock is lost if it did not. "
              "Never suspends. flock(2), LOCK_NB.")
        .sync("try_lock_shared", fn<&File::try_lock_shared>, {},
              "Takes a shared advisory lock if there is no exclusive one.",
              "Tells whether it did. Never suspends. flock(2), LOCK_NB.")
        .sync("unlock", fn<&File::unlock>, {}, "Gives the lock back.",
              "Does nothing where there is none. Never suspends. flock(2).")
        .property("is_open", fn<&File::is_open>, "Whether the file is open.")
        .property("size", fn<&File::size>, "The size of the file in bytes.",
                  "0 for what has none, such as a FIFO. EBADF when it is "
                  "closed. fstat(2).");
}

void describe_random_access(module_builder& m) {
    auto c = m.cls<random_access>(
        "random_access", "A file that is read and written at any place.");
    describe_file(c);
    c.async("read_some_at", fn<&random_access::read_some_at>,
            fn<&random_access::read_some_at_now>,
            {{"offset", "Where in the file, 0 is its beginning."},
             {"buffer", "Where the data goes."}},
            "Reads what lies at a place of the file.",
            "Suspends if it has to wait for the disk; any number may be under "
            "way at the same time. Gives the number of bytes, at least one; 0 "
            "for an empty buffer. {@error eof} where the file has ended. "
            "ESPIPE for what has no places, such as a FIFO. pread(2).")
        .async("write_some_at", fn<&random_access::write_some_at>,
               fn<&random_access::write_some_at_now>,
               {{"offset", "Where in the file, 0 is its beginning."},
                {"buffer", "The data."}},
               "Writes at a place of the file.",
               "Suspends if it has to wait for the disk; any number may be "
               "under way at the same time. Gives the number of bytes taken, "
               "which can be fewer than asked for: see {@ref write_all_at}. At "
               "the end of the file wherever that is, if it was opened with "
               "`append`. ENOSPC, EFBIG, ESPIPE. pwrite(2).");
}

void describe_stream(module_builder& m) {
    auto c = m.cls<stream>("stream",
                           "A file that is read and written from one end to "
                           "the other.");
    c.trait("read_stream").trait("write_stream");
    describe_file(c);
    c.sync("seek", fn<&stream::seek>,
           {{"offset", "How far from there, in bytes."},
            {"whence", "From where on."}},
           "Sets the position, where reading and writing go on.",
           "Gives it, from the beginning of the file. EINVAL for one before "
           "that, ESPIPE for what has no position, such as a FIFO. lseek(2).")
        .async("read_some", fn<&stream::read_some>, fn<&stream::read_some_now>,
               {{"buffer", "Where the data goes."}},
               "Reads what lies at the position, and moves it on.",
               "Suspends if it has to wait; what is asked for meanwhile comes "
               "after it. Gives the number of bytes, at least one; 0 for an "
               "empty buffer. {@error eof} at the end of the file. read(2).")
        .async("write_some", fn<&stream::write_some>,
               fn<&stream::write_some_now>, {{"buffer", "The data."}},
               "Writes at the position, and moves it on.",
               "Suspends if it has to wait; what is asked for meanwhile comes "
               "after it. Gives the number of bytes taken, which can be fewer "
               "than asked for: see {@ref stream.write_all}. ENOSPC, EFBIG. "
               "write(2).");
}

void describe_algorithms(module_builder& m) {
    using text = std::variant<const_bytes, std::string>;
    const parameter writer{"file", "What has write_some_at."};
    const parameter reader{"file", "What has read_some_at."};
    const parameter offset{"offset", "Where in the file, 0 is its beginning."};
    const parameter data{"buffer", "The bytes."};
    const parameter room{"buffer", "Where the bytes go."};
    const parameter minimum{"minimum", "At most the length of the buffer."};
    constexpr auto write_details =
        "Suspends. Fails as write_some_at does; what was written until then is "
        "not told.";
    constexpr auto read_details =
        "Suspends. Fails as read_some_at does, with {@error eof} where the "
        "file ends early; what was read until then is in the buffer.";
    m.written<std::size_t(value, std::uint64_t, mutable_bytes)>(
         "read_all_at", {reader, offset, room},
         "Reads at a place of the file until the buffer is full.", read_details)
        .suspends();
    m.written<std::size_t(value, std::uint64_t, mutable_bytes, std::size_t)>(
         "read_at_least_at", {reader, offset, room, minimum},
         "Reads at a place of the file until `minimum` bytes are there, maybe "
         "more.",
         read_details)
        .suspends();
    m.written<std::size_t(value, std::uint64_t, text)>(
         "write_all_at", {writer, offset, data},
         "Writes all of it at a place of the file.", write_details)
        .suspends();
    m.written<std::size_t(value, std::uint64_t, text, std::size_t)>(
         "write_at_least_at", {writer, offset, data, minimum},
         "Writes at a place of the file until `minimum` bytes are written, "
         "maybe more.",
         write_details)
        .suspends();
}

} // namespace

void describe(module_builder& m) {
    m.doc("Files: what is in them, in order or at any place, and their locks.");
    describe_random_access(m);
    describe_stream(m);
    describe_algorithms(m);
}

} // namespace emilua::file
