// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

namespace emilua {

/// Makes in the fork server what every actor needs, so that none makes it:
/// nothing of it comes from outside.
void prepare_actors();

/// `libc_service::activate`, of programs that have it.
using activate_libc_service = int (*)(int fd) noexcept;

/// The life of a fork server of actors, whose client is at the other end of
/// `client`. With null there are none with a libc_service.
int serve_actors(int client, activate_libc_service activate);

} // namespace emilua
