// SPDX-License-Identifier: MIT OR BSL-1.0
// Who answers for a guest what its policy leaves to be asked: where it connects
// to, and which address a name has. And who notes which files it asks for.
#pragma once

#include "sandbox/egress.hpp"
#include "sandbox/file_explainer.hpp"
#include "sandbox/refusal_log.hpp"

#include <emilua/unique_descriptor.hpp>

#include <memory>

/// One thread of the program that started the guests watches over all of them,
/// beside its VMs: who waits for a busy one must not wait with it. It is not in
/// the init, because that one has the guest's network, and not in the fork
/// server, because that one blocks; and a process beside the guest could not
/// read its memory where only ancestors may (Yama).
///
/// The kernel never reads an address again that was checked here: a connection
/// is made on a socket of the host's, and takes the place of the guest's own
/// when it stands. A guest has no such socket that is not connected, and no way
/// to disconnect one, so it can do nothing with it but talk to where it leads.

namespace emilua::sandbox {

/// A guest that is watched over, in the hands of who started it.
class watched_guest {
public:
    /// `init`: where the guest's init sends its notifications and, in a network
    /// of its own, the socket of a name server. Throws `failure`.
    watched_guest(unique_descriptor init, egress_rules rules,
                  const confinement& within);
    /// Whatever is asked from then on fails.
    ~watched_guest();
    watched_guest(watched_guest&&) = default;
    watched_guest& operator=(watched_guest&&) = default;

    /// Until now.
    std::vector<refused_request> refused() const { return log_->all(); }

private:
    class watch;

    std::shared_ptr<refusal_log> log_;
    std::shared_ptr<watch> watch_;
};

} // namespace emilua::sandbox
