// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/error.hpp>
#include <emilua/unique_descriptor.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace emilua::sandbox {

/// What a sandbox stands on. Namespaces: files, processes, network and names
/// that are not there for the guest, with Landlock and seccomp inside. Process:
/// Landlock, seccomp and limits of an ordinary process alone.
enum class foundation : std::uint8_t { namespaces, process };

/// What refused, of what a sandbox is made of.
enum class layer : std::uint8_t {
    namespaces,
    files,
    network,
    landlock,
    seccomp,
    privileges,
    limits,
    program,
};
const char* name_of(layer l) noexcept;

/// Of whom memory is counted: of each process alone, or also of all of the
/// sandbox together; `available` is the latter where it can be had.
enum class memory_scope : std::uint8_t { available, process, sandbox };

/// 0 is no limit.
struct limits {
    /// Bytes of address space of each process.
    std::uint64_t memory = 0;
    /// Bytes of writable memory of each process, for programs that reserve far
    /// more of addresses than they use.
    std::uint64_t data = 0;
    /// Of that, bytes that programs ask for at once and leave empty, beside
    /// what `data` lets them have.
    std::uint64_t reserved = 0;
    memory_scope counted = memory_scope::available;
    /// Processes and threads that there may be at once.
    std::uint64_t processes = 0;
    /// Seconds of the processor for each process.
    std::uint64_t processor = 0;
    /// Bytes that a file may have.
    std::uint64_t file_size = 0;
    std::uint64_t descriptors = 0;
    /// Of wall time, for all of it.
    std::uint64_t microseconds = 0;

    bool operator==(const limits&) const = default;
};

/// A folder that shows another one, or one over itself if there is `work`,
/// beside which an overlay works.
struct replaced_folder {
    /// "" for none.
    std::string path;
    std::string by, work;

    bool operator==(const replaced_folder&) const = default;
};

/// All that a confined process finds, in the terms of the kernel: what is not
/// here, it has not. Paths are absolute.
struct confinement {
    foundation on = foundation::namespaces;
    std::vector<std::string> readable;
    std::vector<std::string> writable;
    std::vector<std::string> executable;
    /// Where each of these led when it was named: a start that finds another
    /// way is refused. Not of those in /proc, which lead each process
    /// elsewhere.
    std::map<std::string, std::string> real_paths;
    /// What is written there is not the host's. Without namespaces the guest
    /// has it where the other one is.
    replaced_folder replaced;
    /// Symbolic links that are there, wherever they lead.
    std::vector<std::string> links;
    /// Whether its network is that of the host; none otherwise.
    bool shares_network = false;
    /// Whether somebody is asked where it connects to (supervisor.hpp), and
    /// whether UNIX sockets are among that.
    bool asks_to_connect = false, asks_for_services = false;
    /// Whether somebody is told which files it asks for (file_explainer.hpp).
    bool explains = false;
    /// Bytes of a /tmp of its own; 0 for none. With namespaces only.
    std::uint64_t temporary = 0;
    /// Whether what is written there may be run.
    bool runs_temporary = false;
    std::string host_name = "sandbox";
    /// "" for the root.
    std::string directory;
    limits most;
    /// The ABI of Landlock to be used; 0 for none.
    std::uint32_t landlock_abi = 0;
    /// A program of struct sock_filter; "" for none.
    std::string seccomp_filter;
    /// Another one, of calls that wait for an answer; "" if none do.
    std::string asked_calls;

    /// Whether there is a file of the host's that it may change.
    bool writes() const noexcept { return !writable.empty(); }

    bool operator==(const confinement&) const = default;
};

/// One layer that cannot be had. `error` has the system call and the code, and
/// the path it was about.
struct refusal {
    layer of;
    failure error;
};

/// What stands between the guest and who started it.
inline constexpr std::uint64_t init_processes = 1;

/// Flags of clone(2) that a process needs whose part is `enter`.
std::uint32_t clone_flags(const confinement& c) noexcept;

/// The part of a process with `flags` of `clone_flags` that is the same for all
/// policies: who it is, its network, mounts, and that no program that it starts
/// gets capabilities. Nobody looks into it from then on. Gives the mounts.
/// Single-threaded; throws `refusal`.
unique_descriptor prepare_to_enter(std::uint32_t flags, unsigned outer_uid,
                                   unsigned outer_gid);

/// What the paths of a policy lead to, each as it is named.
struct named_files {
    struct file {
        std::string path;
        std::uint64_t device, inode, mount;

        bool operator==(const file&) const = default;
    };
    std::vector<file> files;
    /// Symbolic links on the way, and what they say.
    std::vector<std::pair<std::string, std::string>> links;

    bool operator==(const named_files&) const = default;
};

/// What is left where mounts were filled: the rules of Landlock for them, if
/// there are to be any, and the copy of the host's mounts that they come from.
struct filled_mounts {
    unique_descriptor rules;
    unique_descriptor left;
};

/// What of `enter` and `confine` takes long and can be made ahead, for a policy
/// that is likely to come.
///
/// Nothing of it counts unless all that the policy names is what it was: the
/// same files, found by the same way through the same mounts.
class ready_policy {
public:
    /// Whether it is the same for each guest that has `c`.
    static bool is_possible_for(const confinement& c) noexcept;

    /// In the host's mounts. Puts the host's files into `mounts`, which are
    /// nobody else's from then on. Throws `refusal`.
    ready_policy(const confinement& c, const unique_descriptor& mounts);

    /// Has something (POLLPRI) when a mount of the host came, went or changed.
    int host_mounts() const noexcept { return table_.get(); }
    /// Whether it is that of `c`, where a guest begins aside, and still true.
    bool serves(const confinement& c) const;
    /// To be closed when nobody waits, which takes a while.
    unique_descriptor& left_mounts() noexcept { return filled_.left; }
    const unique_descriptor& rules() const noexcept { return filled_.rules; }
    filled_mounts take() noexcept { return std::move(filled_); }

private:
    confinement of_;
    /// Of before anything was taken.
    unique_descriptor table_;
    named_files named_;
    filled_mounts filled_;
};

struct entered {
    /// The socket of its name server, if it asks where it connects to and has a
    /// network of its own.
    unique_descriptor names;
    /// To be closed when nobody waits any more, which takes a while, and by who
    /// is no guest.
    unique_descriptor left_mounts;
    /// The rules of Landlock, if they were made ahead.
    unique_descriptor rules;
};

/// What comes after it: what it is called, and which files there are.
/// Afterwards it is the init of the guest, its child. Single-threaded; throws
/// `refusal`.
entered enter(const confinement& c, const unique_descriptor& mounts);

/// The same, where `ready` serves `c`: `mounts` have all that there is to be.
entered enter(const confinement& c, const unique_descriptor& mounts,
              ready_policy ready);

/// Another empty root for a process that went through `prepare_to_enter`.
/// Throws `refusal`.
unique_descriptor make_basic_mounts();

/// The guest's own part, after `enter`, before what may not be trusted: its
/// limits, no privileges, Landlock, seccomp. For good. Throws `refusal`.
/// Where calls arrive that wait for an answer, if any do; they are refused when
/// nobody has it any more. `at` is what it has come to, for who finds that it
/// has been killed. `rules` are those of Landlock, if they were made ahead.
unique_descriptor confine(const confinement& c, layer& at,
                          const unique_descriptor& rules = {});

} // namespace emilua::sandbox
