// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/operation.hpp>

#include <lua.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace emilua::lua {

class lua_vm;
struct fiber_queue;

/// In front of every object.
struct object_header {
    const void* tag;
    std::uint32_t pins;
};

/// An object begins here in its userdata, behind its header.
inline constexpr std::size_t object_offset = alignof(std::max_align_t);
static_assert(sizeof(object_header) <= object_offset);

inline object_header& header_of(void* object) noexcept {
    return *reinterpret_cast<object_header*>(static_cast<std::byte*>(object) -
                                             object_offset);
}

/// While a call or an operation uses it an object can neither move nor be
/// consumed.
inline void pin(void* object) noexcept { ++header_of(object).pins; }
inline void unpin(void* object) noexcept { --header_of(object).pins; }
inline bool is_pinned(void* object) noexcept {
    return header_of(object).pins != 0;
}

/// The objects that a call or an operation uses. Whoever has it calls `unpin`
/// in the end, while the objects are there.
class pin_list {
public:
    pin_list() noexcept {}
    pin_list(pin_list&& o) noexcept
        : count_{std::exchange(o.count_, 0)}, few_{o.few_}, more_{std::move(
                                                                o.more_)} {}
    pin_list& operator=(pin_list&& o) noexcept {
        count_ = std::exchange(o.count_, 0);
        few_ = o.few_;
        more_ = std::move(o.more_);
        return *this;
    }

    void add(void* object) {
        if (count_ == few_.size()) return add_more(object);
        few_[count_++] = object;
        pin(object);
    }
    void unpin() noexcept {
        for (; count_ != 0; --count_) lua::unpin(few_[count_ - 1]);
        if (more_) unpin_more();
    }

private:
    void add_more(void* object);
    void unpin_more() noexcept;

    std::size_t count_ = 0;
    std::array<void*, 2> few_{};
    std::unique_ptr<std::vector<void*>> more_;
};

struct fiber;

/// What programs hold; the fiber knows of it, because it can end first.
struct fiber_handle {
    const void* tag;
    fiber* f;
    /// How it ended, once it was joined.
    std::optional<bool> cancellation_caught;
};

/// One fiber. Recycled with its Lua thread: neither is made anew for each
/// `spawn`.
struct fiber {
    /// In the ready ring or in the one queue it waits in.
    fiber* next = nullptr;
    fiber* prev = nullptr;
    fiber_queue* queue = nullptr;
    /// All fibers of the VM that have not ended.
    fiber* all_next = nullptr;
    fiber* all_prev = nullptr;

    lua_State* co = nullptr;
    /// Keeps `co` alive in the registry.
    int co_ref = LUA_NOREF;
    /// While cleanup handlers of a failed fiber run: its failed Lua thread.
    lua_State* failed_co = nullptr;
    int failed_ref = LUA_NOREF;
    int local_ref = LUA_NOREF;
    /// The last error that a join or a scope raised again, and the traceback of
    /// where it came from.
    int origin_ref = LUA_NOREF;

    std::uint64_t id = 0;
    /// The suspending operation it waits for.
    operation* pending = nullptr;
    /// The objects that it uses.
    pin_list pinned;
    /// Functions of the program that were given to it can be called as long as
    /// this lives.
    std::shared_ptr<void> scope;
    /// Ends a wait that is no operation, for a cancellation.
    void (*interrupt)(lua_vm&, fiber&) = nullptr;
    /// Whatever `interrupt` needs.
    void* waits_on = nullptr;
    /// Waits in join() for this one.
    fiber* joiner = nullptr;
    fiber_handle* handle = nullptr;
    const char* why = "";

    std::uint32_t forbidden = 0;
    std::uint32_t masks = 0;
    bool started = false;
    bool ended = false;
    bool failed = false;
    bool joinable = true;
    bool cancel_requested = false;
    bool cancellation_caught = false;
    bool has_handlers = false;
    /// The main fiber of the program, and so of every module it imports.
    bool is_program = false;
    /// Its failure was reported.
    bool reported = false;
    /// The last that it learned of channels: nobody can send to the inbox.
    bool inbox_ended = false;
    /// Failed because of that, in an actor: it has nothing left to do.
    bool idle_end = false;
    /// Ready because of this_fiber.yield().
    bool yielded = false;
};

/// A queue of fibers that any of them can leave.
struct fiber_queue {
    fiber* head = nullptr;
    fiber* tail = nullptr;

    bool empty() const noexcept { return !head; }

    void push_back(fiber& f) noexcept {
        f.queue = this;
        f.next = nullptr;
        f.prev = tail;
        (tail ? tail->next : head) = &f;
        tail = &f;
    }
    fiber* pop_front() noexcept {
        fiber* f = head;
        if (f) remove(*f);
        return f;
    }
    void remove(fiber& f) noexcept {
        (f.prev ? f.prev->next : head) = f.next;
        (f.next ? f.next->prev : tail) = f.prev;
        f.next = f.prev = nullptr;
        f.queue = nullptr;
    }
};

/// First word of every userdata of ours, so that a C function can tell them
/// apart: the address of the class description, or of one of these.
struct tag {
    const char* name;
};

extern const tag fiber_tag, mutex_tag, recursive_mutex_tag,
    condition_variable_tag, promise_tag, future_tag;

struct tagged {
    const void* tag;
};

/// The userdata at `index` if it carries `t`, else null.
template <class T>
T* to_tagged(lua_State* L, int index, const void* t) noexcept {
    if (lua_type(L, index) != LUA_TUSERDATA) return nullptr;
    auto* p = static_cast<tagged*>(lua_touserdata(L, index));
    return p->tag == t ? static_cast<T*>(static_cast<void*>(p)) : nullptr;
}

} // namespace emilua::lua
