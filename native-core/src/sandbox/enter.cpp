// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/init_process.hpp"
#include "sandbox/steps.hpp"

#include "core/launcher_steps.hpp"
#include "core/process.hpp"

#include <emilua/unique_descriptor.hpp>

#include <algorithm>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

void write_file(const char* path, const std::string& text) {
    const unique_descriptor f{::open(path, O_WRONLY | O_CLOEXEC)};
    if (!f) refuse(layer::namespaces, "open", path);
    if (::write(f.get(), text.data(), text.size()) !=
        static_cast<ssize_t>(text.size()))
        refuse(layer::namespaces, "write", path);
}

std::string same(unsigned id) {
    return std::to_string(id) + ' ' + std::to_string(id) + " 1\n";
}

/// The user and the group keep their numbers; there are no others.
void map_ids(unsigned uid, unsigned gid) {
    write_file("/proc/self/setgroups", "deny");
    write_file("/proc/self/uid_map", same(uid));
    write_file("/proc/self/gid_map", same(gid));
}

/// The only interface of a new network, which is down at first.
void raise_loopback() {
    const unique_descriptor s{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    if (!s) refuse(layer::network, "socket");
    ifreq r{};
    std::strcpy(r.ifr_name, "lo");
    r.ifr_flags = IFF_UP | IFF_RUNNING;
    if (::ioctl(s.get(), SIOCSIFFLAGS, &r) == -1)
        refuse(layer::network, "ioctl");
}

/// Where resolvers look that were told nothing.
unique_descriptor open_name_server() {
    unique_descriptor s{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    if (!s) refuse(layer::network, "socket");
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_port = htons(53);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(s.get(), reinterpret_cast<const sockaddr*>(&a), sizeof(a)) == -1)
        refuse(layer::network, "bind");
    return s;
}

void limit(int resource, std::uint64_t most, std::uint64_t at_last) {
    const auto kind = static_cast<__rlimit_resource>(resource);
    rlimit r{};
    if (::getrlimit(kind, &r) == -1) refuse(layer::limits, "getrlimit");
    // One that was there before holds what is above it, too.
    r = {std::min<rlim_t>(most, r.rlim_max),
         std::min<rlim_t>(at_last, r.rlim_max)};
    if (::setrlimit(kind, &r) == -1) refuse(layer::limits, "setrlimit");
}

void limit(int resource, std::uint64_t most) { limit(resource, most, most); }

void apply_limits(const limits& most, foundation on) {
    limit(RLIMIT_CORE, 0);
    if (most.memory != 0) limit(RLIMIT_AS, most.memory);
    if (most.data != 0) limit(RLIMIT_DATA, most.data + most.reserved);
    // A second more, so that it ends by the signal that says why.
    if (most.processor != 0)
        limit(RLIMIT_CPU, most.processor, most.processor + 1);
    if (most.file_size != 0) limit(RLIMIT_FSIZE, most.file_size);
    if (most.descriptors != 0) limit(RLIMIT_NOFILE, most.descriptors);
    // Counted for each user namespace. The system's root is not counted, and
    // has a control group.
    if (most.processes != 0 && on == foundation::namespaces)
        limit(RLIMIT_NPROC, most.processes + init_processes);
}

/// Those that programs could get.
void empty_bounding_set() {
    for (int capability = 0;; ++capability) {
        const int has = ::prctl(PR_CAPBSET_READ, capability, 0, 0, 0);
        if (has == -1) break;
        // Nobody without CAP_SETPCAP can, and without privileges needs to.
        if (has == 1 && ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == -1 &&
            errno != EPERM)
            refuse(layer::privileges, "prctl");
    }
}

void give_up_privileges() {
    empty_bounding_set();
    constexpr unsigned long bits =
        SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |
        SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED |
        SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
    if (::prctl(PR_SET_SECUREBITS, bits, 0, 0, 0) == -1 && errno != EPERM)
        refuse(layer::privileges, "prctl");
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const __user_cap_data_struct none[2]{};
    if (::syscall(SYS_capset, &header, none) == -1)
        refuse(layer::privileges, "capset");
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
        refuse(layer::privileges, "prctl");
}

sock_fprog program_of(const std::string& filter) noexcept {
    return {
        static_cast<unsigned short>(filter.size() / seccomp_instruction_size),
        const_cast<sock_filter*>(
            reinterpret_cast<const sock_filter*>(filter.data()))};
}

void apply_seccomp(const std::string& filter) {
    const auto program = program_of(filter);
    if (::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == -1)
        refuse(layer::seccomp, "seccomp");
}

/// The calls that `filter` says wait for an answer from then on.
unique_descriptor ask(const std::string& filter) {
    const auto program = program_of(filter);
    const auto set = [&](unsigned flags) {
        return static_cast<int>(
            ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                      SECCOMP_FILTER_FLAG_NEW_LISTENER | flags, &program));
    };
    // From Linux 5.19 on, signals do not end what is being answered.
    int listener = set(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
    if (listener == -1 && errno == EINVAL) listener = set(0);
    if (listener == -1) refuse(layer::seccomp, "seccomp");
    return unique_descriptor{listener};
}

void set_host_name(const confinement& c) {
    if (::sethostname(c.host_name.data(), c.host_name.size()) == -1)
        refuse(layer::namespaces, "sethostname");
}

} // namespace

