// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

#include <array>

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

    template <class T, class... A> handle make(A&&... a) {
        const auto& cls = class_of<T>();
        std::unique_ptr<void, void (*)(void*)> memory{allocate(cls),
                                                      &deallocate};
        ::new (memory.get()) T(std::forward<A>(a)...);
        return add(cls, memory.release());
    }

    template <class T> T* find(handle h) const noexcept {
        return static_cast<T*>(find(h, class_of<T>()));
    }
    /// Null unless `h` is an object of `cls`.
    void* find(handle h, const class_description& cls) const noexcept;
    /// Keeps an object that `find` returned until `unpin`.
    void pin(handle h) noexcept { ++slots_[index(h)].pins; }
    void unpin(handle h) noexcept;
    /// JavaScript dropped the object: it goes when nothing pins it.
    void release(handle h) noexcept;

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
        std::uint32_t next_free = 0;
    };

    static std::size_t index(handle h) noexcept {
        return static_cast<std::uint32_t>(h) & ((1U << index_bits) - 1);
    }
    const slot* at(handle h) const noexcept;
    void destroy(std::size_t i) noexcept;

    // Nothing is at 0, so that 0 is no handle.
    std::vector<slot> slots_ = std::vector<slot>(1);
    std::uint32_t free_ = 0;
};

/// The objects that a call uses: they must outlive the operation it starts.
class pin_list {
public:
    void push(slot_table::handle h) {
        if (count_ < few_.size())
            few_[count_] = h;
        else
            many_.push_back(h);
        ++count_;
    }
    void pin(slot_table& slots) const {
        for (std::size_t i = 0; i < count_; ++i) slots.pin(at(i));
    }
    void unpin(slot_table& slots) noexcept {
        for (std::size_t i = 0; i < count_; ++i) slots.unpin(at(i));
        many_.clear();
        count_ = 0;
    }

private:
    slot_table::handle at(std::size_t i) const {
        return i < few_.size() ? few_[i] : many_[i - few_.size()];
    }

    std::array<slot_table::handle, 3> few_{};
    std::vector<slot_table::handle> many_;
    std::size_t count_ = 0;
};

} // namespace emilua::node
