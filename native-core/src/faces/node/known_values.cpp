// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/known_values.hpp"

#include "faces/node/slot_table.hpp"

namespace emilua::node {

known_values::~known_values() {
    for (auto& e : all_) clear(e);
}

known_values::entered known_values::enter(const class_description& cls,
                                          void* object) {
    // Those of one hash have a few places, of which the oldest need not be the
    // one that goes.
    constexpr std::size_t near = 4;
    if (!cls.hash) return {-1, false};
    const auto hash = cls.hash(object);
    const auto place = [&](std::size_t i) { return (hash + i) % all_.size(); };
    const auto at = [](std::size_t p, bool is_new) {
        return entered{static_cast<std::int32_t>(p), is_new};
    };
    auto free = all_.size();
    for (std::size_t i = 0; i < near; ++i) {
        const auto& e = all_[place(i)];
        if (e.cls == &cls && cls.same(e.value, object))
            return at(place(i), false);
        if (!e.cls && free == all_.size()) free = place(i);
    }
    if (free == all_.size()) free = place(turn_++ % near);
    void* const memory = slot_table::allocate(cls);
    cls.relocate(memory, object);
    clear(all_[free]);
    all_[free] = {&cls, memory};
    return at(free, true);
}

void known_values::forget(std::int32_t place) noexcept {
    const auto i = static_cast<std::size_t>(place);
    if (i < all_.size()) clear(all_[i]);
}

void known_values::clear(entry& e) noexcept {
    if (!e.cls) return;
    e.cls->destroy(e.value);
    slot_table::deallocate(e.value);
    e = {};
}

} // namespace emilua::node
