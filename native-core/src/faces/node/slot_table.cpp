// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/slot_table.hpp"

namespace emilua::node {

slot_table::~slot_table() {
    for (auto& s : slots_) {
        if (!s.object) continue;
        s.cls->destroy(s.object);
        deallocate(s.object);
    }
}

slot_table::handle slot_table::add(const class_description& cls, void* object) {
    auto i = free_;
    if (i != 0) {
        free_ = slots_[i].next_free;
    } else {
        i = static_cast<std::uint32_t>(slots_.size());
        if (i >> index_bits != 0)
            throw failure{error_code{ENFILE, boost::system::system_category()}};
        slots_.emplace_back();
    }
    auto& s = slots_[i];
    s.object = object;
    s.cls = &cls;
    s.released = false;
    s.use = state::usable;
    return static_cast<handle>(s.generation << index_bits | i);
}

void* slot_table::find_fixed(handle h,
                             const class_description& cls) const noexcept {
    return why_not(h, cls) == state::taken ? at(h)->object : find(h, cls);
}

slot_table::state
slot_table::why_not(handle h, const class_description& cls) const noexcept {
    auto* s = at(h);
    return s && s->cls == &cls ? s->use : state::usable;
}

void slot_table::unpin(handle h) noexcept {
    auto& s = slots_[index(h)];
    if (--s.pins != 0) return;
    if (s.use == state::taken) s.use = state::usable;
    if (s.released) destroy(index(h));
}

void slot_table::replace(handle h, void* object) noexcept {
    auto& s = slots_[index(h)];
    // A call that is being read may refer to it.
    s.cls->destroy(s.object);
    s.cls->relocate(s.object, object);
    s.cls->destroy(object);
    deallocate(object);
}

void slot_table::release(handle h) noexcept {
    if (!at(h)) return;
    auto& s = slots_[index(h)];
    s.released = true;
    if (s.pins == 0) destroy(index(h));
}

void slot_table::destroy(std::size_t i) noexcept {
    auto& s = slots_[i];
    s.more.reset();
    auto* object = std::exchange(s.object, nullptr);
    const auto* cls = std::exchange(s.cls, nullptr);
    s.generation = s.generation + 1 == generations ? 1 : s.generation + 1;
    s.next_free = free_;
    free_ = static_cast<std::uint32_t>(i);
    cls->destroy(object);
    deallocate(object);
}

std::uint32_t pin_list::pins(slot_table::handle h) const noexcept {
    std::uint32_t n = 0;
    if (pinned_)
        for (std::size_t i = 0; i < count_; ++i) n += at(i) == h;
    return n;
}

void pin_list::unpin(slot_table& slots) noexcept {
    if (pinned_)
        for (std::size_t i = 0; i < count_; ++i) slots.unpin(at(i));
    count_ = 0;
    pinned_ = false;
}

void pin_list::push_one_more(slot_table::handle h) {
    if (!many_) many_ = std::make_unique<std::vector<slot_table::handle>>();
    many_->resize(count_ - few_.size());
    many_->push_back(h);
}

} // namespace emilua::node
