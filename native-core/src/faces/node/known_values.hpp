// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

#include <array>

namespace emilua::node {

/// Values that came or were given lately, each at a place by which JavaScript
/// knows its instance, too. So neither makes it anew where it comes again.
class known_values {
public:
    struct entered {
        /// -1: it cannot be known.
        std::int32_t place;
        /// Something else was there until now, or nothing.
        bool is_new;
    };

    known_values() = default;
    known_values(const known_values&) = delete;
    known_values& operator=(const known_values&) = delete;
    ~known_values();

    /// Finds the value of `cls` at `object`, or moves it in.
    entered enter(const class_description& cls, void* object);
    /// Null unless a value of `cls` is there.
    void* find(std::int32_t place,
               const class_description& cls) const noexcept {
        const auto i = static_cast<std::size_t>(place);
        return i < all_.size() && all_[i].cls == &cls ? all_[i].value : nullptr;
    }
    /// JavaScript has no instance of it.
    void forget(std::int32_t place) noexcept;

private:
    struct entry {
        const class_description* cls = nullptr;
        void* value = nullptr;
    };

    static void clear(entry& e) noexcept;

    std::array<entry, 256> all_{};
    std::size_t turn_ = 0;
};

} // namespace emilua::node
