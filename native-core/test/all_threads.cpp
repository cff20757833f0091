// SPDX-License-Identifier: MIT OR BSL-1.0
// What the kernel keeps for each thread becomes that of all of them: of those
// that block every signal, that wait, that come and go meanwhile.
#include "core/all_threads.hpp"
#include "core/child_process.hpp"
#include "modules/system/landlock.hpp"
#include "test_vm.hpp"

#include <emilua/unique_descriptor.hpp>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include <fcntl.h>
#include <liburing.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace emilua;
using namespace emilua::test;

namespace {

/// What a field of /proc/…/status says of each thread of this process.
std::multiset<std::string> of_all_threads(const char* field) {
    std::multiset<std::string> r;
    for (const auto& task :
         std::filesystem::directory_iterator{"/proc/self/task"}) {
        std::ifstream status{task.path() / "status"};
        for (std::string line; std::getline(status, line);)
            if (line.starts_with(field))
                r.insert(line.substr(line.find('\t') + 1));
    }
    return r;
}

bool all_say(const char* field, const char* what) {
    const auto all = of_all_threads(field);
    return !all.empty() && all.count(what) == all.size();
}

/// Each of these is for good, so it happens in a process of its own.
template <class F> void in_a_child(F f) {
    const pid_t child = ::fork();
    if (child == 0) {
        failures = 0;
        f();
        ::_exit(failures != 0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
}

void forbid_new_privileges() {
    system_call_on_all_threads("prctl", SYS_prctl, {PR_SET_NO_NEW_PRIVS, 1});
}

/// Threads that wait in different ways until the end.
class crowd {
public:
    crowd() {
        for (int i = 0; i < 12; ++i) {
            threads_.emplace_back([this, i] {
                if (i % 2 == 0) {
                    sigset_t all;
                    sigfillset(&all);
                    pthread_sigmask(SIG_BLOCK, &all, nullptr);
                }
                ++running_;
                char c;
                // Interrupted and begun again, or computing.
                if (i % 3 == 0) {
                    CHECK(::read(end_[0], &c, 1) == 0);
                } else {
                    while (!over_)
                        if (i % 3 == 1) std::this_thread::yield();
                }
            });
        }
        while (running_ != 12) std::this_thread::yield();
    }
    ~crowd() {
        over_ = true;
        ::close(end_[1]);
        for (auto& t : threads_) t.join();
        ::close(end_[0]);
    }

private:
    int end_[2] = {};
    [[maybe_unused]] const int made_ = ::pipe2(end_, O_CLOEXEC);
    std::atomic<bool> over_ = false;
    std::atomic<int> running_ = 0;
    std::vector<std::thread> threads_;
};

void every_thread_does_it() {
    const crowd others;
    CHECK(all_say("NoNewPrivs:", "0"));
    forbid_new_privileges();
    CHECK(all_say("NoNewPrivs:", "1"));
    CHECK(of_all_threads("NoNewPrivs:").size() >= 13);
    // And again: glibc's own use of the signal goes on working beside it.
    forbid_new_privileges();
    if (::geteuid() == 0) {
        CHECK(::setresuid(1, 1, 1) == 0);
        CHECK(all_say("Uid:", "1\t1\t1\t1"));
    }
}

void threads_that_come_and_go() {
    std::atomic<bool> over = false;
    std::vector<std::thread> makers;
    for (int i = 0; i < 3; ++i) {
        makers.emplace_back([&over] {
            while (!over) std::thread{[] {}}.join();
        });
    }
    for (int i = 0; i < 50; ++i) forbid_new_privileges();
    std::atomic<int> without = 0;
    for (int i = 0; i < 200; ++i) {
        std::thread{[&] {
            if (::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) ++without;
        }}.join();
    }
    over = true;
    for (auto& t : makers) t.join();
    CHECK(without == 0);
}

// Whoever launches a child takes no signals until its program runs.
void threads_that_launch_children() {
    std::atomic<bool> over = false;
    std::atomic<int> launched = 0;
    std::vector<std::thread> makers;
    for (int i = 0; i < 3; ++i) {
        makers.emplace_back([&] {
            launch_plan p;
            p.programs = {"/bin/true"};
            p.arguments = {"true"};
            while (!over) {
                child_process child{launch(p), SIGKILL};
                while (!child.reap()) std::this_thread::yield();
                ++launched;
            }
        });
    }
    for (int i = 0; i < 50 || launched < 50; ++i) forbid_new_privileges();
    over = true;
    for (auto& t : makers) t.join();
    CHECK(all_say("NoNewPrivs:", "1"));
}

void several_callers() {
    std::vector<std::thread> callers;
    for (int i = 0; i < 4; ++i) {
        callers.emplace_back([] {
            for (int n = 0; n < 20; ++n) forbid_new_privileges();
        });
    }
    for (auto& t : callers) t.join();
    CHECK(all_say("NoNewPrivs:", "1"));
}

void a_call_that_fails_changes_nothing() {
    const crowd others;
    try {
        system_call_on_all_threads("prctl", SYS_prctl,
                                   {PR_SET_NO_NEW_PRIVS, 2});
        CHECK(false);
    } catch (const failure& f) {
        CHECK(f.code.value() == EINVAL);
        CHECK(std::string_view{f.syscall} == "prctl");
    }
    CHECK(all_say("NoNewPrivs:", "0"));
}

// No descriptor for the list of threads: nobody does anything.
void a_list_that_cannot_be_had() {
    // UBSan needs descriptors to look at objects of a class for the first time.
    try {
        system_call_on_all_threads("prctl", SYS_prctl,
                                   {PR_SET_NO_NEW_PRIVS, 2});
    } catch (const failure& f) {
        CHECK(f.code.value() == EINVAL);
    }
    rlimit none{0, 0};
    ::setrlimit(RLIMIT_NOFILE, &none);
    try {
        forbid_new_privileges();
        CHECK(false);
    } catch (const failure& f) {
        CHECK(f.code.value() == EMFILE);
    }
    CHECK(::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0);
}

// Those of io_uring are threads of the process and take no signals.
void workers_of_io_uring_are_left_alone() {
    io_uring ring;
    if (::io_uring_queue_init(8, &ring, 0) != 0) return;
    int ends[2];
    CHECK(::pipe2(ends, O_CLOEXEC) == 0);
    char c;
    auto* entry = ::io_uring_get_sqe(&ring);
    ::io_uring_prep_read(entry, ends[0], &c, 1, 0);
    entry->flags |= IOSQE_ASYNC;
    CHECK(::io_uring_submit(&ring) == 1);
    // Until the worker is there.
    while (of_all_threads("Pid:").size() < 2) std::this_thread::yield();
    forbid_new_privileges();
    CHECK(::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
    ::close(ends[1]);
    io_uring_cqe* done = nullptr;
    CHECK(::io_uring_wait_cqe(&ring, &done) == 0);
    ::io_uring_queue_exit(&ring);
    ::close(ends[0]);
}

std::string refusal(const system::landlock_ruleset_options& attr, int abi) {
    try {
        system::check_landlock_rights(attr, abi);
        return "none";
    } catch (const failure& f) {
        CHECK(f.code.value() == EINVAL);
        return std::string{f.argument} + ": " + f.expected;
    }
}

void rights_that_a_kernel_does_not_know() {
    using namespace emilua::system;
    const auto with = [](auto... rights) {
        return (static_cast<unsigned>(rights) | ...);
    };
    landlock_ruleset_options attr;
    attr.handled_access_fs.bits =
        with(landlock_access_fs::execute, landlock_access_fs::refer,
             landlock_access_fs::truncate);
    CHECK(refusal(attr, 3) == "none");
    CHECK(refusal(attr, 1) ==
          "attr.handled_access_fs: what Landlock of this kernel knows (ABI 1), "
          "not \"refer\", \"truncate\"");
    attr.handled_access_fs.bits = with(landlock_access_fs::ioctl_dev);
    CHECK(refusal(attr, 4).ends_with("not \"ioctl_dev\""));
    CHECK(refusal(attr, 5) == "none");
    attr = {};
    attr.handled_access_net.bits = with(landlock_access_net::bind_tcp);
    CHECK(refusal(attr, 3).starts_with("attr.handled_access_net: "));
    CHECK(refusal(attr, 4) == "none");
    attr.scoped.bits = with(landlock_scope::signal);
    CHECK(refusal(attr, 5).starts_with("attr.scoped: "));
    CHECK(refusal(attr, 6) == "none");
}

} // namespace

int main() {
    in_a_child(every_thread_does_it);
    in_a_child(threads_that_come_and_go);
    in_a_child(threads_that_launch_children);
    in_a_child(several_callers);
    in_a_child(a_call_that_fails_changes_nothing);
    in_a_child(a_list_that_cannot_be_had);
    in_a_child(workers_of_io_uring_are_left_alone);
    rights_that_a_kernel_does_not_know();
    return failures != 0;
}
