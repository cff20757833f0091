// SPDX-License-Identifier: MIT OR BSL-1.0
// An actor that is nobody's: what it uses, those that are wanted will use.
#pragma once

#include "sandbox/guest_memory.hpp"
#include "sandbox/part.hpp"

namespace emilua::sandbox {

/// In the server: all that such an actor is told, which is the same each time.
/// It receives one message, answers it, and ends.
class rehearsal {
public:
    /// Throws `failure`.
    rehearsal();

    /// The guest's end of the socket for its set-up, in which that is already.
    int setup() const noexcept { return setup_.theirs.get(); }
    memory_notes& notes() noexcept { return notes_; }

private:
    socket_pair setup_, inbox_, answer_;
    memory_notes notes_;
};

} // namespace emilua::sandbox
