// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/sandbox/policy.hpp"

#include "core/error_names.hpp"
#include "sandbox/control_group.hpp"
#include "sandbox/probe.hpp"
#include "sandbox/system_calls.hpp"

#include <algorithm>
#include <climits>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>

#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

class category final : public naming_category {
public:
    const char* name() const noexcept override { return "sandbox"; }
    std::string message(int code) const override {
        return std::string{"This system has no "} +
               name_of(static_cast<layer>(code - 1)) + " for a sandbox";
    }
    std::string code_name(int code) const override {
        std::string s{name_of(static_cast<layer>(code - 1))};
        for (char& c : s) c = static_cast<char>(c - 'a' + 'A');
        return s + "_UNAVAILABLE";
    }
};

const category& sandbox_category() noexcept {
    static const category instance;
    return instance;
}

std::string absolute(const place& p, const char* argument) {
    std::string text = std::holds_alternative<c_string>(p)
                           ? std::get<c_string>(p).text
                           : std::get<filesystem::path>(p).c_str(argument);
    if (text.empty())
        throw_invalid_argument(argument, "paths that are not empty");
    auto r = std::filesystem::absolute(text).lexically_normal().native();
    if (r.size() > 1 && r.back() == '/') r.pop_back();
    return r;
}

std::vector<std::string> absolute(const std::vector<place>& places,
                                  const char* argument) {
    std::vector<std::string> r;
    r.reserve(places.size());
    for (const auto& p : places) r.push_back(absolute(p, argument));
    return r;
}

/// Where it leads now; of what is not there yet, by the folder that is.
std::string real_path(const std::string& path) {
    std::string there = path, rest;
    for (;;) {
        const std::unique_ptr<char, void (*)(void*)> r{
            ::realpath(there.c_str(), nullptr), std::free};
        if (r && !rest.empty() && r.get() == std::string_view{"/"}) return rest;
        if (r) return r.get() + rest;
        const auto slash = there.rfind('/');
        rest.insert(0, there, slash);
        there.resize(std::max<std::size_t>(slash, 1));
    }
}

void name(const std::vector<std::string>& paths, confinement& c) {
    for (const auto& p : paths) {
        if (c.real_paths.contains(p)) continue;
        const auto real = real_path(p);
        if (!real.starts_with("/proc/")) c.real_paths.emplace(p, real);
    }
}

std::uint64_t value_of(const std::optional<amount>& a) noexcept {
    return a ? static_cast<std::uint64_t>(a->value) : 0;
}

limits limits_for(const limit_options& o) {
    limits l{.memory = value_of(o.memory),
             .counted = o.counted.value_or(memory_scope::available),
             .processes = value_of(o.processes),
             .processor = value_of(o.processor),
             .file_size = value_of(o.file_size),
             .descriptors = value_of(o.descriptors)};
    if (o.seconds) {
        if (!(*o.seconds > 0) || *o.seconds > 1e9)
            throw_invalid_argument("policy.limits.seconds",
                                   "a number of seconds above 0, at most "
                                   "1000000000");
        l.microseconds =
            static_cast<std::uint64_t>(std::ceil(*o.seconds * 1e6));
    }
    return l;
}

bool is_within(const std::string& path, const std::string& folder) {
    return folder == "/" || path == folder ||
           (path.starts_with(folder) && path[folder.size()] == '/');
}

/// What of a policy an ordinary process cannot be held to.
[[noreturn]] void refuse_in_process(const char* field, const char* what) {
    failure f = unavailable(layer::namespaces, ENOTSUP, nullptr);
    f.expected = std::string{"`"} + field + "` has " + what +
                 ", which takes namespaces, and this sandbox is in a process";
    if (const auto& a = probe(); !a.has_namespaces() && !a.reason.empty())
        f.expected += "; " + a.reason + ". What helps: " + a.advice;
    throw f;
}

/// Landlock takes nothing away from what is in a folder.
void check_parts(const char* field, const std::vector<std::string>& parts,
                 const std::vector<std::string>& folders,
                 const confinement& c) {
    const auto real = [&](const std::string& path) {
        const auto found = c.real_paths.find(path);
        return found == c.real_paths.end() ? path : found->second;
    };
    for (const auto& part : parts)
        for (const auto& folder : folders)
            if (real(part) != real(folder) &&
                is_within(real(part), real(folder)))
                refuse_in_process(
                    field, "a part that is not written to of a folder that "
                           "is");
}

void check_process(const confinement& c, const std::string& copied) {
    if (c.temporary != 0)
        refuse_in_process("policy.temporary", "a /tmp of its own");
    if (c.landlock_abi == 0) {
        const int error = probe().landlock_error;
        throw unavailable(layer::landlock, error != 0 ? error : ENOTSUP,
                          "landlock_create_ruleset");
    }
    auto written = c.writable;
    if (!copied.empty()) written.push_back(copied);
    check_parts("policy.read", c.readable, written, c);
    check_parts("policy.execute", c.executable, c.writable, c);
}

/// What is written to is either the host's or not.
void check_copied_folder(const std::string& folder,
                         const std::vector<std::string>& writable) {
    if (folder == "/")
        throw_invalid_argument("policy.copy_on_write",
                               "a folder that is not the root");
    for (const auto& p : writable)
        if (is_within(p, folder) || is_within(folder, p))
            throw_invalid_argument("policy.write",
                                   "paths that are not `copy_on_write`, nor "
                                   "above or below it");
}

/// Whether somebody can be asked.
void check_questions() {
    const std::uint32_t action = SECCOMP_RET_USER_NOTIF;
    if (::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == -1 ||
        (::syscall(SYS_pidfd_getfd, -1, -1, 0) == -1 && errno == ENOSYS))
        throw unavailable(layer::seccomp, ENOSYS, "seccomp");
}

