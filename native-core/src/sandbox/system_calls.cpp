// SPDX-License-Identifier: MIT OR BSL-1.0
// What is not here is refused. A call is on the list when programs need it and
// it reaches nothing but what the caller has by other means; new calls of the
// kernel are refused until somebody has put them here.
#include "sandbox/system_calls.hpp"

#include "modules/system/seccomp.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <mutex>
#include <span>
#include <tuple>

#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

namespace emilua::sandbox {

namespace {

using system::seccomp_comparison;
using system::seccomp_condition;
using system::seccomp_options;
using system::seccomp_rule;

constexpr const char* own_process[] = {
    "alarm",
    "arch_prctl",
    "brk",
    "capget",
    "capset",
    "clock_getres",
    "clock_getres_time64",
    "clock_gettime",
    "clock_gettime64",
    "clock_nanosleep",
    "clock_nanosleep_time64",
    "execve",
    "execveat",
    "exit",
    "exit_group",
    "fork",
    "futex",
    "futex_requeue",
    "futex_time64",
    "futex_wait",
    "futex_waitv",
    "futex_wake",
    "get_mempolicy",
    "get_robust_list",
    "get_thread_area",
    "getcpu",
    "getegid",
    "geteuid",
    "getgid",
    "getgroups",
    "getitimer",
    "getpgid",
    "getpgrp",
    "getpid",
    "getppid",
    "getpriority",
    "getrandom",
    "getresgid",
    "getresuid",
    "getrlimit",
    "getrusage",
    "getsid",
    "gettid",
    "gettimeofday",
    "getuid",
    "landlock_add_rule",
    "landlock_create_ruleset",
    "landlock_restrict_self",
    "madvise",
    "map_shadow_stack",
    "mbind",
    "membarrier",
    "mincore",
    "mlock",
    "mlock2",
    "mlockall",
    "mmap",
    "mmap2",
    "mprotect",
    "mremap",
    "mseal",
    "msync",
    "munlock",
    "munlockall",
    "munmap",
    "nanosleep",
    "pause",
    "pkey_alloc",
    "pkey_free",
    "pkey_mprotect",
    "prctl",
    "prlimit64",
    "restart_syscall",
    "riscv_flush_icache",
    "rseq",
    "rt_sigaction",
    "rt_sigpending",
    "rt_sigprocmask",
    "rt_sigreturn",
    "rt_sigsuspend",
    "rt_sigtimedwait",
    "rt_sigtimedwait_time64",
    "sched_get_priority_max",
    "sched_get_priority_min",
    "sched_getaffinity",
    "sched_getattr",
    "sched_getparam",
    "sched_getscheduler",
    "sched_rr_get_interval",
    "sched_rr_get_interval_time64",
    "sched_setaffinity",
    "sched_setattr",
    "sched_setparam",
    "sched_setscheduler",
    "sched_yield",
    "seccomp",
    "set_mempolicy",
    "set_robust_list",
    "set_thread_area",
    "set_tid_address",
    "setitimer",
    "setpgid",
    "setpriority",
    "setrlimit",
    "setsid",
    "sigaltstack",
    "sigreturn",
    "sysinfo",
    "time",
    "timer_create",
    "timer_delete",
    "timer_getoverrun",
    "timer_gettime",
    "timer_gettime64",
    "timer_settime",
    "timer_settime64",
    "times",
    "ugetrlimit",
    "umask",
    "uname",
    "vfork",
    "wait4",
    "waitid",
    "waitpid",
    // They need capabilities that nobody in a sandbox has, or change nothing.
    "setfsgid",
    "setfsuid",
    "setgid",
    "setgroups",
    "setregid",
    "setresgid",
    "setresuid",
    "setreuid",
    "setuid",
};

constexpr const char* files[] = {
    "_llseek",
    "access",
    "cachestat",
    "chdir",
    "chmod",
    "chown",
    "close",
    "close_range",
    "copy_file_range",
    "creat",
    "dup",
    "dup2",
    "dup3",
    "epoll_create",
    "epoll_create1",
    "epoll_ctl",
    "epoll_pwait",
    "epoll_pwait2",
    "epoll_wait",
    "eventfd",
    "eventfd2",
    "faccessat",
    "faccessat2",
    "fadvise64",
    "fadvise64_64",
    "fallocate",
    "fchdir",
    "fchmod",
    "fchmodat",
    "fchmodat2",
    "fchown",
    "fchownat",
    "fcntl",
    "fcntl64",
    "fdatasync",
    "fgetxattr",
    "file_getattr",
    "flistxattr",
    "flock",
    "fremovexattr",
    "fsetxattr",
    "fstat",
    "fstat64",
    "fstatat64",
    "fstatfs",
    "fstatfs64",
    "fsync",
    "ftruncate",
    "ftruncate64",
    "futimesat",
    "getcwd",
    "getdents",
    "getdents64",
    "getxattr",
    "getxattrat",
    "inotify_add_watch",
    "inotify_init",
    "inotify_init1",
    "inotify_rm_watch",
    "io_cancel",
    "io_destroy",
    "io_getevents",
    "io_pgetevents",
    "io_setup",
    "io_submit",
    "ioctl",
    "ioprio_get",
    "ioprio_set",
    "lchown",
    "lgetxattr",
    "link",
    "linkat",
    "listmount",
    "listxattr",
    "listxattrat",
    "llistxattr",
    "lremovexattr",
    "lseek",
    "lsetxattr",
    "lstat",
    "lstat64",
    "memfd_create",
    "mkdir",
    "mkdirat",
    "newfstatat",
    "open",
    "openat",
    "openat2",
    "pidfd_open",
    "pipe",
    "pipe2",
    "poll",
    "ppoll",
    "ppoll_time64",
    "pread64",
    "preadv",
    "preadv2",
    "pselect6",
    "pselect6_time64",
    "pwrite64",
    "pwritev",
    "pwritev2",
    "read",
    "readahead",
    "readlink",
    "readlinkat",
    "readv",
    "removexattr",
    "removexattrat",
    "rename",
    "renameat",
    "rmdir",
    "select",
    "sendfile",
    "sendfile64",
    "setxattr",
    "setxattrat",
    "signalfd",
    "signalfd4",
    "splice",
    "stat",
    "stat64",
    "statfs",
    "statfs64",
    "statmount",
    "statx",
    "symlink",
    "symlinkat",
    "sync",
    "sync_file_range",
    "syncfs",
    "tee",
    "timerfd_create",
    "timerfd_gettime",
    "timerfd_gettime64",
    "timerfd_settime",
    "timerfd_settime64",
    "truncate",
    "truncate64",
    "unlink",
    "unlinkat",
    "utime",
    "utimensat",
    "utimensat_time64",
    "utimes",
    "write",
    "writev",
};

constexpr const char* between_processes[] = {
    "ipc",
    "mq_getsetattr",
    "mq_notify",
    "mq_open",
    "mq_timedreceive",
    "mq_timedreceive_time64",
    "mq_timedsend",
    "mq_timedsend_time64",
    "mq_unlink",
    "msgctl",
    "msgget",
    "msgrcv",
    "msgsnd",
    "semctl",
    "semget",
    "semop",
    "semtimedop",
    "semtimedop_time64",
    "shmat",
    "shmctl",
    "shmdt",
    "shmget",
};

constexpr const char* signals[] = {
    "kill",
    "pidfd_send_signal",
    "rt_sigqueueinfo",
    "rt_tgsigqueueinfo",
    "tgkill",
    "tkill",
};

constexpr const char* sockets[] = {
    "accept",      "accept4",         "bind",       "connect",  "getpeername",
    "getsockname", "getsockopt",      "listen",     "recv",     "recvfrom",
    "recvmmsg",    "recvmmsg_time64", "recvmsg",    "send",     "sendmmsg",
    "sendmsg",     "sendto",          "setsockopt", "shutdown",
};

/// A program asks for these and has another way when there are none.
constexpr const char* unknown_here[] = {
    "clone3",
    "io_uring_enter",
    "io_uring_register",
    "io_uring_setup",
};

using conditions = std::vector<seccomp_condition>;

seccomp_condition that(int argument, seccomp_comparison is,
                       std::uint64_t value) {
    seccomp_condition c;
    c.argument.value = argument;
    c.is = is;
    c.value = wide<std::uint64_t>{value};
    return c;
}

seccomp_condition masked(int argument, std::uint64_t mask,
                         std::uint64_t value) {
    auto c = that(argument, seccomp_comparison::masked_equal, value);
    c.mask = wide<std::uint64_t>{mask};
    return c;
}

class builder {
public:
    explicit builder(seccomp_options& o) : o_{o} {}

