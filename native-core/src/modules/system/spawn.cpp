// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/system/spawn.hpp"

#include "core/interpreter.hpp"
#include "core/process.hpp"
#include "modules/system/seccomp.hpp"

#include <algorithm>
#include <csignal>

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

namespace emilua {

system::low_descriptors type_traits<system::low_descriptors>::read(reader& r,
                                                                   place p) {
    system::low_descriptors fds{map::read(r, p)};
    for (const auto& [number, fd] : fds.all) {
        if (number >= 3 && number <= 9) continue;
        argument_error e;
        e.expected = "one of the fields 3 to 9";
        e.path.push_back({path_step::kind::number, {}, number});
        throw e;
    }
    return fds;
}

namespace system {

namespace {

/// What two options cannot be together, or the one without the other.
[[noreturn]] void refuse(const char* option, std::string expected) {
    throw_invalid_argument(option, std::move(expected));
}

class variables_reader final : public entry_visitor {
public:
    variables_reader(reader& r, variables& to) noexcept
        : entry_visitor{false}, r_{r}, to_{to} {}

    void text_key(std::string_view name, place at) override {
        // What is undefined in JavaScript is not set.
        if (!r_.is_nil(at)) add(name, text(name, at));
        r_.forget(at);
    }
    void integer_key(std::int64_t, place) override { other_key(); }
    void other_key() override { throw argument_error{}; }

private:
    std::string_view text(std::string_view name, place at) {
        try {
            return r_.string(at);
        } catch (argument_error& e) {
            e.wanted = &type_of<std::string>();
            e.path.push_back({path_step::kind::key, std::string{name}, 0});
            throw;
        }
    }

    void add(std::string_view name, std::string_view value) {
        constexpr std::string_view pid{"\0pid", 4}, all{"\0", 1};
        // No variable is called so: several in the form that they are to have,
        // from who has that already.
        if (name == all && value.ends_with('\0')) {
            to_.block += value;
            return;
        }
        if (name.empty() || name.find('=') != name.npos ||
            name.find('\0') != name.npos)
            refuse("opts.environment", "names without = and NUL");
        if (value == pid) {
            if (!to_.pid_name.empty()) {
                // Tables of Lua have no order.
                const auto [a, b] =
                    std::minmax<std::string_view>({to_.pid_name, name});
                refuse("opts.environment",
                       "one variable to be the process id, not both " +
                           std::string{a} + " and " + std::string{b});
            }
            to_.pid_name = name;
            return;
        }
        if (value.find('\0') != value.npos) {
            argument_error e;
            e.expected = "a value without NUL";
            e.path.push_back({path_step::kind::key, std::string{name}, 0});
            throw e;
        }
        ((to_.block += name) += '=') += value;
        to_.block += '\0';
    }

