// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/error.hpp>

#include <mutex>
#include <string>
#include <string_view>

namespace emilua {

/// What `print` writes to: standard output of the process, in portions. Nothing
/// gets lost: where the descriptor does not block a write waits for it, and
/// what cannot be written is an error. A child of fork(), but not of a bare
/// system call, prints without delay. Any thread.
///
/// Not that of <cstdio>, which drops what a descriptor does not take at once.
class printer {
public:
    static printer& instance();

    /// Fails as the last write did; then `text` is not kept.
    error_code print(std::string_view text);
    /// Writes what is left. What it fails with, the next print fails with, too.
    void flush() noexcept;
    /// The same, but tells it: no print will.
    error_code finish() noexcept;

private:
    printer();
    void before_fork() noexcept;
    void after_fork(bool in_child) noexcept;
    void write() noexcept;

    std::mutex mutex_;
    std::string left_;
    error_code broken_;
    bool at_once_;
};

} // namespace emilua
