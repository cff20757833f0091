// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/file_descriptor/file_descriptor.hpp"

namespace emilua::system {

// The bits of the kernel's ABI.
enum class landlock_access_fs : unsigned {
    execute = 1u << 0,
    write_file = 1u << 1,
    read_file = 1u << 2,
    read_dir = 1u << 3,
    remove_dir = 1u << 4,
    remove_file = 1u << 5,
    make_char = 1u << 6,
    make_dir = 1u << 7,
    make_reg = 1u << 8,
    make_sock = 1u << 9,
    make_fifo = 1u << 10,
    make_block = 1u << 11,
    make_sym = 1u << 12,
    refer = 1u << 13,
    truncate = 1u << 14,
    ioctl_dev = 1u << 15,
};
enum class landlock_access_net : unsigned {
    bind_tcp = 1u << 0,
    connect_tcp = 1u << 1,
};
enum class landlock_scope : unsigned {
    abstract_unix_socket = 1u << 0,
    signal = 1u << 1,
};
enum class landlock_create_flag : unsigned { version = 1u << 0 };

/// What a rule allows: rights of files in the lower bits, of the network in the
/// upper ones.
enum class landlock_access : unsigned { upper = 16 };

constexpr landlock_access allowing(landlock_access_fs a) noexcept {
    return static_cast<landlock_access>(a);
}
constexpr landlock_access allowing(landlock_access_net a) noexcept {
    return static_cast<landlock_access>(
        static_cast<unsigned>(a)
        << static_cast<unsigned>(landlock_access::upper));
}

enum class landlock_rule_type { path_beneath = 1, net_port = 2 };

/// `attr` of landlock_create_ruleset.
struct landlock_ruleset_options {
    flags_of<landlock_access_fs> handled_access_fs{};
    flags_of<landlock_access_net> handled_access_net{};
    flags_of<landlock_scope> scoped{};
};

/// `attr` of landlock_add_rule.
struct landlock_rule_options {
    flags_of<landlock_access> allowed_access{};
    std::optional<ref<file_descriptor::file_descriptor>> parent_fd{};
    std::optional<port_number> port{};
};

/// Throws EINVAL, with the names of rights that a kernel with the given ABI of
/// Landlock does not know.
void check_landlock_rights(const landlock_ruleset_options& attr, int abi);

/// Adds the functions of landlock(7) to the module.
void describe_landlock(module_builder& m);

} // namespace emilua::system

template <> struct emilua::enum_names<emilua::system::landlock_access_fs> {
    using e = system::landlock_access_fs;
    static constexpr auto name = "landlock_access_fs";
    static constexpr enum_item<e> items[] = {
        {"execute", e::execute, "Run a file."},
        {"write_file", e::write_file, "Open a file for writing."},
        {"read_file", e::read_file, "Open a file for reading."},
        {"read_dir", e::read_dir, "Open a folder, or list it."},
        {"remove_dir", e::remove_dir, "Remove or rename an empty folder."},
        {"remove_file", e::remove_file, "Remove or rename a file."},
        {"make_char", e::make_char, "Make a character device."},
        {"make_dir", e::make_dir, "Make a folder."},
        {"make_reg", e::make_reg, "Make a regular file."},
        {"make_sock", e::make_sock, "Make a UNIX socket."},
        {"make_fifo", e::make_fifo, "Make a FIFO."},
        {"make_block", e::make_block, "Make a block device."},
        {"make_sym", e::make_sym, "Make a symbolic link."},
        {"refer", e::refer,
         "Link or rename to another folder; since ABI 2. Refused when it is "
         "not handled, too."},
        {"truncate", e::truncate, "Change the size of a file; since ABI 3."},
        {"ioctl_dev", e::ioctl_dev,
         "Make ioctl(2) of a device that is opened; since ABI 5."},
    };
};

