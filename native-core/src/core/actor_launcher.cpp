// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/actor_launcher.hpp"

namespace emilua {
namespace {

actor_launcher known;

} // namespace

void set_actor_launcher(const actor_launcher& launcher) noexcept {
    known = launcher;
}

const actor_launcher& get_actor_launcher() noexcept { return known; }

} // namespace emilua
