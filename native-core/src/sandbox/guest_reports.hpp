// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "sandbox/program.hpp"

#include <emilua/unique_descriptor.hpp>

#include <mutex>
#include <optional>

namespace emilua::sandbox {

/// The receiving end of the reports of one guest, for several who want to know
/// of them. Any thread.
class guest_reports {
public:
    explicit guest_reports(unique_descriptor socket) noexcept
        : socket_{std::move(socket)} {}

    /// Readable when there is news, and from its end on.
    int get() const noexcept { return socket_.get(); }
    /// How the start went: `started`, `refused`, or `ended` for a guest that
    /// ended before it could tell. Nothing if it is not known yet.
    std::optional<program_report> start();
    /// How it ended, once it has told.
    std::optional<program_report> end();

private:
    void read_all() noexcept;

    const unique_descriptor socket_;
    std::mutex mutex_;
    std::optional<program_report> start_, end_;
    bool over_ = false;
};

} // namespace emilua::sandbox
