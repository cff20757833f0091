// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/child_process.hpp"
#include "core/io_descriptor.hpp"
#include "modules/system/linux_capabilities.hpp"
#include "modules/system/signals.hpp"

#include <emilua/describe.hpp>

namespace emilua::system {

/// A child process, in the hands of the program that started it.
class subprocess {
public:
    subprocess(vm& owner, launched child, int farewell_signal)
        : child_{std::make_shared<child_process>(std::move(child),
                                                 farewell_signal)},
          io_{owner.io()} {}

    /// Completes when the child has ended; reaps it. Several may wait.
    void wait(handler<> h);
    void kill(signal_argument signal) { child_->kill(signal); }
    linux_capabilities cap_get() const;

    /// Throw EINVAL before a wait was through.
    int exit_code() const;
    std::optional<int> exit_signal() const;
    /// Nothing for a child that was waited for.
    std::optional<int> pid() const;

private:
    void close_if_idle() noexcept;

    std::shared_ptr<child_process> child_;
    /// A second descriptor of the child, once somebody has to wait.
    io_descriptor io_;
};

/// Adds `spawn` and `subprocess` to the module.
void describe_processes(module_builder& m);

} // namespace emilua::system