template <> struct emilua::enum_names<emilua::system::landlock_access_net> {
    using e = system::landlock_access_net;
    static constexpr auto name = "landlock_access_net";
    static constexpr enum_item<e> items[] = {
        {"bind_tcp", e::bind_tcp, "Bind a TCP socket to a port."},
        {"connect_tcp", e::connect_tcp, "Connect a TCP socket to a port."},
    };
};

template <> struct emilua::enum_names<emilua::system::landlock_scope> {
    using e = system::landlock_scope;
    static constexpr auto name = "landlock_scope";
    static constexpr enum_item<e> items[] = {
        {"abstract_unix_socket", e::abstract_unix_socket,
         "No connecting to abstract UNIX sockets of processes outside."},
        {"signal", e::signal, "No signals to processes outside."},
    };
};

template <> struct emilua::enum_names<emilua::system::landlock_create_flag> {
    using e = system::landlock_create_flag;
    static constexpr auto name = "landlock_create_flag";
    static constexpr enum_item<e> items[] = {
        {"version", e::version, "Tell the ABI and make nothing."},
    };
};

template <> struct emilua::enum_names<emilua::system::landlock_rule_type> {
    using e = system::landlock_rule_type;
    static constexpr auto name = "landlock_rule_type";
    static constexpr enum_item<e> items[] = {
        {"path_beneath", e::path_beneath,
         "For a file, or a folder and all "
         "below."},
        {"net_port", e::net_port, "For a port of TCP; since ABI 4."},
    };
};

template <> struct emilua::enum_names<emilua::system::landlock_access> {
    using e = system::landlock_access;
    using fs = system::landlock_access_fs;
    using net = system::landlock_access_net;
    static constexpr auto name = "landlock_access";
    static constexpr enum_item<e> items[] = {
        {"execute", system::allowing(fs::execute)},
        {"write_file", system::allowing(fs::write_file)},
        {"read_file", system::allowing(fs::read_file)},
        {"read_dir", system::allowing(fs::read_dir)},
        {"remove_dir", system::allowing(fs::remove_dir)},
        {"remove_file", system::allowing(fs::remove_file)},
        {"make_char", system::allowing(fs::make_char)},
        {"make_dir", system::allowing(fs::make_dir)},
        {"make_reg", system::allowing(fs::make_reg)},
        {"make_sock", system::allowing(fs::make_sock)},
        {"make_fifo", system::allowing(fs::make_fifo)},
        {"make_block", system::allowing(fs::make_block)},
        {"make_sym", system::allowing(fs::make_sym)},
        {"refer", system::allowing(fs::refer)},
        {"truncate", system::allowing(fs::truncate)},
        {"ioctl_dev", system::allowing(fs::ioctl_dev)},
        {"bind_tcp", system::allowing(net::bind_tcp)},
        {"connect_tcp", system::allowing(net::connect_tcp)},
    };
};

template <> struct emilua::fields_of<emilua::system::landlock_ruleset_options> {
    using o = system::landlock_ruleset_options;
    static constexpr auto name = "landlock_ruleset_options";
    static constexpr field_description items[] = {
        field<&o::handled_access_fs>(
            "handled_access_fs",
            "Rights of files that nobody has unless a rule allows it.",
            presence::optional),
        field<&o::handled_access_net>(
            "handled_access_net",
            "Rights of the network that nobody has unless a rule allows it; "
            "since ABI 4.",
            presence::optional),
        field<&o::scoped>("scoped",
                          "What stops at the border of those that obey; since "
                          "ABI 6.",
                          presence::optional),
    };
};

template <> struct emilua::fields_of<emilua::system::landlock_rule_options> {
    using o = system::landlock_rule_options;
    static constexpr auto name = "landlock_rule_options";
    static constexpr field_description items[] = {
        field<&o::allowed_access>("allowed_access",
                                  "What is allowed of what the ruleset "
                                  "handles."),
        field<&o::parent_fd>("parent_fd", "For \"path_beneath\": the file, or "
                                          "the folder."),
        field<&o::port>("port", "For \"net_port\": the port."),
    };
};