    void allow(std::span<const char* const> names) {
        for (const char* n : names) {
            const auto number = system::system_call_number(n, o_.architecture);
            if (!number) continue;
            newest_ = std::max(newest_, *number);
            o_.allow.emplace_back(c_string{n});
        }
    }
    int newest() const noexcept { return newest_; }
    void allow(const char* name, conditions when) {
        seccomp_rule r;
        r.syscall = c_string{name};
        r.when = std::move(when);
        o_.allow.emplace_back(std::move(r));
    }

private:
    seccomp_options& o_;
    int newest_ = 0;
};

/// Arguments are 64 bits to the filter and 32 to the kernel.
constexpr std::uint64_t lower = 0xffffffff;

// No namespaces, in which who has none gets capabilities.
constexpr std::uint64_t namespace_flags =
    CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS |
    CLONE_NEWNET | CLONE_NEWCGROUP;

void allow_conditionally(builder& b) {
    b.allow("clone", {masked(0, namespace_flags, 0)});
    // Devices; one of number 0 is a whiteout in an overlay.
    for (const std::uint64_t type :
         {std::uint64_t{0}, std::uint64_t{S_IFREG}, std::uint64_t{S_IFIFO},
          std::uint64_t{S_IFSOCK}}) {
        b.allow("mknod", {masked(1, S_IFMT, type)});
        b.allow("mknodat", {masked(2, S_IFMT, type)});
    }
    constexpr std::uint64_t rename_whiteout = 1u << 2;
    b.allow("renameat2", {masked(4, rename_whiteout, 0)});
    // What a program was built for; ADDR_NO_RANDOMIZE and the query.
    for (const std::uint64_t p : {0x0u, 0x8u, 0x40000u, 0xffffffffu})
        b.allow("personality", {masked(0, lower, p)});
}

void allow_sockets(builder& b, const confinement& c) {
    b.allow(sockets);
    const bool in_process = c.on == foundation::process;
    // A pair of datagrams can send to every path that there is.
    for (const auto type : {SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM})
        if (!in_process || type != SOCK_DGRAM)
            b.allow("socketpair",
                    {masked(0, lower, AF_UNIX),
                     masked(1, 0xf, static_cast<std::uint64_t>(type))});
    const auto allow = [&](std::uint64_t family, std::uint64_t type,
                           std::initializer_list<std::uint64_t> protocols) {
        // The type has flags above.
        for (const auto p : protocols)
            b.allow("socket", {masked(0, lower, family), masked(1, 0xf, type),
                               masked(2, lower, p)});
    };
    // Who shares the host's files could reach its services by their paths,
    // unless somebody is asked.
    for (const auto type : {SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM})
        if (!in_process || (c.asks_for_services && type != SOCK_DGRAM))
            allow(AF_UNIX, static_cast<std::uint64_t>(type), {0, PF_UNIX});
    if (in_process && !c.shares_network && !c.asks_to_connect) return;
    for (const auto family : {AF_INET, AF_INET6}) {
        const auto f = static_cast<std::uint64_t>(family);
        allow(f, SOCK_STREAM, {0, IPPROTO_TCP});
        // Datagrams ask nobody where they go.
        if (!in_process || c.shares_network)
            allow(f, SOCK_DGRAM, {0, IPPROTO_UDP});
    }
}

/// What is refused whatever the list says.
seccomp_options refusals(const confinement& c, std::uint32_t architecture) {
    seccomp_options o;
    o.architecture = architecture;
    o.fallback = system::seccomp_action::allow;
    // What is typed into a terminal by a program is run by who reads it. The
    // kernel looks at 32 bits of the argument.
    for (const std::uint64_t request : {TIOCSTI, TIOCLINUX}) {
        seccomp_rule r;
        r.syscall = c_string{"ioctl"};
        r.when = {masked(1, lower, request)};
        o.refuse.emplace_back(std::move(r));
    }
    for (const char* n : unknown_here) {
        seccomp_rule r;
        r.syscall = c_string{n};
        r.code = ranged<1, 4095>{ENOSYS};
        o.refuse.emplace_back(std::move(r));
    }
    if (c.asks_to_connect) {
        // To send is to connect, with this flag.
        for (const auto& [name, flags] :
             {std::pair{"sendto", 3}, {"sendmsg", 2}, {"sendmmsg", 3}}) {
            seccomp_rule r;
            r.syscall = c_string{name};
            r.when = {masked(flags, MSG_FASTOPEN, MSG_FASTOPEN)};
            r.code = ranged<1, 4095>{EOPNOTSUPP};
            o.refuse.emplace_back(std::move(r));
        }
        // What belongs to the host's network can only be connected.
        if (c.on == foundation::process)
            for (const char* n : {"bind", "listen"}) {
                seccomp_rule r;
                r.syscall = c_string{n};
                r.code = ranged<1, 4095>{EACCES};
                o.refuse.emplace_back(std::move(r));
            }
    }
    return o;
}

/// Calls that are newer than the list do not exist: programs have an older way.
std::string unknown_after(int newest) {
    // Those of the x32 ABI begin here.
    constexpr std::uint32_t others = 0x40000000;
    const sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, static_cast<std::uint32_t>(newest),
                 0, 2),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, others, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    return {reinterpret_cast<const char*>(code), sizeof(code)};
}

std::vector<std::string> build(const confinement& c,
                               std::uint32_t architecture) {
    seccomp_options list;
    list.architecture = architecture;
    list.fallback = system::seccomp_action::errno_;
    builder b{list};
    b.allow(own_process);
    b.allow(files);
    b.allow(between_processes);
    // Without scopes of Landlock or a namespace, they would reach the host's.
    if (c.on == foundation::namespaces || c.landlock_abi >= 6) b.allow(signals);
    allow_conditionally(b);
    allow_sockets(b, c);
    // Of two that refuse, the later one says why.
    return {system::make_seccomp_filter(list),
            system::make_seccomp_filter(refusals(c, architecture)),
            unknown_after(b.newest())};
}

} // namespace

std::vector<std::string> system_call_filters(const confinement& c,
                                             std::uint32_t architecture) {
    // It takes libseccomp a millisecond and a half, and there are few.
    static std::mutex mutex;
    static auto& known = *new std::map<
        std::tuple<foundation, bool, bool, bool, bool, std::uint32_t>,
        std::vector<std::string>>;
    const std::tuple key{c.on,
                         c.shares_network,
                         c.asks_to_connect,
                         c.asks_for_services,
                         c.landlock_abi >= 6,
                         architecture};
    const std::lock_guard lock{mutex};
    const auto found = known.find(key);
    if (found != known.end()) return found->second;
    return known.emplace(key, build(c, architecture)).first->second;
}

} // namespace emilua::sandbox
