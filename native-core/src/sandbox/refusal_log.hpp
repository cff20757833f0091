// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace emilua::sandbox {

enum class refused_operation { connect, resolve, read, write, execute };

/// Something that a guest asked for and did not get.
struct refused_request {
    refused_operation operation;
    /// An address with its port, a name, a path.
    std::string target;
    /// The field of the policy and what in it would allow it.
    std::string field;
    std::string value;
    std::uint32_t count = 1;
};

/// What was refused, each thing once. Any thread.
class refusal_log {
public:
    void add(refused_request r) {
        const std::lock_guard lock{mutex_};
        const auto same = std::find_if(
            all_.begin(), all_.end(), [&](const refused_request& o) {
                return o.operation == r.operation && o.target == r.target;
            });
        if (same != all_.end())
            ++same->count;
        else if (all_.size() < most)
            all_.push_back(std::move(r));
    }
    std::vector<refused_request> all() const {
        const std::lock_guard lock{mutex_};
        return all_;
    }

private:
    /// A guest may ask for as much as it likes.
    static constexpr std::size_t most = 256;

    mutable std::mutex mutex_;
    std::vector<refused_request> all_;
};

} // namespace emilua::sandbox
