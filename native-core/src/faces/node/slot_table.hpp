// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

#include <array>
#include <memory>

namespace emilua::node {

/// The objects of an environment. JavaScript holds an integer, the place of an
/// object and how often that place was used; whatever else it gives is found
/// out here.
class slot_table {
public:
    using handle = std::int32_t;

    slot_table() = default;
    slot_table(const slot_table&) = delete;
    slot_table& operator=(const slot_table&) = delete;
    ~slot_table();

    /// Takes over an object that `cls` describes, made in memory of
    /// `allocate`.
    handle add(const class_description& cls, void* object);

    /// What became of an object that `find` did not return.
    enum class state : std::uint8_t {
        usable,
        /// A thread of the pool has it.
        taken,
        /// It was sent away, or a call took it for good.
        moved,
    };

    /// Null unless `h` is an object of `cls` that can be used.
    void* find(handle h, const class_description& cls) const noexcept {
        const auto* s = at(h);
        return s && s->cls == &cls && s->use == state::usable ? s->object
                                                              : nullptr;
    }
    /// The same, and what a thread of the pool has: for what never changes.
    void* find_fixed(handle h, const class_description& cls) const noexcept;
    /// Of what `find` did not return; `usable` where `h` is no object of `cls`.
    state why_not(handle h, const class_description& cls) const noexcept;
    /// Keeps an object that `find` returned until as many calls of `unpin`.
    void pin(handle h) noexcept { ++slots_[index(h)].pins; }
    void unpin(handle h) noexcept;
    std::uint32_t pins(handle h) const noexcept {
        return slots_[index(h)].pins;
    }
    bool pinned(handle h) const noexcept { return pins(h) != 0; }
    /// A thread of the pool has what is pinned until the last `unpin`.
    void take(handle h) noexcept { slots_[index(h)].use = state::taken; }
    /// It was given away, or came back.
    void move(handle h, bool away) noexcept {
        slots_[index(h)].use = away ? state::moved : state::usable;
    }
    /// Puts what `object` is in the place of `h`, whose address stays.
    void replace(handle h, void* object) noexcept;
    /// JavaScript dropped the object: it goes when nothing pins it.
    void release(handle h) noexcept;

    /// What an object has beside itself, for as long as it is there.
    class attachment {
    public:
        virtual ~attachment() = default;
    };
    /// Null where there is none. `h` is an object, usable or not.
    attachment* attached(handle h) const noexcept {
        return slots_[index(h)].more.get();
    }
    void attach(handle h, std::unique_ptr<attachment> a) noexcept {
        slots_[index(h)].more = std::move(a);
    }

    /// Calls `f` with every object of T that the program has not sent away and
    /// no thread of the pool has.
    template <class T, class F> void each(F f) {
        for (auto& s : slots_)
            if (s.object && s.cls == &class_of<T>() && s.use == state::usable)
                f(*static_cast<T*>(s.object));
    }

    static void* allocate(const class_description& cls) {
        return ::operator new(cls.size);
    }
    static void deallocate(void* memory) noexcept { ::operator delete(memory); }

private:
    // 22 bits of index and 9 of generation: a small integer to V8.
    static constexpr unsigned index_bits = 22;
    static constexpr std::uint32_t generations = 1U << (31 - index_bits);

    struct slot {
        void* object = nullptr;
        const class_description* cls = nullptr;
        std::uint32_t generation = 1;
        std::uint32_t pins = 0;
        bool released = false;
        state use = state::usable;
        std::uint32_t next_free = 0;
        std::unique_ptr<attachment> more{};
    };

    static std::size_t index(handle h) noexcept {
        return static_cast<std::uint32_t>(h) & ((1U << index_bits) - 1);
    }
    const slot* at(handle h) const noexcept {
        const auto i = index(h);
        if (h <= 0 || i >= slots_.size()) return nullptr;
        const auto& s = slots_[i];
        return s.generation == static_cast<std::uint32_t>(h) >> index_bits
                   ? &s
                   : nullptr;
    }
    void destroy(std::size_t i) noexcept;

    // Nothing is at 0, so that 0 is no handle.
    std::vector<slot> slots_ = std::vector<slot>(1);
    std::uint32_t free_ = 0;
};

/// The objects that a call uses. They are pinned from when other code may run,
/// while the call lasts or the operation that it starts. Whoever has the list
/// unpins them.
class pin_list {
public:
    pin_list() noexcept = default;
    pin_list(pin_list&& o) noexcept
        : count_{std::exchange(o.count_, 0)}, pinned_{std::exchange(o.pinned_,
                                                                    false)},
          few_{o.few_}, many_{std::move(o.many_)} {}
    pin_list& operator=(pin_list&& o) noexcept {
        std::swap(count_, o.count_);
        std::swap(pinned_, o.pinned_);
        std::swap(few_, o.few_);
        std::swap(many_, o.many_);
        return *this;
    }

    void push(slot_table& slots, slot_table::handle h) {
        if (count_ < few_.size()) [[likely]]
            few_[count_] = h;
        else
            push_one_more(h);
        ++count_;
        if (pinned_) [[unlikely]]
            slots.pin(h);
    }
    /// Pins those that are here and those to come.
    void pin(slot_table& slots) noexcept {
        if (std::exchange(pinned_, true)) return;
        for (std::size_t i = 0; i < count_; ++i) slots.pin(at(i));
    }
    bool pinned() const noexcept { return pinned_; }
    /// How many pins of `h` are of this list.
    std::uint32_t pins(slot_table::handle h) const noexcept;
    /// A thread of the pool has them, which are pinned.
    void take(slot_table& slots) const noexcept {
        for (std::size_t i = 0; i < count_; ++i) slots.take(at(i));
    }
    /// Empties the list.
    void unpin(slot_table& slots) noexcept;

private:
    slot_table::handle at(std::size_t i) const noexcept {
        return i < few_.size() ? few_[i] : (*many_)[i - few_.size()];
    }
    void push_one_more(slot_table::handle h);

    // Little is written in a call that uses no objects.
    std::uint32_t count_ = 0;
    bool pinned_ = false;
    std::array<slot_table::handle, 3> few_;
    /// Those that `few_` has no room for, if there are any.
    std::unique_ptr<std::vector<slot_table::handle>> many_;
};

} // namespace emilua::node
