// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/signal_hub.hpp"

#include <emilua/describe.hpp>

namespace emilua::system {

struct signal_argument {
    int value;
    operator int() const noexcept { return value; }
};

} // namespace emilua::system

namespace emilua {

template <> struct type_traits<system::signal_argument> : traits_base {
    static constexpr const type& description = type_of<int>();
    static system::signal_argument read(reader& r, place p) {
        if (r.kind(p) != type_kind::number)
            detail::refuse("the number of a signal, such as signal.SIGTERM");
        return {type_traits<int>::read(r, p)};
    }
};

} // namespace emilua

namespace emilua::system {

/// `signal.set`: waits for any of several signals.
class signal_set {
public:
    static signal_set make(const rest<signal_argument>& signals);

    void add(signal_argument signal) { subscription_->add(signal); }
    void remove(signal_argument signal) { subscription_->remove(signal); }
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
