// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/observed.hpp"

#include <cstdint>

#include <sys/socket.h>
#include <sys/un.h>

namespace emilua {

/// How programs are looked at from outside (core/observer.hpp), without a
/// thread and without a socket of their own:
/// docs-site/decisions/observation.md.
///
/// Who observes listens on an abstract UNIX socket, named by 64 random bits,
/// and sends these bits along with a signal. Its handler makes a copy of the
/// process, which tells what there is and ends.

/// The one that glibc keeps for pthread_cancel(3), so no program uses it, and
/// lets nobody block.
inline constexpr int observation_signal = 32;

/// The address of the socket, and its size. Allocates nothing.
socklen_t observation_socket(std::uint64_t token,
                             sockaddr_un& address) noexcept;

/// Takes what the copy of the process tells.
class observation_sink {
public:
    virtual void tell(const observed_vm& v) = 0;
    /// Calls `f(data)`, which may crash or never return: it is left then.
    virtual void dare(void (*f)(void*), void* data) = 0;

protected:
    ~observation_sink() = default;
};

/// VMs that can be observed. All but `describe` is called by a signal handler,
/// on any thread, at any moment.
class observable {
public:
    /// Keeps VMs from coming and going; false if somebody is at that.
    virtual bool try_hold() noexcept = 0;
    virtual void let_go() noexcept = 0;
    /// Those that can only tell for themselves are to do it soon: see
    /// `answer_observer`. While they are held.
    virtual void ask(std::uint64_t token) noexcept = 0;
    /// In the copy of the process, in which nothing else happens any more. The
    /// original is at any point, and may be amidst a change of anything.
    virtual void describe(observation_sink& to) = 0;

protected:
    ~observable() = default;
};

/// Lets the user of this process observe it from now on, and for good. Two at
/// most.
void let_observe(observable& vms) noexcept;

/// Tells whoever asks of one VM, whose program goes on: on a turn of it. Waits
/// at most a second.
void answer_observer(std::uint64_t token, std::string text) noexcept;

} // namespace emilua
