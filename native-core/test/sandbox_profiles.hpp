// SPDX-License-Identifier: MIT OR BSL-1.0
// The filters of system calls of all profiles, run as the kernel runs them.
#pragma once

#include "sandbox/system_calls.hpp"
#include "test_vm.hpp"

#include <cstring>
#include <sstream>

#include <dlfcn.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>

namespace emilua::test {

/// Those that there are filters for.
struct processor {
    const char* name;
    unsigned audit;
    std::uint32_t token;
    /// Another one, whose calls a kernel of this one may know, too.
    unsigned foreign;
};
inline constexpr processor processors[] = {
    {"x86_64", AUDIT_ARCH_X86_64, SCMP_ARCH_X86_64, AUDIT_ARCH_I386},
    {"aarch64", AUDIT_ARCH_AARCH64, SCMP_ARCH_AARCH64, AUDIT_ARCH_ARM},
};
#if defined(__x86_64__)
inline constexpr auto& here = processors[0];
#else
inline constexpr auto& here = processors[1];
#endif

/// Calls have numbers below this one.
inline constexpr int numbers = 470;

/// The instructions that filters of libseccomp are made of.
inline std::uint32_t run(const std::string& program, const seccomp_data& data) {
    const auto* const code =
        reinterpret_cast<const sock_filter*>(program.data());
    std::uint32_t a = 0;
    for (std::size_t at = 0;; ++at) {
        const auto& i = code[at];
        switch (i.code) {
        case BPF_LD | BPF_W | BPF_ABS:
            std::memcpy(&a, reinterpret_cast<const char*>(&data) + i.k,
                        sizeof(a));
            break;
        case BPF_ALU | BPF_AND | BPF_K:
            a &= i.k;
            break;
        case BPF_JMP | BPF_JA:
            at += i.k;
            break;
        case BPF_JMP | BPF_JEQ | BPF_K:
            at += a == i.k ? i.jt : i.jf;
            break;
        case BPF_JMP | BPF_JGT | BPF_K:
            at += a > i.k ? i.jt : i.jf;
            break;
        case BPF_JMP | BPF_JGE | BPF_K:
            at += a >= i.k ? i.jt : i.jf;
            break;
        case BPF_RET | BPF_K:
            return i.k;
        default:
            std::fprintf(stderr, "instruction %x\n", i.code);
            CHECK(!"an instruction that is known");
            return 0;
        }
    }
}

/// As the kernel does: the strictest, and of two the later.
inline std::uint32_t answer(const std::vector<std::string>& filters,
                            const seccomp_data& data) {
    std::uint32_t r = SECCOMP_RET_ALLOW;
    for (auto f = filters.rbegin(); f != filters.rend(); ++f) {
        const auto one = run(*f, data);
        const auto strictness = [](std::uint32_t x) {
            return static_cast<std::int32_t>(x & SECCOMP_RET_ACTION_FULL);
        };
        if (strictness(one) < strictness(r)) r = one;
    }
    return r;
}

inline std::string told(std::uint32_t action) {
    switch (action & SECCOMP_RET_ACTION_FULL) {
    case SECCOMP_RET_ALLOW:
        return "allowed";
    case SECCOMP_RET_USER_NOTIF:
        return "asked";
    case SECCOMP_RET_ERRNO:
        switch (action & SECCOMP_RET_DATA) {
        case EPERM:
            return "EPERM";
        case ENOSYS:
            return "ENOSYS";
        default:
            return "errno " + std::to_string(action & SECCOMP_RET_DATA);
        }
    case static_cast<std::uint32_t>(SECCOMP_RET_KILL_PROCESS):
        return "killed";
    default:
        return "?";
    }
}

struct profile {
    const char* name;
    sandbox::confinement with;

    /// In the order they are set.
    std::vector<std::string> filters(std::uint32_t architecture = 0) const {
        std::vector r{sandbox::system_call_filter(with, architecture)};
        auto asked = sandbox::asked_calls_filter(with, architecture);
        if (!asked.empty()) r.push_back(std::move(asked));
        return r;
    }
};

inline std::vector<profile> profiles() {
    using sandbox::foundation;
    sandbox::confinement namespaces, host, process, bare, host_process;
    namespaces.landlock_abi = host.landlock_abi = process.landlock_abi =
        host_process.landlock_abi = 6;
    auto rules = namespaces;
    host.shares_network = host_process.shares_network = true;
    process.on = bare.on = host_process.on = foundation::process;
    bare.landlock_abi = 1;
    rules.landlock_abi = 6;
    rules.asks_to_connect = rules.asks_for_services = true;
    auto rules_process = rules;
    rules_process.on = foundation::process;
    auto writing = process;
    writing.writable = {"/tmp"};
    writing.landlock_abi = 4;
    auto explained = namespaces;
    explained.explains = true;
    return {{"namespaces", namespaces},
            {"namespaces, network of the host", host},
            {"process", process},
            {"process, Landlock before ABI 3", bare},
            {"process, files to change, Landlock before ABI 6", writing},
            {"process, network of the host", host_process},
            {"namespaces, rules for the network", rules},
            {"process, rules for the network", rules_process},
            {"namespaces, files explained", explained}};
}

/// As libseccomp's `architecture` calls it, or "#NUMBER".
inline std::string name_of_call(int number, std::uint32_t architecture) {
    static void* const library = ::dlopen("libseccomp.so.2", RTLD_NOW);
    static const auto find =
        reinterpret_cast<decltype(&::seccomp_syscall_resolve_num_arch)>(
            ::dlsym(library, "seccomp_syscall_resolve_num_arch"));
    char* const name = find(architecture, number);
    std::string r(1, '#');
    if (name)
        r = name;
    else
        r += std::to_string(number);
    std::free(name);
    return r;
}

inline std::string path_of_table(const processor& p) {
    std::string r{"../test-fixtures/sandbox/system-calls-"};
    return r.append(p.name).append(".txt");
}

} // namespace emilua::test
