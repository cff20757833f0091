// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/fork_protocol.hpp"
#include "sandbox/fork_server.hpp"
#include "sandbox/part.hpp"

#include "core/launcher.hpp"
#include "core/own_library.hpp"
#include "core/printer.hpp"

#include <emilua/error.hpp>

#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace emilua::sandbox {
namespace {

template <class T> std::string_view bytes_of(const T& t) noexcept {
    return {reinterpret_cast<const char*>(&t), sizeof(t)};
}

/// The executable that lies beside the addon.
std::string default_program() { return (own_folder() / "emilua").native(); }

} // namespace

fork_server& fork_server::instance() {
    // Never destroyed: other threads may still ask while the process ends.
    static fork_server& s = []() -> fork_server& {
        auto* made = new fork_server;
        std::atexit([] { instance().finish(); });
        return *made;
    }();
    return s;
}

void fork_server::set_program(std::string path) {
    const std::lock_guard lock{mutex_};
    program_ = std::move(path);
}

void fork_server::use(unique_descriptor socket) {
    const std::lock_guard lock{mutex_};
    socket_ = std::move(socket);
    owner_ = ::getpid();
}

// The lock is held.
void fork_server::start() {
    socket_pair ends;
    const unique_descriptor nothing{::open("/dev/null", O_RDWR | O_CLOEXEC)};
    if (!nothing) throw_errno("open");
    launch_plan plan;
    plan.programs = {program_.empty() ? default_program() : program_};
    plan.arguments = {fork_server_name};
    // What is looked up in libraries is looked up once, not in every guest.
    plan.environment.assign(fork_server_environment,
                            sizeof(fork_server_environment));
    plan.descriptors[0] = plan.descriptors[1] = plan.descriptors[2] =
        nothing.get();
    plan.descriptors[fork_server_socket] = ends.theirs.get();
    try {
        pidfd_ = launch(plan).pidfd;
    } catch (failure& f) {
        f.argument = nullptr;
        f.path = plan.programs.front();
        throw;
    }
    socket_ = std::move(ends.ours);
    owner_ = ::getpid();
}

// The lock is held.
forked fork_server::ask(int namespaces, int setup, guest_kind runs) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == -1) throw_errno("pipe2");
    forked f;
    f.status = unique_descriptor{ends[0]};
    const unique_descriptor writer{ends[1]};
    const int fds[] = {setup, writer.get()};
    send_part(
        socket_.get(),
        bytes_of(fork_request{fork_request::kind::fork,
                              static_cast<std::uint32_t>(namespaces), runs, 0}),
        fds);
    auto p = receive_part(socket_.get());
    const auto answer = unpacker{p.bytes}.number<fork_answer>();
    if (answer.error != 0 || p.fds.size() != 1) {
        throw failure{error_code{answer.error != 0 ? answer.error : EBADMSG,
                                 boost::system::system_category()},
                      "clone3"};
    }
    f.pid = answer.pid;
    f.pidfd = std::move(p.fds[0]);
    f.is_init_among_others =
        is_init_among_others(runs, static_cast<std::uint64_t>(namespaces));
    return f;
}

forked fork_server::fork(int namespaces, int setup, guest_kind runs) {
    // What was printed comes before what the guest prints.
    printer::instance().flush();
    const std::lock_guard lock{mutex_};
    // A copy of this process shares nothing with it.
    if (owner_ != ::getpid()) socket_.reset();
    if (!socket_) start();
    try {
        return ask(namespaces, setup, runs);
    } catch (const failure& f) {
        const auto c = f.code;
        if (c != boost::system::errc::broken_pipe &&
            c != boost::system::errc::connection_reset)
            throw;
    }
    // Somebody ended it.
    if (pidfd_)
        ::waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), nullptr, WEXITED);
    start();
    return ask(namespaces, setup, runs);
}

void fork_server::detach(pid_t pid) {
    const std::lock_guard lock{mutex_};
    if (!socket_ || owner_ != ::getpid()) return;
    detached_any_ = true;
    send_part(socket_.get(),
              bytes_of(fork_request{fork_request::kind::detach, 0,
                                    guest_kind::actor, pid}),
              {});
}

// The server ends when it has reaped its guests, and is reaped here.
void fork_server::finish() noexcept {
    if (owner_ != ::getpid()) return;
    const std::lock_guard lock{mutex_};
    if (!socket_) return;
    socket_.reset();
    if (detached_any_ || !pidfd_) return;
    while (::waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), nullptr,
                    WEXITED) == -1 &&
           errno == EINTR)
        ;
}

} // namespace emilua::sandbox
