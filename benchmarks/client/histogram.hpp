// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace emilua::benchmark {

// Latencies in nanoseconds, at most 1.6 % off: 64 linear steps for each power of two.
class histogram
{
public:
    void add(std::uint64_t nanoseconds)
    {
        ++counts_[index(nanoseconds)];
        ++total_;
    }

    std::uint64_t total() const { return total_; }

    // The smallest step that holds at least `share` (0 to 1) of the samples, in microseconds.
    double quantile(double share) const
    {
        const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(total_));
        std::uint64_t seen = 0;
        for (std::size_t i = 0; i < counts_.size(); ++i) {
            seen += counts_[i];
            if (seen > wanted || (seen == total_ && seen > 0))
                return static_cast<double>(lower_bound(i)) / 1000;
        }
        return 0;
    }

private:
    static constexpr unsigned step_bits = 6;
    static constexpr std::size_t steps = std::size_t{1} << step_bits;

    static std::size_t index(std::uint64_t value)
    {
        if (value < steps)
            return value;
        const auto shift = static_cast<unsigned>(std::bit_width(value)) - step_bits - 1;
        return (shift + 1) * steps + ((value >> shift) - steps);
    }

    static std::uint64_t lower_bound(std::size_t index)
    {
        if (index < steps)
            return index;
        const auto shift = index / steps - 1;
        return (index % steps + steps) << shift;
    }

    std::array<std::uint64_t, (64 - step_bits + 1) * steps> counts_{};
    std::uint64_t total_ = 0;
};

} // namespace emilua::benchmark
