// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/operation.hpp>

#include <lua.hpp>

#include <cstdint>
#include <optional>

namespace emilua::lua {

class lua_vm;
struct fiber_queue;

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

    std::uint64_t id = 0;
    /// The suspending operation it waits for.
    operation* pending = nullptr;
    /// The object whose operation that is; null if there is none.
    void* pinned = nullptr;
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
