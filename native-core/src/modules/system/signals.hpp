// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/signal_hub.hpp"

#include <emilua/describe.hpp>

namespace emilua::system {

/// `signal.set`: waits for any of several signals.
class signal_set {
public:
    static signal_set make(const rest<int>& signals);

    void add(int signal) { subscription_->add(signal); }
    void remove(int signal) { subscription_->remove(signal); }
    void clear() { subscription_->clear(); }
    void cancel() { subscription_->cancel(); }
    void wait(handler<int> h) { subscription_->wait(std::move(h)); }

private:
    signal_set() = default;

    std::unique_ptr<signal_subscription> subscription_ =
        std::make_unique<signal_subscription>();
};

/// Adds `signal.*` to the module.
void describe_signals(module_builder& m);

} // namespace emilua::system
