// SPDX-License-Identifier: MIT OR BSL-1.0
// What is not here is refused. A call is on the list when programs need it and
// it reaches nothing but what the caller has by other means; new calls of the
// kernel are refused until somebody has put them here.
#include "sandbox/system_calls.hpp"

#include "modules/system/seccomp.hpp"
#include "sandbox/call_filter.hpp"

#include <array>
#include <cerrno>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <tuple>

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/ioprio.h>
#include <linux/sched.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

namespace emilua::sandbox {

namespace {

#if defined(__x86_64__)
constexpr std::uint32_t own_architecture = AUDIT_ARCH_X86_64;
#else
constexpr std::uint32_t own_architecture = AUDIT_ARCH_AARCH64;
#endif

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
    "sched_yield",
    "seccomp",
    "set_mempolicy",
    "set_robust_list",
    "set_thread_area",
    "set_tid_address",
    "setitimer",
    "setpgid",
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
    "fcntl",
    "fcntl64",
    "fdatasync",
    "fgetxattr",
    "file_getattr",
    "flistxattr",
    "flock",
    "fstat",
    "fstat64",
    "fstatat64",
    "fstatfs",
    "fstatfs64",
    "fsync",
    "ftruncate",
    "ftruncate64",
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
    "lgetxattr",
    "link",
    "linkat",
    "listmount",
    "listxattr",
    "listxattrat",
    "llistxattr",
    "lseek",
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
    "rename",
    "renameat",
    "rmdir",
    "select",
    "sendfile",
    "sendfile64",
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
    "write",
    "writev",
};

/// What is about a file and not in it, of which Landlock knows nothing.
constexpr const char* about_files[] = {
    "chmod",      "chown",       "fchmod",        "fchmodat",
    "fchmodat2",  "fchown",      "fchownat",      "fremovexattr",
    "fsetxattr",  "futimesat",   "lchown",        "lremovexattr",
    "lsetxattr",  "removexattr", "removexattrat", "setxattr",
    "setxattrat", "utime",       "utimensat",     "utimensat_time64",
    "utimes",
};

/// Of each, the first argument is the process that it is about.
constexpr const char* about_one_process[] = {
    "sched_setaffinity",
    "sched_setattr",
    "sched_setparam",
    "sched_setscheduler",
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

class builder {
public:
    explicit builder(std::uint32_t architecture)
        : architecture_{architecture}, filter_{architecture == 0
                                                   ? own_architecture
                                                   : architecture} {}

    void allow(std::span<const char* const> names) {
        for (const char* n : names) allow(n, {});
    }
    void allow(const char* name, argument_conditions when) {
        if (const auto n = number_of(name)) filter_.allow(*n, std::move(when));
    }
    void refuse(const char* name, int error, argument_conditions when = {}) {
        if (const auto n = number_of(name))
            filter_.refuse(*n, error, std::move(when));
    }
    std::string program() const { return filter_.program(); }

private:
    /// Nothing for what only other processors have.
    std::optional<int> number_of(const char* name) const {
        const auto n = system::system_call_number(name, architecture_);
        return n && *n >= 0 ? n : std::nullopt;
    }

    const std::uint32_t architecture_;
    call_filter filter_;
};

constexpr std::uint32_t all_bits = 0xffffffff;

// No namespaces, in which who has none gets capabilities.
constexpr std::uint32_t namespace_flags =
    CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS |
    CLONE_NEWNET | CLONE_NEWCGROUP;

void allow_conditionally(builder& b) {
    b.allow("clone", {{0, namespace_flags, {0}}});
    // Devices; one of number 0 is a whiteout in an overlay.
    const std::vector<std::uint32_t> types{0, S_IFREG, S_IFIFO, S_IFSOCK};
    b.allow("mknod", {{1, S_IFMT, types}});
    b.allow("mknodat", {{2, S_IFMT, types}});
    constexpr std::uint32_t rename_whiteout = 1u << 2;
    b.allow("renameat2", {{4, rename_whiteout, {0}}});
    // What a program was built for; ADDR_NO_RANDOMIZE and the query.
    b.allow("personality", {{0, all_bits, {0, 0x8, 0x40000, 0xffffffff}}});
}

void allow_sockets(builder& b, const confinement& c) {
    b.allow(sockets);
    // The type has flags above.
    constexpr std::uint32_t type_bits = 0xf;
    const bool in_process = c.on == foundation::process;
    const std::vector<std::uint32_t> connected{SOCK_STREAM, SOCK_SEQPACKET},
        all{SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM};
    // A pair of datagrams can send to every path that there is.
    b.allow("socketpair", {{0, all_bits, {AF_UNIX}},
                           {1, type_bits, in_process ? connected : all}});
    // Who shares the host's files could reach its services by their paths,
    // unless somebody is asked.
    if (!in_process || c.asks_for_services)
        b.allow("socket", {{0, all_bits, {AF_UNIX}},
                           {1, type_bits, in_process ? connected : all},
                           {2, all_bits, {0, PF_UNIX}}});
    if (in_process && !c.shares_network && !c.asks_to_connect) return;
    const argument_condition internet{0, all_bits, {AF_INET, AF_INET6}};
    b.allow("socket", {internet,
                       {1, type_bits, {SOCK_STREAM}},
                       {2, all_bits, {0, IPPROTO_TCP}}});
    // Datagrams ask nobody where they go.
    if (!in_process || c.shares_network)
        b.allow("socket", {internet,
                           {1, type_bits, {SOCK_DGRAM}},
                           {2, all_bits, {0, IPPROTO_UDP}}});
}

/// Limits and priorities: where the processes of the host are, of itself alone.
void allow_about_processes(builder& b, const confinement& c) {
    // Also not of its init.
    b.allow("prlimit64", {{0, all_bits, {0}}});
    if (c.on == foundation::namespaces) {
        b.allow(about_one_process);
        b.allow(std::array{"ioprio_set", "setpriority"});
        return;
    }
    for (const char* n : about_one_process) b.allow(n, {{0, all_bits, {0}}});
    // Of a process or its group, which is that of the guest, and never those of
    // a user.
    b.allow("setpriority",
            {{0, all_bits, {PRIO_PROCESS, PRIO_PGRP}}, {1, all_bits, {0}}});
    b.allow("ioprio_set", {{0, all_bits, {IOPRIO_WHO_PROCESS, IOPRIO_WHO_PGRP}},
                           {1, all_bits, {0}}});
}

/// What an ordinary process could do to the files and processes of the host,
/// and Landlock does not ask about.
void refuse_beside_landlock(builder& b, const confinement& c) {
    // A file that is opened to neither read nor write takes no right.
    b.refuse("open", EACCES, {{1, O_ACCMODE, {O_ACCMODE}}});
    b.refuse("openat", EACCES, {{2, O_ACCMODE, {O_ACCMODE}}});
    // Its flags cannot be seen here.
    b.refuse("openat2", ENOSYS);
    // Attributes, versions, seals and keys of a file that is open to be read,
    // and subvolumes in such a folder: those of ext4, of XFS, of btrfs, of
    // F2FS, of FAT and of what these have in common. Programs know systems
    // without them.
    constexpr std::uint32_t kind_bits = 0xff00;
    b.refuse(
        "ioctl", ENOTTY,
        {{1, kind_bits, {0x6600, 0x7600, 0x5800, 0x9400, 0xf500, 0x7200}}});
    if (c.landlock_abi < 3) {
        // To empty one that is opened to be read.
        constexpr std::uint32_t mask = O_ACCMODE | O_TRUNC;
        b.refuse("open", EACCES, {{1, mask, {O_TRUNC}}});
        b.refuse("openat", EACCES, {{2, mask, {O_TRUNC}}});
        for (const char* n : {"truncate", "truncate64"}) b.refuse(n, EACCES);
    }
    if (c.landlock_abi < 6) {
        // Signals, whichever and to whomever, when a descriptor is ready.
        b.refuse("fcntl", EPERM, {{1, all_bits, {F_SETOWN, F_SETOWN_EX}}});
        b.refuse("ioctl", EPERM, {{1, all_bits, {FIOSETOWN, SIOCSPGRP}}});
    }
}

/// What is refused whatever the list says.
void refuse(builder& b, const confinement& c) {
    if (c.on == foundation::process) refuse_beside_landlock(b, c);
    // What is typed into a terminal by a program is run by who reads it. The
    // kernel looks at 32 bits of the argument.
    b.refuse("ioctl", EPERM, {{1, all_bits, {TIOCSTI, TIOCLINUX}}});
    // Whoever opens the file to write waits until it is given back.
    b.refuse("fcntl", EPERM, {{1, all_bits, {F_SETLEASE}}});
    for (const char* n : unknown_here) b.refuse(n, ENOSYS);
    if (!c.asks_to_connect) return;
    // To send is to connect, with this flag.
    for (const auto& [name, flags] :
         {std::pair{"sendto", 3}, {"sendmsg", 2}, {"sendmmsg", 3}})
        b.refuse(
            name, EOPNOTSUPP,
            {{static_cast<std::size_t>(flags), MSG_FASTOPEN, {MSG_FASTOPEN}}});
    // What belongs to the host's network can only be connected; what has been
    // shut down could be bound again where Landlock does not know of it.
    if (c.on == foundation::process || c.landlock_abi < 4)
        for (const char* n : {"bind", "listen"}) b.refuse(n, EACCES);
}

std::string build(const confinement& c, std::uint32_t architecture) {
    builder b{architecture};
    b.allow(own_process);
    b.allow(files);
    // Files of the host's that are not to be changed are mounted so, or there
    // are none that are.
    if (c.on == foundation::namespaces || c.writes()) b.allow(about_files);
    // Who shares the host's has no names for them that Landlock knows.
    if (c.on == foundation::namespaces) b.allow(between_processes);
    allow_about_processes(b, c);
    // Without scopes of Landlock or a namespace, they would reach the host's.
    if (c.on == foundation::namespaces || c.landlock_abi >= 6) b.allow(signals);
    allow_conditionally(b);
    allow_sockets(b, c);
    refuse(b, c);
    return b.program();
}

} // namespace

std::string system_call_filter(const confinement& c,
                               std::uint32_t architecture) {
    // To find hundreds of names takes a while, and there are few filters.
    static std::mutex mutex;
    static auto& known =
        *new std::map<std::tuple<foundation, bool, bool, bool, bool, bool, bool,
                                 bool, std::uint32_t>,
                      std::string>;
    const std::tuple key{c.on,
                         c.shares_network,
                         c.asks_to_connect,
                         c.asks_for_services,
                         c.writes(),
                         c.landlock_abi >= 3,
                         c.landlock_abi >= 4,
                         c.landlock_abi >= 6,
                         architecture};
    const std::lock_guard lock{mutex};
    const auto found = known.find(key);
    if (found != known.end()) return found->second;
    return known.emplace(key, build(c, architecture)).first->second;
}

} // namespace emilua::sandbox
