// SPDX-License-Identifier: MIT OR BSL-1.0
// What an actor's process tells whoever started it of its failures: packets on
// the socket that its set-up came through. Whoever sends them is not trusted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace emilua::sandbox {

struct failure_report {
    enum class kind : std::uint32_t {
        /// A failure, for people.
        failure,
        /// What the program ends with: `headline` is the reason, and
        /// `details` where it failed, if nobody else told that.
        end,
    } what = kind::failure;
    std::string headline;
    std::string details;
};

// In the guest.

/// Where it tells; -1, as it is at first, is nowhere.
void tell_starter_on(int socket) noexcept;
/// As `report`. Never waits: what the starter does not take is dropped.
void tell_failure(std::string_view headline, std::string_view details) noexcept;
void tell_end(std::string_view reason, std::string_view details = {}) noexcept;

// In the starter.

enum class hearing { report, nothing_yet, ended };

/// The next report; does not wait. What has no shape of one is `ended`. The
/// texts are `escaped`, but for a heading "stack traceback:".
hearing hear_report(int socket, failure_report& r);

/// Text of a stranger that is safe to be shown: some `most` bytes, without
/// control characters and what is no UTF-8; each line but the first begins with
/// a tab, so that it is no line of anybody else's.
std::string escaped(std::string_view text, std::size_t most);

} // namespace emilua::sandbox
