// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/system/landlock.hpp"

#include "core/all_threads.hpp"

#include <sys/syscall.h>
#include <unistd.h>

namespace emilua::system {

namespace {

// The kernel's, which headers of older ones do not have whole.
struct ruleset_attributes {
    std::uint64_t handled_access_fs;
    std::uint64_t handled_access_net;
    std::uint64_t scoped;
};
struct [[gnu::packed]] path_beneath_attributes {
    std::uint64_t allowed_access;
    std::int32_t parent_fd;
};
struct net_port_attributes {
    std::uint64_t allowed_access;
    std::uint64_t port;
};

int abi_of_kernel() {
    const long abi = ::syscall(SYS_landlock_create_ruleset, nullptr, 0,
                               landlock_create_flag::version);
    if (abi == -1) throw_errno("landlock_create_ruleset");
    return static_cast<int>(abi);
}

/// The ABI that brought each right of files after the first one.
int abi_of(landlock_access_fs a) noexcept {
    switch (a) {
    case landlock_access_fs::refer:
        return 2;
    case landlock_access_fs::truncate:
        return 3;
    case landlock_access_fs::ioctl_dev:
        return 5;
    default:
        return 1;
    }
}
int abi_of(landlock_access_net) noexcept { return 4; }
int abi_of(landlock_scope) noexcept { return 6; }

template <class E>
void check_known(flags_of<E> rights, int abi, const char* argument) {
    std::string unknown;
    for (const auto& item : enum_names<E>::items) {
        if (!rights.has(item.value) || abi_of(item.value) <= abi) continue;
        if (!unknown.empty()) unknown += ", ";
        unknown += std::string{'"'} + item.name + '"';
    }
    if (unknown.empty()) return;
    throw_invalid_argument(argument,
                           "what Landlock of this kernel knows (ABI " +
                               std::to_string(abi) + "), not " + unknown);
}

using file_descriptor::file_descriptor;

std::variant<file_descriptor, int>
create_ruleset(const std::optional<landlock_ruleset_options>& attr,
               flags_of<landlock_create_flag> flags) {
    if (flags.has(landlock_create_flag::version)) {
        if (attr)
            throw_invalid_argument("attr", "nothing with the flag \"version\"");
        return abi_of_kernel();
    }
    if (!attr)
        throw_invalid_argument("attr", "an object, or the flag \"version\"");
    check_landlock_rights(*attr, abi_of_kernel());
    const ruleset_attributes a{attr->handled_access_fs.bits,
                               attr->handled_access_net.bits,
                               attr->scoped.bits};
    // An older kernel takes a longer struct whose end is zero.
    const long fd = ::syscall(SYS_landlock_create_ruleset, &a, sizeof(a), 0);
    if (fd == -1)
        throw_errno("landlock_create_ruleset",
                    errno == ENOMSG ? "attr" : nullptr);
    return file_descriptor{unique_descriptor{static_cast<int>(fd)}};
}

constexpr auto network_shift = static_cast<unsigned>(landlock_access::upper);
constexpr unsigned file_rights = (1u << network_shift) - 1;

void add_rule(const file_descriptor& ruleset_fd, landlock_rule_type rule_type,
              const landlock_rule_options& attr) {
    const unsigned rights = attr.allowed_access.bits;
    const auto add = [&](const auto& a) {
        if (::syscall(SYS_landlock_add_rule, ruleset_fd.get(), rule_type, &a,
                      0) == -1)
            throw_errno("landlock_add_rule", errno == EINVAL || errno == ENOMSG
                                                 ? "attr.allowed_access"
                                                 : nullptr);
    };
    if (rule_type == landlock_rule_type::path_beneath) {
        if (!attr.parent_fd)
            throw_invalid_argument("attr.parent_fd",
                                   "a descriptor with \"path_beneath\"");
        if (attr.port)
            throw_invalid_argument("attr.port",
                                   "nothing with \"path_beneath\"");
        if (rights & ~file_rights)
            throw_invalid_argument("attr.allowed_access",
                                   "rights of files with \"path_beneath\"");
        add(path_beneath_attributes{rights, (*attr.parent_fd)->get()});
    } else {
        if (!attr.port)
            throw_invalid_argument("attr.port", "a port with \"net_port\"");
        if (attr.parent_fd)
            throw_invalid_argument("attr.parent_fd",
                                   "nothing with \"net_port\"");
        if (rights & file_rights)
            throw_invalid_argument("attr.allowed_access",
                                   "rights of the network with \"net_port\"");
        add(net_port_attributes{rights >> network_shift,
                                static_cast<std::uint64_t>(attr.port->value)});
    }
}

void restrict_self(const file_descriptor& ruleset_fd) {
    system_call_on_all_threads("landlock_restrict_self",
                               SYS_landlock_restrict_self, {ruleset_fd.get()});
}

} // namespace

void check_landlock_rights(const landlock_ruleset_options& attr, int abi) {
    check_known(attr.handled_access_fs, abi, "attr.handled_access_fs");
    check_known(attr.handled_access_net, abi, "attr.handled_access_net");
    check_known(attr.scoped, abi, "attr.scoped");
}

void describe_landlock(module_builder& m) {
    m.sync("landlock_create_ruleset", fn<&create_ruleset>,
           {{"attr", "What the ruleset handles."},
            {"flags", "\"version\" asks for the ABI instead."}},
           "Makes a ruleset of Landlock, or tells the ABI of the kernel.",
           "EINVAL for rights that the kernel does not know, by name; ENOMSG "
           "for none; ENOSYS or EOPNOTSUPP where there is no Landlock. "
           "landlock_create_ruleset(2).");
    m.sync("landlock_add_rule", fn<&add_rule>,
           {{"ruleset_fd", "A ruleset."},
            {"rule_type", "What the rule is about."},
            {"attr", "What it allows, and where."}},
           "Adds a rule to a ruleset of Landlock: an exception.",
           "EINVAL for rights that the ruleset does not handle, or that a "
           "file cannot have that is no folder; EBADFD for a descriptor of "
           "another kind. landlock_add_rule(2).");
    m.sync("landlock_restrict_self", fn<&restrict_self>,
           {{"ruleset_fd", "A ruleset."}},
           "Makes this process obey a ruleset of Landlock, for good.",
           "All its threads, and its children. EPERM without {@ref "
           "set_no_new_privs} or CAP_SYS_ADMIN; E2BIG after 16 times. "
           "landlock_restrict_self(2).")
        .master_only();
}

} // namespace emilua::system