    reader& r_;
    variables& to_;
};

/// Of Windows and FreeBSD.
constexpr const char* options_of_others[] = {
    "pd_daemon",          "show_window",      "create_breakaway_from_job",
    "create_new_console", "create_no_window", "detached_process"};

} // namespace
} // namespace system

system::variables type_traits<system::variables>::read(reader& r, place p) {
    const auto kind = r.kind(p);
    if (kind != type_kind::record && kind != type_kind::list) detail::refuse();
    system::variables v;
    system::variables_reader visitor{r, v};
    r.entries(p, visitor);
    return v;
}

system::portable_spawn_options
type_traits<system::portable_spawn_options>::read(reader& r, place p) {
    const auto kind = r.kind(p);
    if (kind == type_kind::string ||
        (kind == type_kind::list && r.size(p) > 0)) {
        argument_error e;
        e.expected = "a table such as {program = 'ls', arguments = {'ls', "
                     "'-l'}}";
        throw e;
    }
    try {
        return {options::read(r, p)};
    } catch (argument_error& e) {
        if (e.path.size() == 1 && e.path[0].what == path_step::kind::key &&
            std::ranges::any_of(system::options_of_others,
                                [&](const char* option) {
                                    return r.spells(e.path[0].name, option);
                                })) {
            e.code = make_error_code(errc::not_available);
            e.expected.clear();
        }
        throw;
    }
}

namespace system {

namespace {

void check_scheduler(const scheduler_options& s) {
    if (!s.policy) {
        if (s.reset_on_fork)
            refuse("opts.scheduler.reset_on_fork",
                   "`scheduler.policy` with it");
        if (s.priority)
            refuse("opts.scheduler.priority", "`scheduler.policy` with it");
        return;
    }
    const bool real_time = *s.policy == scheduling_policy::fifo ||
                           *s.policy == scheduling_policy::rr;
    if (real_time && !s.priority)
        refuse("opts.scheduler.policy",
               "`scheduler.priority` with a policy of real time");
    if (!real_time && s.priority.value_or(0) != 0)
        refuse("opts.scheduler.priority",
               "a `scheduler.policy` of real time with it");
}

bool shares(const standard_stream_option& o) {
    return o && std::holds_alternative<standard_handle>(*o) &&
           std::get<standard_handle>(*o) == standard_handle::share;
}

/// Where this process closed one of its own, the number is soon something
/// else's.
void check_shared_streams(const spawn_options& o) {
    const std::pair<const standard_stream_option&, const char*> streams[] = {
        {o.standard_input, "opts.stdin"},
        {o.standard_output, "opts.stdout"},
        {o.standard_error, "opts.stderr"}};
    for (int number = 0; const auto& [stream, option] : streams) {
        if (shares(stream) && ::fcntl(number, F_GETFD) == -1)
            throw_errno("fcntl", option);
        ++number;
    }
}

void check_terminals(const spawn_options& o) {
    if (o.set_ctty && !o.start_new_session)
        refuse("opts.set_ctty", "`start_new_session` with it");
    if (o.set_ctty && o.foreground)
        refuse("opts.foreground", "no `set_ctty` with it");
    if (o.foreground && !o.process_group)
        refuse("opts.foreground", "`process_group` with it");
    if (o.process_group && o.start_new_session)
        refuse("opts.process_group",
               "no `start_new_session` with it, which makes a group");
    if (!o.foreground) return;
    const auto* name = std::get_if<standard_name>(&*o.foreground);
    if (!name) return;
    if (*name == standard_name::stdin_ && !shares(o.standard_input))
        refuse("opts.foreground", "`stdin` to be \"share\" with it");
    if (*name == standard_name::stdout_ && !shares(o.standard_output))
        refuse("opts.foreground", "`stdout` to be \"share\" with it");
    if (*name == standard_name::stderr_ && !shares(o.standard_error))
        refuse("opts.foreground", "`stderr` to be \"share\" with it");
}

template <class T> int number_of(const ref<T>& d, const char* option) {
    try {
        if constexpr (std::is_same_v<T, libc_service::slave>)
            return d->lend();
        else
            return d->get();
    } catch (failure& f) {
        f.argument = option;
        throw;
    }
}

int number_of(const std::optional<descriptor>& d, const char* option) {
    return d ? number_of(*d, option) : -1;
}

void set_program(launch_plan& plan, const spawn_options& o) {
    if (const auto* fd = std::get_if<descriptor>(&o.program)) {
        plan.program_fd = number_of(*fd, "opts.program");
        return;
    }
    if (const auto* path = std::get_if<filesystem::path>(&o.program)) {
        plan.programs = {path->c_str("opts.program")};
        return;
    }
    const auto& name = std::get<c_string>(o.program).text;
    plan.shell_runs_scripts = true;
    if (name.empty() || name.find('/') != name.npos) {
        plan.programs = {name};
        return;
    }
    // As execvp(3) has it: without a PATH, and where it says nothing.
    std::string_view path = "/bin:/usr/bin";
    for (const auto& [variable, text] : process::environment())
        if (variable == "PATH") path = text;
    for (;;) {
        const auto colon = path.find(':');
        const auto folder = path.substr(0, colon);
        plan.programs.push_back(
            folder.empty() ? name : std::string{folder} + '/' + name);
        if (colon == path.npos) return;
        path.remove_prefix(colon + 1);
    }
}

// A program's name may begin with a dash, as that of a shell one logs in to,
// but it is no option.
void set_arguments(launch_plan& plan, const std::vector<c_string>& words) {
    const auto is_option = [](std::string_view word) {
        return word.starts_with("--") || (word.size() == 2 && word[0] == '-');
    };
    if (words.empty())
        refuse("opts.arguments",
               "the name of the program as the first, not an empty list");
    if (is_option(words[0].text))
        refuse("opts.arguments",
               "the name of the program as the first, not " + words[0].text);
    for (const auto& w : words) plan.arguments.push_back(w.text);
}

/// Descriptors that exist for the launch only.
using temporaries = std::vector<unique_descriptor>;

int keep(temporaries& t, int fd) {
    t.emplace_back(fd);
    return fd;
}

/// A pipe's end to read from whose other end is closed. Who writes to it fails
/// with EBADF; at the other end it would be killed by SIGPIPE, even for a
/// complaint that nobody asked for.
int closed_end(temporaries& t) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) == -1) throw_errno("pipe2");
    ::close(ends[1]);
    return keep(t, ends[0]);
}

