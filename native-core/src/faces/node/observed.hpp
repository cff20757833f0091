// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/observation.hpp"

#include <mutex>
#include <set>

namespace emilua::node {

class environment;

/// The environments of the process that have not ended, for `let_observe`.
/// JavaScript says itself what its fibers are at: of one that is busy, only
/// that it is there is known.
class observed_environments final : public observable {
public:
    static observed_environments& instance();

    void add(environment& e);
    void remove(environment& e);

    bool try_hold() noexcept override { return mutex_.try_lock(); }
    void let_go() noexcept override { mutex_.unlock(); }
    void ask(std::uint64_t token) noexcept override;
    void describe(observation_sink& to) override;

private:
    std::mutex mutex_;
    std::set<environment*> all_;
};

} // namespace emilua::node
