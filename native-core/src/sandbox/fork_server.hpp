// SPDX-License-Identifier: MIT OR BSL-1.0
// The process that makes others.
#pragma once

#include <emilua/unique_descriptor.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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
///
/// Who has asked for two of one shape will ask for more: the next one is made
/// ahead, two of programs that are asked for in a row, and waits for its set-up
/// with nothing in it that is anybody's; or, if both had one policy, with what
/// that takes.

namespace emilua::sandbox {

/// A process that was made, and is set up over the other end of the socket that
/// went there.
struct forked {
    pid_t pid = -1;
    unique_descriptor pidfd;
    /// Our end of the socket that its set-up went to.
    unique_descriptor setup;
    /// Gives an `exit_status` when the process has ended, and then its end.
    unique_descriptor status;
    /// Whether it is the init of what is below it and shares its PID namespace.
    bool is_init_among_others = false;
    /// Whether it is an init, in its PID namespace or another one's.
    bool is_init = false;

    /// 0, or -1 with errno. Where it is an init, SIGKILL ends all that is below
    /// it, too, and other signals are for its child. pidfd_send_signal(2).
    int send(int signo) const noexcept;
};

/// What a process is to be: the actor of a program, one that is confined with
/// an init of its own, or a program in a sandbox with its init (program.hpp).
enum class guest_kind : std::uint32_t { actor, confined_actor, program };

/// What is known of a guest before it is told what to do.
struct guest_shape {
    guest_kind runs = guest_kind::actor;
    /// Flags of clone(2): CLONE_NEW….
    std::uint32_t namespaces = 0;
    /// Whether an actor's init runs something before it makes the actor.
    bool has_script = false;

    bool operator==(const guest_shape&) const = default;
};

/// See `forked`.
bool is_init_among_others(const guest_shape& s) noexcept;
bool is_init(const guest_shape& s) noexcept;

/// A part of a set-up (part.hpp). Descriptors are the caller's, who keeps them.
struct setup_part {
    std::string_view bytes;
    std::span<const int> fds;
};

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

    /// Makes a process in new namespaces, or takes one that was made ahead, and
    /// sends it its set-up. Returns when it is there. `policy` is what the next
    /// one can get ready for; "" for nothing. Throws `failure`.
    forked fork(const guest_shape& s, std::span<const setup_part> parts,
                std::string policy = {});

    /// How long those that were made ahead wait to be wanted.
    struct pace {
        std::chrono::milliseconds patience = std::chrono::minutes{1};
        /// Where programs follow each other within this time, another one is
        /// wanted before the next is ready: then there is a second.
        std::chrono::milliseconds in_a_row{4};
        /// For how long the second one waits.
        std::chrono::milliseconds brief{100};
    };
    void use(const pace& p);

    /// The process may outlive this one.
    void detach(pid_t pid);

private:
    /// A process that was asked for.
    struct asked {
        guest_shape shape;
        forked process{};
        /// The server's answer, once it was read.
        std::optional<int> error{};
        /// What it was told to get ready for; "" for nothing.
        std::string policy{};
        /// Whether it goes soon if nobody wants it.
        bool is_brief = false;
        /// How many parts of its set-up it got.
        std::size_t taken = 0;
    };

    void start();
    void stop() noexcept;
    void ask(const guest_shape& s, bool ahead,
             std::chrono::milliseconds patience);
    void read_answer(asked& a);
    void read_answers(const asked& until);
    asked send(std::deque<asked>::iterator to,
               std::span<const setup_part> parts);
    std::optional<forked> try_ahead(const guest_shape& s,
                                    std::span<const setup_part> parts,
                                    const std::string& policy);
    void drop(std::deque<asked>::iterator at);
    forked make(const guest_shape& s, std::span<const setup_part> parts);
    void ask_ahead(const guest_shape& s, std::string policy) noexcept;
    void finish() noexcept;

    /// What was asked for last, of one shape.
    struct wish {
        guest_shape shape;
        std::string policy;
        std::chrono::steady_clock::time_point when;
        /// So many more are likely, with the same policy or not.
        std::size_t likely = 0;
        bool same_policy = false;
    };
    wish note(const guest_shape& s, std::string policy);

    std::mutex mutex_;
    /// "" for the default.
    std::string program_;
    unique_descriptor socket_;
    unique_descriptor pidfd_;
    /// In the order of the requests.
    std::deque<asked> ahead_;
    /// The latest shapes, each once.
    std::deque<wish> latest_;
    pace pace_;
    bool detached_any_ = false;
    pid_t owner_ = -1;
};

struct memory_piece;
class memory_notes;

/// What a guest finds of how it was made.
struct guest_birth {
    /// The socket with its set-up.
    int setup;
    guest_shape shape;
    /// Who it is, as seen from outside.
    unsigned uid, gid;
    /// Whether it was made ahead, and has no mounts of its own yet.
    bool ahead;
    /// Milliseconds for which it waits to be wanted; -1 is for ever.
    int patience;
    std::chrono::steady_clock::time_point born{};
    /// What actors use of the memory that they are copies of; null where that
    /// is not known.
    const std::vector<memory_piece>* rehearsed = nullptr;
    /// Of one that is nobody's: where it notes that.
    memory_notes* notes = nullptr;
};

struct part;

/// In a guest that was made ahead and has nothing to make itself: whoever asked
/// for it, and the guest before it, come first.
void give_way(const guest_birth& b) noexcept;

/// In a guest: waits for the first part of its set-up, and gives nothing when
/// there is something at `other` (POLLPRI) before it comes; -1 for none. Closes
/// `left`, which takes a while, when there is time. Ends the process when
/// nobody wants it. Throws `failure`.
std::optional<part> receive_setup(const guest_birth& b, int other = -1,
                                  unique_descriptor* left = nullptr);

/// Whether there is something to be received.
bool is_set_up(const guest_birth& b) noexcept;

/// And then, in an actor that is not confined: gives it mounts of its own, if
/// it is to have some and has none yet. They are the host's as they are now: a
/// copy from before would be in the way of whoever takes one away. Throws
/// `failure`.
void make_own_mounts(const guest_birth& b);

/// How a guest is to end up: what runs in the child. Returns the exit status.
using guest_body = int (*)(const guest_birth& b);

/// Whether this process was started to be a fork server.
bool is_fork_server(int argc, char** argv) noexcept;

/// Its life, with a client at the other end of `socket`.
int run_fork_server(guest_body run, int socket);

/// In a guest: dies with the server from now on. After anything that changed
/// the credentials.
void die_with_parent() noexcept;
/// The same in a child of `parent`, which it does not outlive either when that
/// ended before this call.
void die_with_parent(pid_t parent) noexcept;

} // namespace emilua::sandbox
