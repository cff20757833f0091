// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/actor_launcher.hpp"

#include <atomic>

namespace emilua {
namespace {

std::atomic<actor_launcher> launcher{nullptr};

} // namespace

void set_actor_launcher(actor_launcher launch) noexcept { launcher = launch; }

actor_launcher get_actor_launcher() noexcept { return launcher; }

} // namespace emilua
