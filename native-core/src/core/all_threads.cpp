// SPDX-License-Identifier: MIT OR BSL-1.0
// libpsx of libcap 2.66 knows only the threads that were started through its
// own wrapper of pthread_create: under Node, next to none.
#include "core/all_threads.hpp"

#include "core/all_threads_handler.hpp"

#include <emilua/error.hpp>
#include <emilua/unique_descriptor.hpp>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace emilua {

namespace {

using clock = std::chrono::steady_clock;

// The kernel's own: glibc does not let anybody handle its signals.
struct kernel_action {
    signal_handler handler;
    unsigned long flags;
    void (*restorer)();
    std::uint64_t mask;
};

void handle_errands() {
    kernel_action action{};
    ::syscall(SYS_rt_sigaction, errand_signal, nullptr, &action, 8);
    if (action.handler == &run_errand) return;
    // glibc installs it with the first thread; without, there are none.
    if (!action.handler) return;
    handler_before_errands = action.handler;
    action.handler = &run_errand;
    action.flags |= SA_SIGINFO | SA_RESTART | SA_ONSTACK;
    ::syscall(SYS_rt_sigaction, errand_signal, &action, nullptr, 8);
}

/// The threads of this process, by /proc/self/task, which is opened before
/// anything changes: afterwards this thread might not be allowed to.
class thread_list {
public:
    thread_list()
        : folder_{
              ::open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC)} {
        if (!folder_) throw_errno("open");
    }

    /// Those that run code of the process's.
    std::vector<pid_t> read() {
        std::vector<pid_t> r;
        if (::lseek(folder_.get(), 0, SEEK_SET) == -1) throw_errno("lseek");
        alignas(dirent64) char buffer[16 * 1024];
        for (;;) {
            const auto n = ::getdents64(folder_.get(), buffer, sizeof(buffer));
            if (n == -1) throw_errno("getdents64");
            if (n == 0) return r;
            for (ssize_t at = 0; at < n;) {
                const auto& entry =
                    *reinterpret_cast<const dirent64*>(buffer + at);
                at += entry.d_reclen;
                const char* name = entry.d_name;
                pid_t id = 0;
                std::from_chars(name, name + std::strlen(name), id);
                if (id != 0 && runs_code(id)) r.push_back(id);
            }
        }
    }

    /// Not one that has ended, and none of io_uring's, which take no signals
    /// and have the rights of whoever gives them work.
    bool runs_code(pid_t id) const {
        const auto path = std::to_string(id) + "/stat";
        const unique_descriptor file{
            ::openat(folder_.get(), path.c_str(), O_RDONLY | O_CLOEXEC)};
        char text[512];
        const auto n = ::read(file.get(), text, sizeof(text) - 1);
        if (n <= 0) return false;
        text[n] = '\0';
        char state = 'X';
        unsigned flags = 0;
        const char* after_name = std::strrchr(text, ')');
        if (!after_name ||
            std::sscanf(after_name + 1, " %c %*d %*d %*d %*d %*d %u", &state,
                        &flags) != 2)
            return false;
        constexpr unsigned io_worker = 0x10; // PF_IO_WORKER
        return state != 'Z' && state != 'X' && !(flags & io_worker);
    }

private:
    unique_descriptor folder_;
};

struct asked_thread {
    pid_t id;
    std::unique_ptr<thread_errand> errand;
};

/// 0, or an errno: ESRCH when the thread has ended.
int ask(asked_thread& t) {
    siginfo_t info{};
    info.si_signo = errand_signal;
    info.si_code = SI_QUEUE;
    info.si_pid = ::getpid();
    info.si_uid = ::getuid();
    info.si_value.sival_ptr = t.errand.get();
    return ::syscall(SYS_rt_tgsigqueueinfo, info.si_pid, t.id, errand_signal,
                     &info) == 0
               ? 0
               : errno;
}

/// The errno of the thread's call; 0 also for one that ended meanwhile.
int answer_of(asked_thread& t, const thread_list& threads,
              clock::time_point deadline) {
    while (t.errand->state.load(std::memory_order_acquire) !=
           thread_errand::answered) {
        const timespec a_while{0, 20'000'000};
        ::syscall(SYS_futex, &t.errand->state, FUTEX_WAIT_PRIVATE,
                  thread_errand::asked, &a_while, nullptr, 0);
        if (t.errand->state.load(std::memory_order_acquire) ==
            thread_errand::answered)
            break;
        if (!threads.runs_code(t.id)) return 0;
        if (clock::now() < deadline) continue;
        // It may still come to its errand.
        [[maybe_unused]] const auto* lost = t.errand.release();
        return ETIMEDOUT;
    }
    return t.errand->error;
}

} // namespace

void system_call_on_all_threads(const char* name, long number,
                                const system_call_arguments& arguments) {
    static std::mutex one_at_a_time;
    const std::lock_guard lock{one_at_a_time};
    const auto self = static_cast<pid_t>(::syscall(SYS_gettid));
    thread_list threads;
    handle_errands();
    const auto deadline = clock::now() + std::chrono::seconds{10};
    const auto fail = [&](int error) {
        throw failure{error_code{error, boost::system::system_category()},
                      name};
    };

    // One that starts meanwhile has what its maker had, so the threads are
    // gone through until there is no new one.
    std::set<pid_t> known{self};
    bool first = true;
    for (bool found = true; found;) {
        found = false;
        std::vector<asked_thread> asked;
        int error = 0;
        for (pid_t id : threads.read()) {
            if (error != 0 || !known.insert(id).second) continue;
            auto& t = asked.emplace_back(
                asked_thread{id, std::make_unique<thread_errand>()});
            t.errand->number = number;
            t.errand->arguments = arguments;
            if (const int e = ask(t); e != 0) {
                asked.pop_back();
                if (e != ESRCH) error = e;
                continue;
            }
            found = true;
            // Where the first one fails, nothing has changed.
            if (first) {
                error = answer_of(t, threads, deadline);
                asked.pop_back();
            }
            first = false;
        }
        for (auto& t : asked) {
            const int e = answer_of(t, threads, deadline);
            if (error == 0) error = e;
        }
        if (error != 0) fail(error);
    }
    const auto& a = arguments;
    if (::syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]) == -1)
        fail(errno);
}

} // namespace emilua