int standard_stream_for(const standard_stream_option& o, int number,
                        const char* option, temporaries& t) {
    if (!o) return closed_end(t);
    if (const auto* fd = std::get_if<descriptor>(&*o))
        return number_of(*fd, option);
    if (std::get<standard_handle>(*o) == standard_handle::share) return number;
    const int fd =
        ::open("/dev/null",
               (number == STDIN_FILENO ? O_RDONLY : O_WRONLY) | O_CLOEXEC);
    if (fd == -1) throw_errno("open");
    return keep(t, fd);
}

int foreground_terminal(const spawn_options& o) {
    if (!o.foreground) return -1;
    if (const auto* fd = std::get_if<descriptor>(&*o.foreground))
        return number_of(*fd, "opts.foreground");
    return static_cast<int>(std::get<standard_name>(*o.foreground));
}

int policy_number(scheduling_policy p) noexcept {
    switch (p) {
    case scheduling_policy::batch:
        return SCHED_BATCH;
    case scheduling_policy::idle:
        return SCHED_IDLE;
    case scheduling_policy::fifo:
        return SCHED_FIFO;
    case scheduling_policy::rr:
        return SCHED_RR;
    case scheduling_policy::other:
        break;
    }
    return SCHED_OTHER;
}

uid_t id_of(const id_option& o) noexcept {
    return o ? static_cast<uid_t>(o->value) : static_cast<uid_t>(-1);
}

void set_identity(launch_plan& plan, const spawn_options& o) {
    plan.ruid = id_of(o.ruid);
    plan.euid = id_of(o.euid);
    plan.rgid = id_of(o.rgid);
    plan.egid = id_of(o.egid);
    if (o.extra_groups) {
        plan.groups.emplace();
        for (auto id : *o.extra_groups)
            plan.groups->push_back(static_cast<gid_t>(id.value));
    }
}

void set_confinement(launch_plan& plan, const spawn_options& o) {
    plan.no_new_privs = o.set_no_new_privs;
    plan.landlock_ruleset =
        number_of(o.landlock_restrict_self, "opts.landlock_restrict_self");
    if (!o.seccomp_set_mode_filter) return;
    const auto& filter = o.seccomp_set_mode_filter->data;
    check_seccomp_filter(filter, "opts.seccomp_set_mode_filter");
    plan.seccomp_filter = filter;
}

void set_surroundings(launch_plan& plan, const spawn_options& o) {
    plan.namespaces = {number_of(o.setns_user, "opts.setns_user"),
                       number_of(o.setns_mount, "opts.setns_mount"),
                       number_of(o.setns_uts, "opts.setns_uts"),
                       number_of(o.setns_ipc, "opts.setns_ipc"),
                       number_of(o.setns_net, "opts.setns_net")};
    plan.new_session = o.start_new_session;
    plan.controlling_terminal = number_of(o.set_ctty, "opts.set_ctty");
    if (o.process_group)
        plan.process_group = static_cast<pid_t>(o.process_group->value);
    plan.foreground = foreground_terminal(o);
    if (o.scheduler && o.scheduler->policy) {
        plan.scheduler = {
            policy_number(*o.scheduler->policy) |
                (o.scheduler->reset_on_fork ? SCHED_RESET_ON_FORK : 0),
            o.scheduler->priority.value_or(0)};
    }
    if (o.umask) plan.umask = static_cast<mode_t>(o.umask->value);
    if (o.working_directory) {
        if (const auto* fd = std::get_if<descriptor>(&*o.working_directory)) {
            plan.directory_fd = number_of(*fd, "opts.working_directory");
        } else {
            plan.directory = std::get<filesystem::path>(*o.working_directory)
                                 .c_str("opts.working_directory");
            if (plan.directory.empty())
                refuse("opts.working_directory", "a path that is not empty");
        }
    }
    if (o.pdeathsig)
        plan.parent_death_signal = static_cast<int>(o.pdeathsig->value);
}

/// Why a program cannot be found that is there: what runs it is not. Empty
/// where that is not so.
std::string explain_missing(const launch_plan& plan) {
    if (plan.directory_fd != -1) return {};
    for (auto program : plan.programs) {
        if (!program.starts_with('/') && !plan.directory.empty())
            program.insert(0, plan.directory + '/');
        const auto i = interpreter_of(program);
        if (i.empty() || ::access(i.c_str(), F_OK) == 0) continue;
        const bool foreign_lines = i.ends_with('\r');
        std::string s{"the interpreter that it names, '"};
        s += foreign_lines ? i.substr(0, i.size() - 1) + "\\r" : i;
        s += "', is not there";
        if (foreign_lines)
            s += ": its lines end in CR LF, as they do on Windows";
        return s;
    }
    return {};
}

std::optional<std::string> name_of_program(const spawn_options& o) {
    if (const auto* name = std::get_if<c_string>(&o.program)) return name->text;
    if (const auto* path = std::get_if<filesystem::path>(&o.program))
        return path->get().native();
    return {};
}

} // namespace

