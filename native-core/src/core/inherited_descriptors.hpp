// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/unique_descriptor.hpp>

#include <array>

namespace emilua {

/// Notes which of the descriptors 3 to 9 this process was started with: those
/// that an exec would not close, which no other is. The first call of
/// `take_inherited` does so, too. Any thread.
void note_inherited_descriptors();

/// The same in a process of libuv, which marks all that it finds to be closed
/// on exec, and then adds its own: queues, and pipes with both their ends.
void note_descriptors_of_host();

/// The same as somebody has found out who runs this process: of the descriptors
/// from 3 on. Only the first of the three says something.
void note_inherited_descriptors(const std::array<bool, 7>& there);

/// The descriptor `fd` that this process was started with, once; from 3 to 9.
unique_descriptor take_inherited(int fd);

} // namespace emilua
