// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/libc_service/ends.hpp"

namespace emilua::libc_service {
namespace {

template <function F> std::optional<std::string> filter(const slave& s) {
    auto source = s.filter(F);
    if (source.empty()) return std::nullopt;
    return source;
}
template <function F>
void set_filter(slave& s, std::optional<std::string> source) {
    s.set_filter(F, std::move(source));
}

template <function F>
void describe_filter(class_builder<slave>& c, const char* name,
                     const char* doc) {
    c.property(name, fn<&filter<F>>, fn<&set_filter<F>>, doc,
               "Lua that runs in the program in place of the call, with the "
               "table C of init.script. Its arguments are a function that "
               "asks the master, and those of the call. Setting it raises "
               "EBADF when the slave was handed on, EBUSY once a program was "
               "started with it, EMSGSIZE when all filters "
               "together exceed 128 KiB.");
}

void describe_master(module_builder& m) {
    constexpr auto result_doc =
        "What the call gives: a number, -1 for a failure; of stat and lstat "
        "its fields; of getaddrinfo a list of an address and a port, the name "
        "of an error, or nothing where there is no address.";
    constexpr auto errno_doc =
        "Why it failed: a number, or a name such as \"EACCES\"; 0 if left out.";
    constexpr auto send_details =
        "Does not wait: whoever asked and is gone gets nothing. EINVAL for a "
        "result that the function cannot have, and where there is no call that "
        "waits for an answer.";
    constexpr auto arguments_doc = "The arguments of the call.";
    constexpr auto arguments_details =
        "open: path, flags and, if it makes a file, the mode; openat: the "
        "same; unlink, stat, lstat, rmdir: path; rename: both paths; access, "
        "eaccess: path, and \"f\" or a list of \"r\", \"w\", \"x\"; mkdir: "
        "path, mode; connect_unix, bind_unix: path; connect_inet, bind_inet "
        "and those of inet6: address, port; getaddrinfo: node, service, and "
        "\"tcp\" or \"udp\" if it matters. EINVAL before a call was received.";
    constexpr auto descriptors_details =
        "openat has the folder, connect and bind have the socket. Once: a "
        "second time there are none.";
    m.cls<master>("master",
                  "Answers calls of programs that have the other end.")
        .async("receive", fn<&master::receive>, {}, "Waits for the next call.",
               "Suspends; one fiber at a time. A call that was not answered "
               "until then fails with "
               "EIO. EOF when no program has the other end any more, EBADMSG "
               "for what is no call.")
        .sync("send", fn<&master::send>,
              {{"result", result_doc}, {"errno", errno_doc}},
              "Answers the call.", send_details)
        .sync("send_with_fds", fn<&master::send_with_fds>,
              {{"result", result_doc},
               {"fds", "Descriptors: what open and openat give is the first."},
               {"errno", errno_doc}},
              "Answers the call, with descriptors.", send_details)
        .sync("use_slave_credentials", fn<&master::use_slave_credentials>, {},
              "Lets the program make the call itself, with what it may do.",
              "EINVAL where there is no call that waits for an answer.")
        .sync("argument_list", fn<&master::lua_arguments>, {}, arguments_doc,
              "In a list. {@ref master.arguments} gives them one by one.")
        .only(languages::lua)
        .sync("descriptor_list", fn<&master::descriptors>, {},
              "What the program sent along with the call, in a list.",
              descriptors_details)
        .only(languages::lua)
        .written<value()>(member_kind::method, "arguments", {}, arguments_doc,
                          arguments_details)
        .only(languages::lua)
        .written<std::optional<file_descriptor>()>(
            member_kind::method, "descriptors", {},
            "What the program sent along with the call.", descriptors_details)
        .only(languages::lua)
        .property("arguments", fn<&master::typescript_arguments>, arguments_doc,
                  arguments_details)
        .only(languages::typescript)
        .sync("descriptors", fn<&master::descriptors>, {},
              "What the program sent along with the call.", descriptors_details)
        .only(languages::typescript)
        .property("function_", fn<&master::name>,
                  "What was called; nothing before the first call.")
        .sync("close", fn<&master::close>, {},
              "Ends it: calls of the program fail with EIO from now on.",
              "EBADF when it is closed.")
        .sync("cancel", fn<&master::cancel>, {},
              "Ends what waits with operation_aborted.",
              "EBADF when it is "
              "closed.")
        .property("is_open", fn<&master::is_open>, "Whether it is open.");
}

void describe_slave(module_builder& m) {
    auto c = m.cls<slave>(
        "slave",
        "What a program gets, so that its calls of libc are asked about: one "
        "of the `extra_fds` of {@ref system.spawn}, with the variables that "
        "{@ref environment} gives. Close it then: while it is open here, {@ref "
        "master.receive} waits for other programs. An actor takes it away, as "
        "`subprocess.libc_service`.");
    c.sync("release", fn<&slave::release>, {},
           "Takes the descriptor out, for whoever starts programs by other "
           "means.",
           "EBADF when it was handed on.")
        .sync("close", fn<&slave::close>, {}, "Closes it.",
              "EBADF when it was handed on.")
        .property("is_open", fn<&slave::is_open>,
                  "Whether it was neither handed on nor closed.");
    describe_filter<function::open>(c, "open", "The filter of open.");
    describe_filter<function::openat>(c, "openat", "The filter of openat.");
    describe_filter<function::unlink>(c, "unlink", "The filter of unlink.");
    describe_filter<function::rename>(c, "rename", "The filter of rename.");
    describe_filter<function::stat>(c, "stat", "The filter of stat.");
    describe_filter<function::lstat>(c, "lstat", "The filter of lstat.");
    describe_filter<function::access>(c, "access", "The filter of access.");
    describe_filter<function::eaccess>(c, "eaccess", "The filter of eaccess.");
    describe_filter<function::mkdir>(c, "mkdir", "The filter of mkdir.");
    describe_filter<function::rmdir>(c, "rmdir", "The filter of rmdir.");
    describe_filter<function::connect_unix>(
        c, "connect_unix", "The filter of connect to UNIX sockets.");
    describe_filter<function::connect_inet>(c, "connect_inet",
                                            "The filter of connect to IPv4.");
    describe_filter<function::connect_inet6>(c, "connect_inet6",
                                             "The filter of connect to IPv6.");
    describe_filter<function::bind_unix>(c, "bind_unix",
                                         "The filter of bind of UNIX sockets.");
    describe_filter<function::bind_inet>(c, "bind_inet",
                                         "The filter of bind to IPv4.");
    describe_filter<function::bind_inet6>(c, "bind_inet6",
                                          "The filter of bind to IPv6.");
    describe_filter<function::getaddrinfo>(c, "getaddrinfo",
                                           "The filter of getaddrinfo.");
}

} // namespace

void describe(module_builder& m) {
    m.doc("Calls of libc in other programs, answered here: which file a path "
          "means, which socket an address.");
    describe_master(m);
    describe_slave(m);
    constexpr auto brief = "Both ends: who answers, and what a program gets.";
    constexpr auto details = "EMFILE. socketpair(2).";
    m.sync("new", fn<&make>, {}, brief, details).tuple().only(languages::lua);
    m.sync("create", fn<&make>, {}, brief, details)
        .tuple()
        .only(languages::typescript);
    m.sync("environment", fn<&environment>,
           {{"fd", "The number that the program has the slave by."}},
           "The variables with which a program finds its slave.",
           "LD_PRELOAD, which names a library of ours, and "
           "EMILUA_LIBC_SERVICE_FD. A program that is linked statically, or "
           "gains rights by being run, is not asked about. ENOENT when the "
           "library is not installed, ENOTSUP when its path has a space or a "
           "colon.");
}

} // namespace emilua::libc_service
