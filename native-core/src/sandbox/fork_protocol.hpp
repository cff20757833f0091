// SPDX-License-Identifier: MIT OR BSL-1.0
// What a client and its fork server, which trust each other, say.
#pragma once

#include "sandbox/fork_server.hpp"

namespace emilua::sandbox {

inline constexpr char fork_server_name[] = "emilua: fork server";
/// All of its environment, of which no guest sees anything.
inline constexpr char fork_server_environment[] = "LD_BIND_NOW=1";
/// Where the server finds its client.
inline constexpr int fork_server_socket = 3;

/// `fork` comes with two descriptors: the guest's end of the socket for its
/// set-up, and where its exit status goes.
struct fork_request {
    enum class kind : std::uint32_t { fork, detach } what;
    /// Of `fork`.
    guest_shape shape;
    /// Whether it is for later: its mounts are to be those of then.
    bool ahead;
    /// Of one ahead: milliseconds for which it waits to be wanted.
    std::int32_t patience;
    /// Of `detach`.
    std::int32_t pid;
};

/// The answer to `fork`, with a pidfd if there is no error. They come in the
/// order of the requests.
struct fork_answer {
    std::int32_t pid;
    std::int32_t error;
};

} // namespace emilua::sandbox