void check_groups(const limits& most) {
    if (most.counted != memory_scope::sandbox || most.memory == 0) return;
    if (const int error = probe_groups().memory; error != 0)
        throw unavailable(layer::limits, error, "mkdir");
}

/// What is named beside `temporary` would be the host's, and lie below it.
/// Only that it may be run can be said of the guest's own.
void give_temporary(const policy& p, confinement& c) {
    constexpr auto is_it = [](const std::string& path) {
        return path == "/tmp";
    };
    const auto refuse_if = [](bool is_named, const char* field) {
        if (is_named)
            throw_invalid_argument(field, "paths that are not /tmp, which is "
                                          "the guest's own with `temporary`");
    };
    refuse_if(std::ranges::any_of(c.readable, is_it), "policy.read");
    refuse_if(std::ranges::any_of(c.writable, is_it), "policy.write");
    refuse_if(is_it(copied_folder_of(p)), "policy.copy_on_write");
    c.temporary = static_cast<std::uint64_t>(p.temporary->value);
    c.runs_temporary = std::erase_if(c.executable, is_it) != 0;
}

void check_rules(const policy& p, confinement& c) {
    const auto rules = egress_for(p);
    c.asks_for_services = !rules.paths().empty();
    // The resolver of a guest in the host's network would ask the host's name
    // servers.
    if (c.on == foundation::process && rules.has_names())
        throw unavailable(layer::network, ENOTSUP, nullptr);
}

} // namespace

failure unavailable(layer of, int error, const char* syscall) {
    failure f{error_code{static_cast<int>(of) + 1, sandbox_category()},
              syscall};
    f.expected = f.code.message() + ": ";
    if (syscall) f.expected += std::string{syscall} + ": ";
    f.expected += std::strerror(error);
    const auto& a = probe();
    if (syscall && syscall == std::string_view{"seccomp"} && error == EPERM)
        f.expected += "; a filter of system calls that was there before ended "
                      "the guest while it was confined. What helps: a filter "
                      "that allows what a sandbox is made of";
    else if ((of == layer::namespaces || of == layer::files) &&
             !a.reason.empty())
        f.expected += "; " + a.reason + ". What helps: " + a.advice;
    else if (of == layer::landlock)
        f.expected += error == EOPNOTSUPP
                          ? "; it is off. What helps: lsm=landlock,… on the "
                            "command line of the kernel"
                          : "; the kernel has none. What helps: Linux 5.13 "
                            "or later with CONFIG_SECURITY_LANDLOCK";
    else if (of == layer::network)
        f.expected += "; names are for a network of its own. What helps: "
                      "namespaces, or addresses in `network.allow`";
    else if (of == layer::limits)
        f.expected += "; there is no control group to be had that holds it. "
                      "What helps: systemd-run --user --scope -p Delegate=yes, "
                      "or a hierarchy of control groups that this user may "
                      "write to";
    return f;
}

egress_rules egress_for(const policy& p) {
    egress_rules r;
    const auto* const rules = std::get_if<network_rules>(&p.network);
    if (!rules) return r;
    for (std::size_t i = 0; i < rules->allow.size(); ++i) {
        if (r.add(rules->allow[i])) continue;
        throw_invalid_argument("policy.network.allow",
                               "\"HOST:PORT\", \"ADDRESS/BITS:PORT\", "
                               "\"[IPV6]:PORT\" or the path of a UNIX socket, "
                               "not \"" +
                                   rules->allow[i] + '"');
    }
    return r;
}

std::string copied_folder_of(const policy& p) {
    return p.copy_on_write ? absolute(*p.copy_on_write, "policy.copy_on_write")
                           : std::string{};
}

confinement confinement_for(const policy& p) {
    confinement c;
    c.readable = absolute(p.read, "policy.read");
    c.writable = absolute(p.write, "policy.write");
    c.executable =
        p.execute ? absolute(*p.execute, "policy.execute") : c.readable;
    if (p.temporary) give_temporary(p, c);
    for (const auto* paths : {&c.readable, &c.writable, &c.executable})
        name(*paths, c);
    if (p.copy_on_write) name({copied_folder_of(p)}, c);
    const auto* const access = std::get_if<network_access>(&p.network);
    c.shares_network = access && *access == network_access::host;
    c.asks_to_connect = !access;
    c.explains = p.explain;
    if (p.copy_on_write) check_copied_folder(copied_folder_of(p), c.writable);
    if (p.limits) c.most = limits_for(*p.limits);
    c.landlock_abi = usable_landlock_abi();

    const auto& a = probe();
    c.on = p.on.value_or(a.has_namespaces() ? foundation::namespaces
                                            : foundation::process);
    if (c.on == foundation::process) {
        // With namespaces, guests begin in a root of their own.
        c.directory = "/";
        check_process(c, copied_folder_of(p));
    } else if (!a.has_namespaces()) {
        const auto& n = a.namespaces;
        for (const int e :
             {n.user, n.mount, n.pid, n.ipc, n.uts, n.net, n.cgroup})
            if (e != 0) throw unavailable(layer::namespaces, e, "clone");
        throw unavailable(layer::files, n.proc, "fsmount");
    }
    check_groups(c.most);
    if (c.asks_to_connect || c.explains) check_questions();
    if (c.asks_to_connect) check_rules(p, c);
    if (!a.seccomp) throw unavailable(layer::seccomp, ENOSYS, "seccomp");
    return c;
}

void filter_calls(confinement& c) {
    c.seccomp_filter = system_call_filter(c);
    c.asked_calls = asked_calls_filter(c);
}

} // namespace emilua::sandbox
