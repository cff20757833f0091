// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emilua {

/// A fiber, as it was at one moment.
struct observed_fiber {
    /// As its program knows it.
    std::string id;
    /// "running", "ready", "waiting" or "ended".
    std::string state;
    bool is_main = false;
    bool canceled = false;
    std::optional<std::string> name{};
    /// What it called that suspends.
    std::optional<std::string> waits_for{};
    /// The fiber that it waits for.
    std::optional<std::string> waits_for_fiber{};
    /// FILE:LINE of the program.
    std::optional<std::string> where{};
    std::optional<std::string> function{};
    /// How long it has waited.
    std::optional<double> seconds{};
};

/// A VM, as it was at one moment.
struct observed_vm {
    std::string id;
    /// "lua" or "javascript".
    std::string language;
    /// "main" or "worker".
    std::string role;
    /// "running" or "waiting".
    std::string state;
    std::optional<std::string> program{};
    /// How long it has been so.
    std::optional<double> seconds{};
    /// How many messages lie in its inbox.
    std::optional<double> messages{};
    std::vector<observed_fiber> fibers{};
};

/// The text that `decode` reads, line by line. JavaScript writes it as well:
/// packages/native/src/observed.ts.
std::string encode(const observed_vm& v);
/// Nothing of what is no such text, or was cut off.
std::optional<std::vector<observed_vm>> decode(std::string_view text);

/// What comes after the last VM.
inline constexpr std::string_view end_of_observation = "end\n";

} // namespace emilua
