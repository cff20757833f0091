// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/program.hpp"

#include "sandbox/part.hpp"
#include "sandbox/steps.hpp"

#include <csignal>
#include <cstring>

#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace emilua::sandbox {

namespace {

/// As its child will have them.
void reset_signals() {
    for (int n = 1; n < NSIG; ++n) ::signal(n, SIG_DFL);
}

/// Everything, until the guest has ended.
program_report run(const program_setup& s, prepared ahead,
                   std::vector<unique_descriptor>& fds, unique_descriptor& to) {
    const std::size_t inbox = first_optional + s.entrances;
    const std::size_t supervisor = inbox + (s.has_inbox ? 2 : 0);
    const bool asks = !s.within.asked_calls.empty();
    if (s.entrances > fds.size() || fds.size() != supervisor + (asks ? 1 : 0))
        throw failure{error_code{EBADMSG, boost::system::system_category()}};
    join_groups({fds.data() + first_optional, s.entrances},
                ahead.process ? ahead.process->pid() : -1);
    handed streams;
    for (auto n : {program_input, program_output, program_error})
        streams.push_back(std::move(fds[n]));
    for (auto n = inbox; n < supervisor; ++n)
        streams.push_back(std::move(fds[n]));
    ahead.check(s);
    const auto process = std::move(ahead.process);
    // Before there is a program, which could read in /proc what is mounted
    // where its init is.
    auto [names, left_mounts, rules] = std::move(ahead).enter(s.within);
    std::optional<pid_t> guest;
    if (process) guest = process->begin(s, streams);
    if (!guest) {
        answering asked;
        if (asks) asked = {fds[supervisor].get(), names.get()};
        guest = start_guest(s, streams, asked, rules);
    }
    // Before their numbers are those of others.
    streams.clear();
    int all[] = {to.get(), left_mounts.get()};
    const std::span kept{all, left_mounts ? 2U : 1U};
    if (!keep_only(kept)) refuse(layer::privileges, "close_range");
    static_cast<void>(left_mounts.release());
    static_cast<void>(rules.release());
    static_cast<void>(to.release());
    to = unique_descriptor{kept[0]};
    program_report p{};
    p.what = program_report::kind::started;
    send_report(to.get(), p);
    return report_of(be_init({.child = *guest,
                              .microseconds = s.within.most.microseconds,
                              .left_mounts = kept.size() > 1 ? kept[1] : -1,
                              .ends_the_others = true}));
}

} // namespace

program_report report_of(const refusal& r) noexcept {
    program_report p{};
    p.what = program_report::kind::refused;
    p.of = r.of;
    p.error = r.error.code.value();
    std::strncpy(p.syscall, r.error.syscall ? r.error.syscall : "",
                 sizeof(p.syscall) - 1);
    if (r.error.path)
        std::strncpy(p.path, r.error.path->c_str(), sizeof(p.path) - 1);
    return p;
}

program_report report_of(const init_end& e) noexcept {
    program_report p{};
    p.what = program_report::kind::ended;
    p.status = e.status;
    p.processor_time = e.processor_time;
    p.own_time = e.own_time;
    p.out_of_time = e.out_of_time;
    return p;
}

void send_report(int socket, const program_report& r) noexcept {
    [[maybe_unused]] const auto n = ::send(socket, &r, sizeof(r), MSG_NOSIGNAL);
}

std::string_view limit_of(const program_report& r,
                          const group_refusals& refused,
                          std::uint64_t processor) noexcept {
    if (r.out_of_time) return "seconds";
    const int signal = WIFSIGNALED(r.status) ? WTERMSIG(r.status) : 0;
    if (signal == SIGXCPU) return "processor";
    if (signal == SIGXFSZ) return "file_size";
    // Who ended well has helped himself.
    if (r.status == 0) return {};
    if (refused.memory) return "memory";
    // Who ignores the signal of that limit is killed a second later.
    if (signal == SIGKILL && processor != 0 &&
        r.own_time / 1'000'000 > processor)
        return "processor";
    return refused.processes ? "processes" : "";
}

prepared::prepared(const guest_birth& b) : birth{b} {
    try {
        mounts = prepare_to_enter(b.shape.namespaces, b.uid, b.gid);
    } catch (refusal& r) {
        give_up(std::move(r));
    }
}

void prepared::give_up(refusal r) noexcept {
    refused = std::move(r);
    birth.patience = 0;
}

void prepared::get_ready_for(std::string_view policy) noexcept {
    if (refused) return;
    try {
        const auto within = decode(policy).within;
        ready.emplace(within, mounts);
        if (ready_process::is_possible_for(within) && !is_set_up(birth))
            process =
                std::make_unique<ready_process>(within, mounts, ready->rules());
    } catch (refusal& r) {
        // Who was killed has left descriptors.
        if (r.error.code == boost::system::errc::interrupted)
            return give_up(std::move(r));
        // Who wants it is told, by the start.
        forget_policy();
    } catch (const failure&) {
        forget_policy();
    }
}

void prepared::forget_policy() noexcept {
    process.reset();
    ready.reset();
    mounts.reset();
    try {
        mounts = make_basic_mounts();
    } catch (refusal& r) {
        give_up(std::move(r));
    }
}

void prepared::check(const program_setup& s) {
    if (ready && !ready->serves(s.within)) forget_policy();
    if (refused) throw *refused;
    if (birth.shape.namespaces != 0 &&
        (birth.uid != s.uid || birth.gid != s.gid)) {
        errno = EPERM;
        refuse(layer::namespaces, "write", "/proc/self/uid_map");
    }
}

entered prepared::enter(const confinement& c) && {
    auto p = std::move(*this);
    return p.ready ? sandbox::enter(c, p.mounts, std::move(*p.ready))
                   : sandbox::enter(c, p.mounts);
}

entered enter_as(prepared p, const program_setup& s) {
    p.check(s);
    return std::move(p).enter(s.within);
}

namespace {

/// The set-up of a guest that may be ready for its policy: until a mount of the
/// host changes, which would keep one busy that is taken away.
part receive_ready(prepared& p) {
    if (p.ready) {
        if (auto got = receive_setup(p.birth, p.ready->host_mounts(),
                                     &p.ready->left_mounts()))
            return std::move(*got);
        p.forget_policy();
    }
    return *receive_setup(p.birth);
}

} // namespace

int run_program_guest(const guest_birth& b) {
    reset_signals();
    prepared ahead{b};
    auto got = *receive_setup(ahead.birth);
    // A policy that is likely to come, unless it is there.
    if (got.fds.empty()) {
        if (!is_set_up(b)) ahead.get_ready_for(got.bytes);
        got = receive_ready(ahead);
    }
    if (got.fds.size() <= reports) return 127;
    auto to = std::move(got.fds[reports]);
    program_report p{};
    try {
        p = run(decode(got.bytes), std::move(ahead), got.fds, to);
    } catch (const refusal& r) {
        p = report_of(r);
    } catch (const failure& f) {
        p = report_of({layer::program, f});
    }
    send_report(to.get(), p);
    // Who waits for it comes first: to end this takes longer.
    ::sched_yield();
    return p.what == program_report::kind::ended ? exit_code_of(p.status) : 127;
}

} // namespace emilua::sandbox
