// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/file_descriptor/file_descriptor.hpp"

namespace emilua {

template <> struct enum_names<file_descriptor::socket_family> {
    using o = file_descriptor::socket_family;
    static constexpr auto name = "socket_family";
    static constexpr enum_item<o> items[] = {
        {"unix", o::unix_, "Within this machine (unix(7))."},
        {"inet", o::inet, "IPv4 (ip(7))."},
        {"inet6", o::inet6, "IPv6 (ipv6(7))."},
    };
};

template <> struct enum_names<file_descriptor::socket_kind> {
    using o = file_descriptor::socket_kind;
    static constexpr auto name = "socket_kind";
    static constexpr enum_item<o> items[] = {
        {"stream", o::stream, "A stream of bytes."},
        {"datagram", o::datagram, "Messages, not necessarily kept."},
        {"seqpacket", o::seqpacket, "Messages over a connection."},
    };
};

template <> struct enum_names<file_descriptor::socket_protocol> {
    using o = file_descriptor::socket_protocol;
    static constexpr auto name = "socket_protocol";
    static constexpr enum_item<o> items[] = {
        {"tcp", o::tcp, "tcp(7)."},
        {"udp", o::udp, "udp(7)."},
    };
};

template <> struct enum_names<file_descriptor::file_kind> {
    using o = file_descriptor::file_kind;
    static constexpr auto name = "file_kind";
    static constexpr enum_item<o> items[] = {
        {"regular", o::regular, "A plain file."},
        {"directory", o::directory, "A directory."},
        {"symlink", o::symlink, "A symbolic link itself."},
        {"block", o::block, "A block device."},
        {"character", o::character, "A character device."},
        {"fifo", o::fifo, "A pipe or a FIFO."},
        {"socket", o::socket, "A socket."},
        {"unknown", o::unknown, "Something else, an epoll for one."},
    };
};

} // namespace emilua

namespace emilua::file_descriptor {
namespace {

[[noreturn]] void only_on_freebsd(file_descriptor&, const rest<value>&) {
    throw failure{make_error_code(errc::not_available)};
}

} // namespace

void describe(module_builder& m) {
    const parameters openat_parameters = {
        {"path", "The way from this directory on; one that begins with / "
                 "leaves it."},
        {"flags", "How; for reading, if they do not say."},
        {"mode", "Of a file that is made, less the umask: `create` and "
                 "`temporary` need it."}};
    constexpr auto openat_doc =
        "Opens a file, looked up from this directory on.";
    constexpr auto openat_details =
        "It controls no terminal and is not inherited by child processes. "
        "ENOENT, EACCES, EEXIST, ENOTDIR and others; EXDEV, ELOOP and EAGAIN "
        "where a `resolve` flag forbids the way; EINVAL for flags that "
        "contradict each other. open(2), openat2(2).";

    const parameters caps = {{"caps", "What it gives; nothing takes all away, "
                                      "and that it had any."}};
    constexpr auto cap_doc =
        "What programs gain that are executed from this file.";
    constexpr auto set_cap_doc =
        "Sets what programs gain that are executed from this file.";

    m.doc("Descriptors of open files, as they travel between programs.");
    auto c = m.cls<file_descriptor>(
        "file_descriptor",
        "A file descriptor that nothing else uses: an open file, socket, pipe "
        "or device on its way from one owner to the next.");
    c.sync("close", fn<&file_descriptor::close>, {},
           "Closes the descriptor now.",
           "Without it the garbage collector does so. Closing again does "
           "nothing. EBADF when it was handed on. close(2).")
        .sync("dup", fn<&file_descriptor::dup>, {},
              "Makes another descriptor of the same open file.",
              "Both share position and flags; the new one is not inherited by "
              "child processes. EMFILE when the process has too many. "
              "fcntl(2), F_DUPFD_CLOEXEC.")
        .sync("is_socket", fn<&file_descriptor::is_socket>,
              {{"family", "What kind of addresses it has."},
               {"type", "What it transports; nothing accepts any."},
               {"protocol", "What carries it; nothing accepts any."}},
              "Tells whether this is a socket of that family, type and "
              "protocol.",
              "False, not an error, for what is no socket. socket(7): "
              "SO_DOMAIN, SO_TYPE, SO_PROTOCOL.")
        .sync("kcmp", fn<&file_descriptor::kcmp>,
              {{"other", "The descriptor to compare with."}},
              "Compares the open files behind two descriptors.",
              "0: the same one; 1 and 2: this one sorts before or after; 3: "
              "they differ in no order. Linux, where the kernel offers it "
              "(ENOSYS, EPERM otherwise). kcmp(2), KCMP_FILE.")
        .blocking("openat", fn<&file_descriptor::openat>, openat_parameters,
                  openat_doc, openat_details)
        .only(languages::lua)
        .blocking("openat", fn<&file_descriptor::openat_bytes>,
                  openat_parameters, openat_doc, openat_details)
        .only(languages::typescript)
        .blocking_query("cap_get", fn<&file_descriptor::cap_get>, {}, cap_doc,
                        "ENODATA for a file that has no capabilities, EBADF "
                        "for one that was opened with `path`. cap_get_fd(3).")
        .only(languages::lua)
        .blocking("cap_set", fn<&file_descriptor::cap_set>, caps, set_cap_doc,
                  "EPERM without CAP_SETFCAP, EINVAL for what is no regular "
                  "file. cap_set_fd(3).")
        .only(languages::lua)
        .blocking_query("cap_get", fn<&file_descriptor::cap_get_text>, {},
                        cap_doc,
                        "As text: \"cap_net_raw=ep\". ENODATA for a file that "
                        "has no capabilities, EBADF for one that was opened "
                        "with `path`. cap_get_fd(3).")
        .only(languages::typescript)
        .blocking("cap_set", fn<&file_descriptor::cap_set_text>, caps,
                  set_cap_doc,
                  "As text: \"cap_net_raw=ep\". EPERM without CAP_SETFCAP, "
                  "EINVAL for a text that is none and for what is no regular "
                  "file. cap_set_fd(3).")
        .only(languages::typescript)
        .property("non_blocking", fn<&file_descriptor::non_blocking>,
                  fn<&file_descriptor::set_non_blocking>,
                  "Whether O_NONBLOCK is set.",
                  "The flag belongs to the open file: every process that "
                  "shares it sees the change. fcntl(2).")
        .property("type", fn<&file_descriptor::type>,
                  "What kind of file is open.", "fstat(2).")
        .only(languages::typescript)
        .property("type", fn<&file_descriptor::last_type>,
                  "What kind of file is open, or was when it was handed on.",
                  "fstat(2).")
        .outlives()
        .only(languages::lua)
        .meta(metamethod::tostring, fn<&file_descriptor::to_string>)
        .moves();
    for (const char* name :
         {"cap_rights_limit", "cap_rights_contains", "cap_rights_remove",
          "cap_ioctls_limit", "cap_ioctls_get", "cap_fcntls_limit",
          "cap_fcntls_get"})
        c.sync(name, fn<&only_on_freebsd>, {{"arguments", "Those of FreeBSD."}},
               "Capsicum, which only FreeBSD has: fails with {@error "
               "not_available}.")
            .only(languages::lua);
}

} // namespace emilua::file_descriptor