prepared_launch prepare(const spawn_options& opts) {
    if (opts.scheduler) check_scheduler(*opts.scheduler);
    check_terminals(opts);
    check_shared_streams(opts);
    prepared_launch r;
    auto& plan = r.plan;
    set_program(plan, opts);
    if (opts.arguments) set_arguments(plan, *opts.arguments);
    plan.environment = opts.environment.block;
    plan.pid_variable = opts.environment.pid_name;
    set_surroundings(plan, opts);
    set_identity(plan, opts);
    set_confinement(plan, opts);
    for (const auto& [number, fd] : opts.extra_fds.all)
        plan.descriptors[static_cast<std::size_t>(number)] = std::visit(
            [](const auto& d) { return number_of(d, "opts.extra_fds"); }, fd);
    auto& held = r.held;
    plan.descriptors[0] = standard_stream_for(opts.standard_input, STDIN_FILENO,
                                              "opts.stdin", held);
    plan.descriptors[1] = standard_stream_for(
        opts.standard_output, STDOUT_FILENO, "opts.stdout", held);
    plan.descriptors[2] = standard_stream_for(
        opts.standard_error, STDERR_FILENO, "opts.stderr", held);
    return r;
}

subprocess spawn(vm& owner, const portable_spawn_options& given) {
    const auto& opts = given.opts;
    const auto prepared = prepare(opts);
    try {
        return {owner, launch(prepared.plan),
                opts.signal_on_gcreaper
                    ? static_cast<int>(opts.signal_on_gcreaper->value)
                    : SIGTERM};
    } catch (failure& f) {
        const std::string_view option{f.argument ? f.argument : ""};
        if (option == "opts.program") {
            f.path = name_of_program(opts);
            if (f.code.value() == ENOENT)
                f.expected = explain_missing(prepared.plan);
        } else if (option == "opts.working_directory" &&
                   !prepared.plan.directory.empty()) {
            f.path = prepared.plan.directory;
        }
        throw;
    }
}

namespace {

// On the thread of the VM all the same: pdeathsig is a matter of threads.
void spawn_promised(vm& owner, const portable_spawn_options& given,
                    handler<subprocess> h) {
    h(error_code{}, spawn(owner, given));
}

} // namespace

void describe_processes(module_builder& m) {
    m.cls<subprocess>(
         "subprocess",
         "A child process. One that nobody waits for gets the signal it was "
         "spawned with when its object is collected, and is reaped; this "
         "process does not end before it.")
        .async("wait", fn<&subprocess::wait>, {},
               "Waits until the process has ended.",
               "Afterwards {@ref subprocess.exit_code} and {@ref "
               "subprocess.exit_signal} tell how. Returns at once when it was "
               "waited for before; a wait that is canceled takes nothing away. "
               "ECHILD when this process ignores SIGCHLD. waitid(2).")
        .sync("kill", fn<&subprocess::kill>,
              {{"signal", "A signal; 0 sends nothing and only checks."}},
              "Sends a signal to the process.",
              "Never to another one: ESRCH when it was waited for. EINVAL when "
              "there is no such signal, EPERM when it runs as somebody else. "
              "pidfd_send_signal(2).")
        .sync("cap_get", fn<&subprocess::cap_get>, {},
              "The capabilities of the process.",
              "ESRCH when it was waited for. cap_get_pid(3).")
        .property("exit_code", fn<&subprocess::exit_code>,
                  "What the process passed to exit(3), or 128 and the signal "
                  "that ended it.",
                  "EINVAL before {@ref subprocess.wait}.")
        .property("exit_signal", fn<&subprocess::exit_signal>,
                  "The signal that ended the process; nothing if none did.",
                  "EINVAL before {@ref subprocess.wait}.")
        .property("pid", fn<&subprocess::pid>,
                  "The number of the process; nothing when it was waited for.");
    const parameters opts = {{"opts", "What runs, and how."}};
    constexpr auto brief = "Starts a program in a process of its own.";
    constexpr auto details =
        "When it runs, this is through. What cannot be done fails here, with "
        "the option at fault: ENOENT or EACCES for the program, EPERM for "
        "rights that this process does not have, EINVAL for options that "
        "contradict each other, before anything is started. In the new process "
        "things happen in this order: signals as at the start of a process, "
        "namespaces, session, terminal, process group, foreground, scheduler, "
        "groups, ids, umask, working directory, pdeathsig, descriptors, "
        "no_new_privs, Landlock, seccomp. execve(2).";
    m.sync("spawn", fn<&spawn>, opts, brief, details).only(languages::lua);
    m.async("spawn", fn<&spawn_promised>, opts, brief, details)
        .only(languages::typescript);
}

} // namespace system
} // namespace emilua
