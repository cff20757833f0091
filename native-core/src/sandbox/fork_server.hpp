// SPDX-License-Identifier: MIT OR BSL-1.0
// The process that makes others.
#pragma once

#include <emilua/unique_descriptor.hpp>

#include <cstdint>
#include <mutex>
#include <string>

#include <sys/types.h>

/// Who starts whom, and which socket joins them:
///
///   program ──asks──> fork server ──clone3──> guest
///      └───────────── set-up ─────────────────> │
///      └───────────── messages ───────────────> │
///
/// The fork server is this executable, run anew with empty argv and envp when
/// the first guest is wanted: it never had anything private. It has one thread
/// and only calls that block, and sees of a guest its namespaces and two
/// descriptors. The set-up goes past it, to the guest alone.
///
/// It ends with its client: then it kills its guests, except for those that
/// were detached, and reaps all of them.

namespace emilua::sandbox {

/// A process that was made, and is set up over the other end of the socket that
/// went there.
struct forked {
    pid_t pid = -1;
    unique_descriptor pidfd;
    /// Gives an `exit_status` when the process has ended, and then its end.
    unique_descriptor status;
    /// Whether it is the init of what is below it and shares its PID namespace.
    bool is_init_among_others = false;

    /// 0, or -1 with errno. SIGKILL ends all that is below it, too, where it is
    /// an init. pidfd_send_signal(2).
    int send(int signo) const noexcept;
};

/// What a process is to be: the actor of a program, one that is confined with
/// an init of its own, or a program in a sandbox with its init (program.hpp).
enum class guest_kind : std::uint32_t { actor, confined_actor, program };

/// See `forked`.
bool is_init_among_others(guest_kind k, std::uint64_t namespaces) noexcept;

/// As waitid(2) has them.
struct exit_status {
    std::int32_t code;
    std::int32_t status;
};

/// The client's side. Any thread.
class fork_server {
public:
    /// That of this process.
    static fork_server& instance();

    /// The executable that is the server; before the first `fork`. By default
    /// the one that runs, or that beside the addon.
    void set_program(std::string path);

    /// The server is that at the other end of `socket`, which comes from a
    /// process as clean as one that was run anew: inside of a sandbox the
    /// executable may be out of reach.
    void use(unique_descriptor socket);

    /// Makes a process in new namespaces (CLONE_NEW…), which does what it is
    /// told on `setup`. Returns when it is there. Throws `failure`.
    forked fork(int namespaces, int setup, guest_kind runs = guest_kind::actor);

    /// The process may outlive this one.
    void detach(pid_t pid);

private:
    void start();
    forked ask(int namespaces, int setup, guest_kind runs);
    void finish() noexcept;

    std::mutex mutex_;
    /// "" for the default.
    std::string program_;
    unique_descriptor socket_;
    unique_descriptor pidfd_;
    bool detached_any_ = false;
    pid_t owner_ = -1;
};

/// How a guest is to end up: what runs in the child, on the socket with its
/// set-up. Returns the exit status.
using guest_body = int (*)(int setup);

/// Whether this process was started to be a fork server.
bool is_fork_server(int argc, char** argv) noexcept;

/// Its life, with a client at the other end of `socket`.
int run_fork_server(guest_body run, int socket);

/// In a guest: dies with the server from now on. After anything that changed
/// the credentials.
void die_with_parent() noexcept;

} // namespace emilua::sandbox
