// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/launcher.hpp"

#include "core/launcher_steps.hpp"
#include "core/printer.hpp"

#include <emilua/error.hpp>

#include <csignal>

#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace emilua {

namespace {

constexpr auto unchanged = static_cast<id_t>(-1);

/// Whether the child can use the parent's memory until its program begins,
/// which is faster than a copy. Not with other credentials: they would decide
/// who may look into the memory of both.
bool shares_memory([[maybe_unused]] const launch_plan& p) noexcept {
#if defined(__SANITIZE_THREAD__)
    // What the child does would count as done by this thread.
    return false;
#else
    return p.ruid == unchanged && p.euid == unchanged && p.rgid == unchanged &&
           p.egid == unchanged && !p.groups &&
           p.namespaces[launch_plan::user] == -1;
#endif
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> r;
    r.reserve(texts.size() + 2);
    for (const auto& t : texts) r.push_back(const_cast<char*>(t.c_str()));
    return r;
}

std::vector<char*> pointers_into(const std::string& block) {
    std::vector<char*> r;
    r.reserve(64);
    for (std::size_t i = 0; i < block.size(); i = block.find('\0', i) + 1)
        r.push_back(const_cast<char*>(block.data() + i));
    return r;
}

/// All signals, those of glibc too: a handler must not run in memory that two
/// processes share.
class blocked_signals {
public:
    blocked_signals() noexcept {
        const unsigned long all = ~0UL;
        ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before_, sizeof(all));
    }
    ~blocked_signals() {
        ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before_, nullptr,
                  sizeof(before_));
    }
    blocked_signals(const blocked_signals&) = delete;
    blocked_signals& operator=(const blocked_signals&) = delete;

private:
    unsigned long before_ = 0;
};

launched start(launch_image& image, int flags) {
    // The parent waits, so that its frame does for the child's stack.
    alignas(16) std::byte stack[32 * 1024];
    int pidfd = -1;
    const blocked_signals blocked;
    const pid_t pid = ::clone(&run_launch_steps, stack + sizeof(stack), flags,
                              &image, &pidfd);
    if (pid == -1) throw_errno("clone");
    return {pid, unique_descriptor{pidfd}};
}

/// Whether the child was one of those that `options` wait for.
bool wait_for(const launched& child, int options, siginfo_t& info) noexcept {
    int r;
    do
        r = ::waitid(P_PIDFD, static_cast<id_t>(child.pidfd.get()), &info,
                     WEXITED | options);
    while (r == -1 && errno == EINTR);
    return r == 0;
}

/// A filter may forbid the child to report, too. Then its status is the errno,
/// or the filter ended it.
bool ended_by_its_filter(const launched& child, launch_report& report) {
    // Children whose end brings no SIGCHLD: a program has begun in all others.
    siginfo_t info{};
    if (!wait_for(child, __WCLONE, info)) return false;
    const bool told = info.si_code == CLD_EXITED;
    report = {told ? step_of_program : step_of_filter,
              told ? info.si_status : EPERM};
    return true;
}

} // namespace

std::vector<std::string> launch_plan::environment_list() const {
    std::vector<std::string> r;
    for (const char* variable : pointers_into(environment))
        r.emplace_back(variable);
    return r;
}

launched launch(const launch_plan& plan) {
    std::vector<const char*> programs;
    for (const auto& p : plan.programs) programs.push_back(p.c_str());
    auto arguments = pointers(plan.arguments);
    arguments.push_back(nullptr);
    auto environment = pointers_into(plan.environment);
    std::string pid_variable;
    if (!plan.pid_variable.empty()) {
        pid_variable = plan.pid_variable + '=';
        const auto name_size = pid_variable.size();
        pid_variable.resize(name_size + 16, '\0');
        environment.push_back(pid_variable.data());
    }
    environment.push_back(nullptr);
    std::vector<char*> shell_arguments;
    char shell[] = "sh";
    if (plan.shell_runs_scripts) {
        shell_arguments = {shell, nullptr};
        for (std::size_t i = 1; i < plan.arguments.size(); ++i)
            shell_arguments.push_back(arguments[i]);
        shell_arguments.push_back(nullptr);
    }

    // Another thread's child may hold the writing end for a while, so nobody
    // waits for its end: what is there when the child has begun is all.
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == -1) throw_errno("pipe2");
    unique_descriptor reader{ends[0]}, writer{ends[1]};

    launch_image image{.plan = plan,
                       .programs = programs,
                       .arguments = arguments.data(),
                       .environment = environment.data(),
                       .shell_arguments = shell_arguments,
                       .pid_text = plan.pid_variable.empty()
                                       ? nullptr
                                       : pid_variable.data() +
                                             plan.pid_variable.size() + 1,
                       .parent = ::getpid(),
                       .report = writer.get(),
                       .program_fd = plan.program_fd,
                       .landlock_ruleset = plan.landlock_ruleset};
    // No SIGCHLD for what never ran; a program's start brings it.
    int flags = CLONE_VFORK | CLONE_PIDFD;
    if (shares_memory(plan)) flags |= CLONE_VM;
    // What was printed comes before what the child prints.
    printer::instance().flush();
    auto child = start(image, flags);

    launch_report report{};
    if (::read(reader.get(), &report, sizeof(report)) ==
        static_cast<ssize_t>(sizeof(report))) {
        siginfo_t info;
        wait_for(child, __WALL, info);
    } else if (plan.seccomp_filter.empty() ||
               !ended_by_its_filter(child, report)) {
        return child;
    }
    const auto name = name_of_launch_step(report.step);
    throw failure{error_code{report.error, boost::system::system_category()},
                  name.syscall, name.argument};
}

} // namespace emilua