void join_groups(std::span<const unique_descriptor> entrances, pid_t child) {
    const auto join = [&](const std::string& who) {
        for (const auto& e : entrances)
            if (::write(e.get(), who.data(), who.size()) == -1)
                refuse(layer::limits, "write");
    };
    join("0");
    if (child != -1) join(std::to_string(child));
}

const char* name_of(layer l) noexcept {
    switch (l) {
    case layer::namespaces:
        return "namespaces";
    case layer::files:
        return "files";
    case layer::network:
        return "network";
    case layer::landlock:
        return "landlock";
    case layer::seccomp:
        return "seccomp";
    case layer::privileges:
        return "privileges";
    case layer::limits:
        return "limits";
    case layer::program:
        break;
    }
    return "program";
}

std::uint32_t clone_flags(const confinement& c) noexcept {
    if (c.on == foundation::process) return 0;
    // Mounts come with `enter`.
    std::uint32_t flags = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWIPC |
                          CLONE_NEWUTS | CLONE_NEWCGROUP;
    if (!c.shares_network) flags |= CLONE_NEWNET;
    return flags;
}

unique_descriptor prepare_to_enter(std::uint32_t flags, unsigned outer_uid,
                                   unsigned outer_gid) {
    unique_descriptor mounts;
    if (flags == 0) {
        // Whom the guest leaves behind comes to its init.
        if (::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == -1 ||
            ::prctl(PR_SET_PDEATHSIG, end_of_all(), 0, 0, 0) == -1)
            refuse(layer::privileges, "prctl");
    } else {
        // A process that is not dumpable may not say who it is in its own
        // namespace.
        if (::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == -1)
            refuse(layer::privileges, "prctl");
        map_ids(outer_uid, outer_gid);
        if (flags & CLONE_NEWNET) raise_loopback();
        mounts = make_basic_mounts();
    }
    empty_bounding_set();
    // No guest looks into its init.
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == -1)
        refuse(layer::privileges, "prctl");
    return mounts;
}

entered enter(const confinement& c, const unique_descriptor& mounts) {
    if (c.on == foundation::process) return {};
    set_host_name(c);
    entered e;
    if (c.asks_to_connect) e.names = open_name_server();
    e.left_mounts = build_root(c, mounts);
    return e;
}

void enter_ready(const confinement& c, const unique_descriptor& mounts) {
    set_host_name(c);
    enter_mounts(mounts);
}

void begin_in_folder(const confinement& c) {
    if (!c.directory.empty() && ::chdir(c.directory.c_str()) == -1)
        refuse(layer::files, "chdir", c.directory);
}

entered enter(const confinement& c, const unique_descriptor& mounts,
              ready_policy ready) {
    enter_ready(c, mounts);
    auto filled = ready.take();
    return {{}, std::move(filled.left), std::move(filled.rules)};
}

unique_descriptor confine(const confinement& c, layer& at,
                          const unique_descriptor& rules) {
    // Some have them made ahead; so nobody makes them behind the limits.
    at = layer::landlock;
    unique_descriptor made;
    if (!rules && c.landlock_abi != 0) made = make_rules(c);
    at = layer::limits;
    // Keys of who started this are theirs; none of the calls for keys is left.
    ::syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr);
    apply_limits(c.most, c.on);
    at = layer::files;
    begin_in_folder(c);
    at = layer::privileges;
    give_up_privileges();
    at = layer::landlock;
    if (rules || made) restrict_by(rules ? rules : made);
    made.reset();
    at = layer::seccomp;
    if (!c.seccomp_filter.empty()) apply_seccomp(c.seccomp_filter);
    process::be_confined();
    return c.asked_calls.empty() ? unique_descriptor{} : ask(c.asked_calls);
}

} // namespace emilua::sandbox
