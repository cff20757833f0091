// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/value.hpp>

namespace emilua {

// A list or record that is in several places of one message is a box without a
// class, with the same parcel in each of them.

inline value shared_part(std::shared_ptr<parcel> contents) {
    return boxed{nullptr, std::move(contents)};
}
inline bool is_shared_part(const boxed& b) noexcept { return !b.cls; }

} // namespace emilua
