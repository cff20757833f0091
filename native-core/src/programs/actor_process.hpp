// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

namespace emilua {

/// Makes in the fork server what every actor needs, so that none makes it:
/// nothing of it comes from outside.
void prepare_actors();

/// The life of a fork server of actors, whose client is at the other end of
/// `client`.
int serve_actors(int client);

} // namespace emilua
