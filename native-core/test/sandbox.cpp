// SPDX-License-Identifier: MIT OR BSL-1.0
// What only C++ can see of sandboxes: which system calls each profile has, as
// the kernel would run the filters, and what the decoder makes of anything.
#include "sandbox/program.hpp"
#include "sandbox_profiles.hpp"
#include "test_vm.hpp"

#include <fstream>
#include <random>

namespace {

using namespace emilua::sandbox;
using namespace emilua::test;

/// What each profile does with each call, all arguments zero.
std::string table(const processor& on) {
    std::ostringstream out;
    for (const auto& p : profiles()) {
        const auto filters = p.filters(on.token);
        out << "## " << p.name << '\n';
        for (int n = 0; n < numbers; ++n) {
            seccomp_data data{};
            data.nr = n;
            data.arch = on.audit;
            out << name_of_call(n, on.token) << ' '
                << told(answer(filters, data)) << '\n';
        }
        seccomp_data foreign{};
        foreign.arch = on.foreign;
        out << "another architecture " << told(answer(filters, foreign))
            << '\n';
    }
    return out.str();
}

void test_table(const processor& on) {
    const auto path = path_of_table(on);
    const auto now = table(on);
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
    data.arch = here.audit;
    std::size_t i = 0;
    for (const auto a : arguments) data.args[i++] = a;
    return answer(p.filters(), data);
}

void test_conditions() {
    constexpr auto refused = SECCOMP_RET_ERRNO | EPERM;
    for (const auto& p : profiles()) {
        const auto named =
            p.with.explains ? SECCOMP_RET_USER_NOTIF : SECCOMP_RET_ALLOW;
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
        // Of itself alone: the host's have the same user.
        const bool among_others = p.with.on == foundation::process;
        const auto alone = among_others ? refused : SECCOMP_RET_ALLOW;
        CHECK(asked(p, __NR_prlimit64, {1, 7}) == refused);
        CHECK(asked(p, __NR_prlimit64, {0, 7}) == SECCOMP_RET_ALLOW);
        for (const int n : {__NR_sched_setaffinity, __NR_sched_setattr,
                            __NR_sched_setparam, __NR_sched_setscheduler}) {
            CHECK(asked(p, n, {1}) == alone);
            CHECK(asked(p, n, {0}) == SECCOMP_RET_ALLOW);
        }
        for (const std::uint64_t which : {0, 1, 2}) {
            const auto self = which == 2 ? alone : SECCOMP_RET_ALLOW;
            CHECK(asked(p, __NR_setpriority, {which, 1}) == alone);
            CHECK(asked(p, __NR_setpriority, {which, 0}) == self);
            CHECK(asked(p, __NR_ioprio_set, {which + 1, 1}) == alone);
            CHECK(asked(p, __NR_ioprio_set, {which + 1, 0}) == self);
        }
        CHECK(asked(p, __NR_fcntl, {0, 1024, 0}) == refused);
        // A signal to whomever it names.
        const auto own = among_others && p.with.landlock_abi < 6
                             ? refused
                             : SECCOMP_RET_ALLOW;
        for (const std::uint64_t command : {8, 15})
            CHECK(asked(p, __NR_fcntl, {0, command, 1}) == own);
        for (const std::uint64_t request : {0x8901, 0x8902})
            CHECK(asked(p, __NR_ioctl, {0, request}) == own);
        // To set attributes, to make a seal, a subvolume; what a terminal has.
        const auto unknown =
            among_others ? SECCOMP_RET_ERRNO | ENOTTY : SECCOMP_RET_ALLOW;
        for (const std::uint64_t request :
             {0x40086602u, 0x40806685u, 0x401c5820u, 0x40087602u, 0x5000940eu,
              0x40047211u})
            CHECK(asked(p, __NR_ioctl, {0, request}) == unknown);
        for (const std::uint64_t request : {0x5401u, 0x541bu, 0x5421u})
            CHECK(asked(p, __NR_ioctl, {0, request}) == SECCOMP_RET_ALLOW);
        // A way to open a file that no right of Landlock is needed for.
        constexpr auto no_access = SECCOMP_RET_ERRNO | EACCES;
        const auto neither = among_others ? no_access : named;
        const auto emptied =
            among_others && p.with.landlock_abi < 3 ? no_access : named;
        CHECK(asked(p, __NR_openat, {0, 0, 3}) == neither);
        CHECK(asked(p, __NR_openat, {0, 0, 3 | 02000}) == neither);
        CHECK(asked(p, __NR_openat, {0, 0, 01000}) == emptied);
        CHECK(asked(p, __NR_openat, {0, 0, 01001}) == named);
        CHECK(asked(p, __NR_openat, {0, 0, 01002}) == named);
        CHECK(asked(p, __NR_truncate, {0, 0}) == emptied);
#if defined(__x86_64__)
        CHECK(asked(p, __NR_open, {0, 3}) == neither);
        CHECK(asked(p, __NR_open, {0, 01000}) == emptied);
#endif
        CHECK(asked(p, __NR_mknodat, {0, 0, 0020000}) == refused);
        CHECK(asked(p, __NR_mknodat, {0, 0, 0060000}) == refused);
        CHECK(asked(p, __NR_mknodat, {0, 0, 0010644}) == named);
        CHECK(asked(p, __NR_renameat2, {0, 0, 0, 0, 4}) == refused);
        CHECK(asked(p, __NR_renameat2, {0, 0, 0, 0, 2}) == named);
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
    s.within.seccomp_filter = std::string(800, 'x');
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
    for (const auto& p : processors) test_table(p);
    test_conditions();
    test_decoder();
    return emilua::test::failures != 0;
}
