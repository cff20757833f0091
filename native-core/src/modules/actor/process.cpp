// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/actor/process.hpp"

#include "core/built_in.hpp"
#include "core/own_files.hpp"
#include "modules/actor/describe_channel.hpp"
#include "sandbox/actor_process.hpp"
#include "sandbox/start.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace emilua::actor {
namespace {

[[noreturn]] void refuse(const char* option, std::string expected) {
    throw_invalid_argument(option, std::move(expected));
}

template <class T> int number_of(const ref<T>& d, const char* option) {
    try {
        return d->get();
    } catch (failure& f) {
        f.argument = option;
        throw;
    }
}

int number_of(const stream_option& o, int number, const char* option) {
    if (!o) return -1;
    if (const auto* fd = std::get_if<descriptor>(&*o))
        return number_of(*fd, option);
    return number;
}

std::vector<std::string>
environment_of(const std::map<std::string, std::string>& environment) {
    std::vector<std::string> r;
    constexpr auto option = "subprocess.environment";
    for (const auto& [name, text] : environment) {
        if (name.empty() || name.find('=') != name.npos ||
            name.find('\0') != name.npos)
            refuse(option, "names without = and NUL");
        if (text.find('\0') != text.npos) refuse(option, "values without NUL");
        r.push_back(name);
        r.back() += '=';
        r.back() += text;
    }
    return r;
}

void add_sources(const value& tree, const std::string& path,
                 sandbox::source_tree& to) {
    constexpr auto option = "subprocess.source_tree_cache";
    if (const auto* source = tree.as<std::string>(); source && !path.empty()) {
        to[path] = *source;
        return;
    }
    // An empty table may be a list.
    if (const auto* l = tree.as<value::list>(); l && l->empty()) return;
    const auto* parts = tree.as<value::record>();
    if (!parts) refuse(option, "a table of texts and of such tables");
    for (const auto& [name, rest] : *parts) {
        if (name.empty() || name == "." || name == ".." ||
            name.find('/') != name.npos || name.find('\0') != name.npos)
            refuse(option, "keys that are each one component of a path");
        auto below = path;
        below += '/';
        below += name;
        add_sources(rest, below, to);
    }
}

/// The plugins, open.
std::vector<unique_descriptor>
open_modules(const std::map<std::string, std::string>& files,
             sandbox::actor_setup& s) {
    // One is for a slave of libc_service.
    constexpr std::size_t most = sandbox::most_part_descriptors - 1;
    if (files.size() > most)
        refuse("subprocess.native_modules_cache",
               "at most " + std::to_string(most) + " plugins");
    std::vector<unique_descriptor> held;
    for (const auto& [id, file] : files) {
        unique_descriptor fd{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
        if (!fd) throw_errno("open", "subprocess.native_modules_cache");
        s.native_modules.push_back({id, fd.get()});
        held.push_back(std::move(fd));
    }
    return held;
}

std::uint32_t namespaces_of(const process_options& o) noexcept {
    return (o.newns_uts ? CLONE_NEWUTS : 0) | (o.newns_ipc ? CLONE_NEWIPC : 0) |
           (o.newns_pid ? CLONE_NEWPID : 0) |
           (o.newns_user ? CLONE_NEWUSER : 0) |
           (o.newns_net ? CLONE_NEWNET : 0) | (o.newns_mount ? CLONE_NEWNS : 0);
}

/// A confined actor, from before its start.
struct confined {
    explicit confined(const sandbox::confinement& within)
        : within{within}, group{sandbox::control_group_for(within)} {}

    const sandbox::confinement& within;

    sandbox::socket_pair reports;
    sandbox::control_group group;

    /// In the hands of the program.
    remote_channel started(vm& owner, const sandbox::sandbox& box,
                           sandbox::child_description d, unique_descriptor to) {
        group.close_entrances();
        d.reports =
            std::make_shared<sandbox::guest_reports>(std::move(reports.ours));
        auto label = sandbox::label_for(within, group, d.program, true);
        d.group = std::move(group);
        d.processor = within.most.processor;
        box.expect_start(owner, d.reports);
        const auto child = std::make_shared<sandbox::child_actor>(std::move(d));
        sandbox::child_actors::add(owner, child);
        sandbox::add_live_guest(child, child->pid(), std::move(label));
        return {owner, std::make_shared<const unique_descriptor>(std::move(to)),
                child};
    }
};

sandbox::program_setup setup_of(const sandbox::sandbox& box) {
    const auto& within = box.within();
    const auto check = [](bool has, const char* expected) {
        if (has) refuse("subprocess.sandbox", expected);
    };
    check(within.asks_to_connect,
          "a policy without `network.allow`: that is for programs");
    check(within.explains, "a policy without `explain`: that is for programs");
    check(box.copies(),
          "a policy without `copy_on_write`: that is for programs");
    return {.within = within,
            .programs = {},
            .arguments = {},
            .environment = {},
            .uid = ::geteuid(),
            .gid = ::getegid()};
}

/// Whether the process finds files as this one does.
bool sees_the_same(const process_options& o) noexcept {
    return !o.newns_mount && !o.init && !o.box && !o.libc_service;
}

void check_module(const sandbox::actor_setup& s) {
    const auto is_given = [&](const std::string& path) {
        return given_source(s.sources, path).has_value();
    };
    struct stat st;
    if (is_given(s.module) || is_given(s.module + "/init.lua") ||
        ::stat(s.module.c_str(), &st) == 0)
        return;
    if (errno != ENOENT && errno != ENOTDIR) return;
    failure f{make_error_code(errc::module_not_found)};
    f.expected = f.code.message() + ": " + s.module;
    throw f;
}

} // namespace

remote_channel spawn_process(vm& owner, const process_options& subprocess,
                             std::optional<filesystem::path> module) {
    const auto& o = subprocess;
    sandbox::actor_setup s;
    s.namespaces = namespaces_of(o);
    s.standard = {number_of(o.standard_input, 0, "subprocess.stdin"),
                  number_of(o.standard_output, 1, "subprocess.stdout"),
                  number_of(o.standard_error, 2, "subprocess.stderr")};
    if (o.init) {
        s.init_script = o.init->script;
        if (o.init->arg)
            s.init_arg = number_of(*o.init->arg, "subprocess.init.arg");
    }
    s.environment = environment_of(o.environment);
    if (!o.source_tree_cache.is_nil())
        add_sources(o.source_tree_cache, {}, s.sources);
    if (module) {
        s.module = module->c_str("module");
        if (s.module.empty()) refuse("module", "a path that is not empty");
        if (sees_the_same(o)) check_module(s);
    }
    const auto held = open_modules(o.native_modules_cache, s);
    if (o.libc_service)
        s.libc_service = number_of(*o.libc_service, "subprocess.libc_service");
    std::optional<confined> apart;
    if (o.box) {
        if (s.namespaces != 0 || o.init)
            refuse("subprocess.sandbox",
                   "neither namespaces nor `init` with it");
        const auto& within = (*o.box)->within();
        apart.emplace(within);
        auto setup = setup_of(**o.box);
        s.entrances = apart->group.entrances();
        setup.entrances = s.entrances.size();
        s.namespaces = sandbox::clone_flags(within);
        s.confinement = sandbox::encode(setup);
        s.reports = apart->reports.theirs.get();
    }
    auto started = sandbox::start_actor(s);
    if (o.libc_service) (*o.libc_service)->close();
    sandbox::child_description d{.process = std::move(started.process),
                                 .told = std::move(started.reports),
                                 .program = s.module,
                                 .is_mute = s.standard[2] == -1};
    if (apart)
        return apart->started(owner, **o.box, std::move(d),
                              std::move(started.to));
    auto child = std::make_shared<sandbox::child_actor>(std::move(d));
    sandbox::child_actors::add(owner, child);
    return {owner,
            std::make_shared<const unique_descriptor>(std::move(started.to)),
            std::move(child)};
}

remote_channel spawn_program(vm& owner, ref<sandbox::sandbox> box,
                             const program_options& subprocess) {
    const auto& o = subprocess;
    auto setup = setup_of(*box);
    auto& within = setup.within;
    for (auto& f : own_files()) {
        within.executable.push_back(f);
        within.readable.push_back(std::move(f));
    }
    for (const auto& p : o.readable) within.readable.push_back(p.text);
    for (const auto& l : o.links) within.links.push_back(l.text);
    // What is reserved is many times what is used.
    within.most.data = std::exchange(within.most.memory, 0);
    if (o.reserved)
        within.most.reserved = static_cast<std::uint64_t>(o.reserved->value);
    setup.programs = {o.program.text};
    for (const auto& a : o.arguments) setup.arguments.push_back(a.text);
    setup.environment = environment_of(o.environment);
    if (const auto addon = own_addon(); !addon.empty())
        setup.environment.push_back("EMILUA_NATIVE=" + addon);
    sandbox::start_descriptors fds{
        number_of(o.standard_input, 0, "subprocess.stdin"),
        number_of(o.standard_output, 1, "subprocess.stdout"),
        number_of(o.standard_error, 2, "subprocess.stderr"),
        -1,
        {}};
    std::array<unique_descriptor, 3> closed;
    int* const streams[] = {&fds.input, &fds.output, &fds.error};
    for (std::size_t i = 0; i < 3; ++i) {
        if (*streams[i] != -1) continue;
        closed[i] = sandbox::closed_end(i == 0);
        *streams[i] = closed[i].get();
    }
    confined apart{within};
    sandbox::socket_pair messages, failures;
    // One way only.
    ::shutdown(messages.ours.get(), SHUT_RD);
    ::shutdown(failures.ours.get(), SHUT_WR);
    fds.reports = apart.reports.theirs.get();
    fds.entrances = apart.group.entrances();
    fds.inbox = messages.theirs.get();
    fds.failures = failures.theirs.get();
    auto process = sandbox::start_init(std::move(setup), fds);
    return apart.started(owner, *box,
                         {.process = std::move(process),
                          .told = std::move(failures.ours),
                          .program = o.module.text,
                          .is_mute = !o.standard_error},
                         std::move(messages.ours));
}

void describe_remote(module_builder& m) {
    const auto to_channel =
        m.cls<remote_channel>(
             "remote_channel",
             "Where messages to an actor in another process go in.")
            .async("send", fn<&remote_channel::send>,
                   {{"message", "A boolean, number, string, file_descriptor, "
                                "channel or inbox; or a table of at most 25 of "
                                "these, by names. Strings have at most 255 "
                                "bytes."}},
                   "Sends a message, and waits only while the actor has not "
                   "taken the ones before.",
                   "Raises channel_closed when its inbox is closed.")
            .sync("detach", fn<&remote_channel::detach>, {},
                  "Lets the actor outlive who started it, which otherwise ends "
                  "it.",
                  "ECHILD for an actor that another one has started.")
            .sync("kill", fn<&remote_channel::kill>,
                  {{"signo", "A signal; without it, SIGKILL."}},
                  "Sends a signal to the actor's process; SIGKILL closes the "
                  "channel, too.",
                  "In a PID namespace of its own, to the init process there, "
                  "which forwards some. ESRCH when it has ended, but not for "
                  "SIGKILL. ECHILD for an actor that another one has started. "
                  "pidfd_send_signal(2).")
            .property("child_pid", fn<&remote_channel::child_pid>,
                      "The number of the actor's process.",
                      "When the process has ended, it may be another one's. "
                      "ECHILD for an actor that another one has started.");
    describe_channel(
        to_channel,
        {.until = "Waits until the actor's process has ended.",
         .reasons =
             "Gives the reason: \"ended\", what it failed with, \"exited "
             "with status 1\", \"killed by signal 9\", or \"killed\" after "
             "{@ref remote_channel.kill} without a signal. ECHILD for an "
             "actor that another one has started.",
         .when = "Has the inbox of the calling program get a message when the "
                 "actor's process has ended: `ended` is the tag, `reason` is "
                 "as with {@ref remote_channel.closed}.",
         .seen = "At once if it has ended. Whoever watches has seen a failure, "
                 "and the exit status stays 0. ECHILD for an actor that "
                 "another one has started.",
         .question = "A table with names, as for {@ref remote_channel.send}."});
    m.sync("spawn_process", fn<&spawn_process>,
           {{"subprocess", "What the process is like."},
            {"module", "Path of a Lua program; without it, the process ends "
                       "after its script."}},
           "Starts a Lua program as an actor in a process of its own.",
           "Such a process ends with the program that started it, unless it "
           "was detached. EPERM, or ENOSPC, where the system refuses "
           "namespaces. clone(2).");
    m.sync("spawn_program", fn<&spawn_program>,
           {{"sandbox", "What it is confined to."},
            {"subprocess", "What runs, and with what."}},
           "Starts a program in a sandbox as an actor, which has its inbox as "
           "descriptor 3, and tells of its failures on descriptor 4.",
           "What this process itself was made of can be read there, too: its "
           "executable, and libraries.")
        .only(languages::typescript);
}

} // namespace emilua::actor
