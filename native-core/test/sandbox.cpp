// SPDX-License-Identifier: MIT OR BSL-1.0
// What only C++ can see of sandboxes: which system calls each profile has, as
// the kernel would run the filters, and what the decoder makes of anything.
#include "sandbox/program.hpp"
#include "sandbox/system_calls.hpp"
#include "test_vm.hpp"

#include <cstring>
#include <fstream>
#include <random>
#include <sstream>

#include <dlfcn.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>

namespace {

using namespace emilua::sandbox;

#if defined(__x86_64__)
constexpr unsigned architecture = AUDIT_ARCH_X86_64;
constexpr const char* architecture_name = "x86_64";
#else
constexpr unsigned architecture = AUDIT_ARCH_AARCH64;
constexpr const char* architecture_name = "aarch64";
#endif

/// The instructions that filters of libseccomp are made of.
std::uint32_t run(const std::string& program, const seccomp_data& data) {
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
std::uint32_t answer(const std::vector<std::string>& filters,
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

std::string told(std::uint32_t action) {
    switch (action & SECCOMP_RET_ACTION_FULL) {
    case SECCOMP_RET_ALLOW:
        return "allowed";
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
    confinement with;
};

std::vector<profile> profiles() {
    confinement namespaces, host, process, bare, host_process;
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
    return {{"namespaces", namespaces},
            {"namespaces, network of the host", host},
            {"process", process},
            {"process, Landlock before ABI 6", bare},
            {"process, network of the host", host_process},
            {"namespaces, rules for the network", rules},
            {"process, rules for the network", rules_process}};
}

/// What each profile does with each call, all arguments zero.
std::string table() {
    void* const library = ::dlopen("libseccomp.so.2", RTLD_NOW);
    const auto name_of =
        reinterpret_cast<decltype(&::seccomp_syscall_resolve_num_arch)>(
            ::dlsym(library, "seccomp_syscall_resolve_num_arch"));
    std::ostringstream out;
    const auto all = profiles();
    for (const auto& p : all) {
        const auto filters = system_call_filters(p.with);
        out << "## " << p.name << '\n';
        for (int n = 0; n < 470; ++n) {
            char* const name = name_of(SCMP_ARCH_NATIVE, n);
            seccomp_data data{};
            data.nr = n;
            data.arch = architecture;
            out << (name ? std::string{name} : '#' + std::to_string(n)) << ' '
                << told(answer(filters, data)) << '\n';
            std::free(name);
        }
        seccomp_data foreign{};
        foreign.arch = AUDIT_ARCH_I386;
        out << "another architecture " << told(answer(filters, foreign))
            << '\n';
    }
    return out.str();
}

void test_table() {
    const std::string path =
        std::string{"../test-fixtures/sandbox/system-calls-"} +
        architecture_name + ".txt";
    const auto now = table();
    if (std::getenv("EMILUA_WRITE_TABLES")) std::ofstream{path} << now;
    std::ifstream file{path};
    std::stringstream before;
    before << file.rdbuf();
    std::istringstream a{before.str()}, b{now};
    for (std::string x, y; std::getline(b, y);) {
        std::getline(a, x);
        if (x != y)
            std::fprintf(stderr, "%s: \"%s\" became \"%s\"\n", path.c_str(),
                         x.c_str(), y.c_str());
        CHECK(x == y);
    }
}

std::uint32_t asked(const profile& p, int number,
                    std::initializer_list<std::uint64_t> arguments) {
    seccomp_data data{};
    data.nr = number;
    data.arch = architecture;
    std::size_t i = 0;
    for (const auto a : arguments) data.args[i++] = a;
    return answer(system_call_filters(p.with), data);
}

void test_conditions() {
    constexpr auto refused = SECCOMP_RET_ERRNO | EPERM;
    for (const auto& p : profiles()) {
        // By every flag that makes a namespace, also beside others.
        for (const std::uint64_t flag :
             {0x80u, 0x20000u, 0x2000000u, 0x4000000u, 0x8000000u, 0x10000000u,
              0x20000000u, 0x40000000u}) {
            // CLONE_NEWTIME is one of clone3 and unshare only.
            if (flag == 0x80u) continue;
            CHECK(asked(p, __NR_clone, {flag | 17}) == refused);
        }
        CHECK(asked(p, __NR_clone, {17}) == SECCOMP_RET_ALLOW);
#if defined(__x86_64__)
        // execve of the x32 ABI, and a number that no kernel has yet.
        CHECK(asked(p, 0x40000000 | 520, {}) == SECCOMP_RET_KILL_PROCESS);
#endif
        CHECK(asked(p, 9999, {}) == (SECCOMP_RET_ERRNO | ENOSYS));
        // The kernel takes 32 bits of the request.
        for (const std::uint64_t upper : {0ull, 1ull << 32, ~0ull << 32}) {
            CHECK(asked(p, __NR_ioctl, {0, upper | 0x5412}) == refused);
            CHECK(asked(p, __NR_ioctl, {0, upper | 0x541c}) == refused);
            CHECK(asked(p, __NR_ioctl, {0, upper | 0x5413}) ==
                  SECCOMP_RET_ALLOW);
        }
        CHECK(asked(p, __NR_mknodat, {0, 0, 0020000}) == refused);
        CHECK(asked(p, __NR_mknodat, {0, 0, 0060000}) == refused);
        CHECK(asked(p, __NR_mknodat, {0, 0, 0010644}) == SECCOMP_RET_ALLOW);
        CHECK(asked(p, __NR_renameat2, {0, 0, 0, 0, 4}) == refused);
        CHECK(asked(p, __NR_renameat2, {0, 0, 0, 0, 2}) == SECCOMP_RET_ALLOW);
        for (const std::uint64_t family : {16, 17, 38, 40, 31, 29})
            CHECK(asked(p, __NR_socket, {family, 2, 0}) == refused);
        CHECK(asked(p, __NR_socket, {2, 3, 1}) == refused);
        const auto allowed_if = [&](bool x) {
            return x ? SECCOMP_RET_ALLOW : refused;
        };
        const bool apart = p.with.on == foundation::namespaces;
        const bool host = p.with.shares_network, asks = p.with.asks_to_connect;
        CHECK(asked(p, __NR_socket, {2, 1 | 02000000, 6}) ==
              allowed_if(apart || host || asks));
        CHECK(asked(p, __NR_socket, {10, 2, 0}) == allowed_if(apart || host));
        CHECK(asked(p, __NR_socket, {1, 1, 0}) == allowed_if(apart || asks));
        CHECK(asked(p, __NR_socket, {1, 2, 0}) == allowed_if(apart));
        // Datagrams of a pair can go to every path.
        CHECK(asked(p, __NR_socketpair, {1, 1 | 02000000, 0}) ==
              SECCOMP_RET_ALLOW);
        CHECK(asked(p, __NR_socketpair, {1, 2 | 04000, 0}) ==
              allowed_if(apart));
        constexpr std::uint64_t fast_open = 0x20000000;
        const auto fast =
            asks ? SECCOMP_RET_ERRNO | EOPNOTSUPP : SECCOMP_RET_ALLOW;
        CHECK(asked(p, __NR_sendto, {3, 0, 0, fast_open | 1}) == fast);
        CHECK(asked(p, __NR_sendmsg, {3, 0, fast_open | 1}) == fast);
        CHECK(asked(p, __NR_sendmmsg, {3, 0, 1, fast_open | 1}) == fast);
        CHECK(asked(p, __NR_sendto, {3, 0, 0, 0x4000}) == SECCOMP_RET_ALLOW);
    }
}

/// It takes what was encoded, and refuses or takes anything else, without
/// reading where nothing is.
void test_decoder() {
    program_setup s;
    s.within.readable = {"/usr", "/bin"};
    s.within.most.processes = 7;
    s.within.seccomp_filters = {std::string(800, 'x')};
    s.arguments = {"a", "", std::string(5000, 'b')};
    const auto good = encode(s);
    const auto back = decode(good);
    CHECK(back.within.readable == s.within.readable);
    CHECK(back.within.most.processes == 7);
    CHECK(back.arguments == s.arguments);
    std::mt19937 random{7};
    int refused = 0;
    for (int i = 0; i < 20'000; ++i) {
        auto bad = good;
        bad.resize(random() % (good.size() + 1));
        for (auto n = random() % 4; n > 0 && !bad.empty(); --n)
            bad[random() % bad.size()] = static_cast<char>(random());
        try {
            decode(bad);
        } catch (const emilua::failure& f) {
            CHECK(f.code.value() == EBADMSG);
            ++refused;
        }
    }
    CHECK(refused > 10'000);
}

} // namespace

int main() {
    test_table();
    test_conditions();
    test_decoder();
    return emilua::test::failures != 0;
}
