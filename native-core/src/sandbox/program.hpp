// SPDX-License-Identifier: MIT OR BSL-1.0
// A program in a sandbox, as the process sees it that becomes its init.
#pragma once

#include "sandbox/confinement.hpp"
#include "sandbox/control_group.hpp"
#include "sandbox/fork_server.hpp"
#include "sandbox/guest_process.hpp"
#include "sandbox/init_process.hpp"

#include <memory>

namespace emilua::sandbox {

/// What runs, and in what.
struct program_setup {
    confinement within;
    /// The first of these paths that there is.
    std::vector<std::string> programs;
    std::vector<std::string> arguments;
    /// "NAME=value" each.
    std::vector<std::string> environment;
    /// Who starts it, as seen from outside.
    unsigned uid = 0, gid = 0;
    /// Which of the descriptors that may be missing come along.
    bool has_inbox = false;
    std::size_t entrances = 0;
};

/// As bytes, for the process that does it. `decode` throws `failure`, EBADMSG,
/// for what `encode` never made.
std::string encode(const program_setup& s);
program_setup decode(std::string_view bytes);
/// A set-up of nothing but `c`, the same wherever the guest begins.
std::string encode_policy(confinement c);

/// What the init tells, one a message on its socket: first whether the program
/// runs, then how it ended.
struct program_report {
    enum class kind : std::uint32_t { started, refused, ended } what;
    /// Of a refusal.
    layer of;
    std::int32_t error;
    char syscall[32];
    char path[256];
    /// Of an end, as wait(2) has it, and the microseconds of processor time, of
    /// all and of the program alone.
    std::int32_t status;
    std::uint64_t processor_time, own_time;
    /// Whether it had run for as long as it might.
    bool out_of_time;
};

/// Of a refusal, and its way. Who does not listen any more is not told.
program_report report_of(const refusal& r) noexcept;
program_report report_of(const init_end& e) noexcept;
void send_report(int socket, const program_report& r) noexcept;
/// The next report, without waiting: false if there is none yet. `over` is set
/// when no other can come; `r` is then an end by somebody else's hand.
bool receive_report(int socket, program_report& r, bool& over) noexcept;

/// Which limit of its policy ended it ("seconds"), or was in its way until it
/// failed; "" for none. Of an end. `processor` is the limit of seconds, 0 for
/// none.
std::string_view limit_of(const program_report& r,
                          const group_refusals& refused,
                          std::uint64_t processor) noexcept;

/// Where a program has its inbox, if it has one (message.hpp), and where it
/// tells of its failures then (failure_report.hpp).
inline constexpr int program_inbox = 3, program_failures = 4;

/// What comes along with a set-up, in this order, and then, as far as the
/// set-up says that they are there: the entrances of control groups, the ends
/// of the sockets that are the program's inbox and for its failures.
enum program_descriptor : std::size_t {
    program_input,
    program_output,
    program_error,
    /// A socket of packets.
    reports,
    first_optional,
};
/// And, at last, of a guest that asks where it connects to, a socket of packets
/// for its supervisor: where the calls arrive, and its name server, if any.

/// What came of `prepare_to_enter`: what it refuses is to be told when somebody
/// listens.
struct prepared {
    explicit prepared(const guest_birth& b);

    /// Makes ahead what a guest with `policy`, encoded, will take, if that can
    /// be.
    void get_ready_for(std::string_view policy) noexcept;
    /// As if no policy had come yet.
    void forget_policy() noexcept;
    /// Nobody need wait for this one: the next may be lucky.
    void give_up(refusal r) noexcept;
    /// Forgets what does not serve `s`; throws `refusal` if there is to be none
    /// like it.
    void check(const program_setup& s);
    /// `enter`, after `check`.
    entered enter(const confinement& c) &&;

    guest_birth birth;
    unique_descriptor mounts;
    std::optional<ready_policy> ready{};
    /// Of a guest with that policy, if it can be.
    std::unique_ptr<ready_process> process{};
    std::optional<refusal> refused{};
};

/// Checks and enters.
entered enter_as(prepared p, const program_setup& s);

/// `guest_body` of a process with one thread that has the flags of
/// `clone_flags`: is told what to run, starts the program, and is its init
/// until it has ended.
int run_program_guest(const guest_birth& b);

} // namespace emilua::sandbox
