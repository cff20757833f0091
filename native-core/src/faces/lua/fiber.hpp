// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "faces/lua/messages.hpp"

#include <emilua/operation.hpp>

#include <lua.hpp>

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

/// What a call or an operation uses of its program: objects, and functions that
/// can be called as long as it lasts. Whoever has it calls `release` in the
/// end, while the objects are there.
class uses {
public:
    uses() noexcept {}
    uses(const uses&) = delete;
    uses& operator=(const uses&) = delete;

    /// Pins the object.
    void add(void* object) {
        if (second_) return add_more(object);
        (first_ ? second_ : first_) = object;
        pin(object);
    }
    /// Functions that were given are good as long as this is not released.
    const std::shared_ptr<void>& scope();
    /// Functions are good as long as what somebody else uses.
    void share(const std::shared_ptr<void>& scope);

    /// What left in a message that the operation has not yet sent.
    void leave(departures&& gone);
    /// It was not: they are back.
    void come_back(vm& owner) noexcept {
        if (more_) more_->gone.come_back(owner);
    }

    void release() noexcept {
        if (first_) unpin(std::exchange(first_, nullptr));
        if (second_) unpin(std::exchange(second_, nullptr));
        if (more_) release_more();
    }

private:
    /// What few need.
    struct more {
        std::vector<void*> objects;
        std::shared_ptr<void> scope;
        departures gone;
    };

    void add_more(void* object);
    void release_more() noexcept;

    void* first_ = nullptr;
    void* second_ = nullptr;
    std::unique_ptr<more> more_;
};

/// What a call uses that is over when it returns.
class call_uses : public uses {
public:
    ~call_uses() { release(); }
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
/// `spawn`. Programs have a hundred thousand of them: what few need lies
/// elsewhere.
struct fiber {
    /// In the ready ring or in the one queue it waits in.
    fiber* next = nullptr;
    fiber* prev = nullptr;
    fiber_queue* queue = nullptr;
    /// All fibers of the VM that have not ended.
    fiber* all_next = nullptr;
    fiber* all_prev = nullptr;

    lua_State* co = nullptr;
    /// While cleanup handlers of a failed fiber run: its failed Lua thread.
    lua_State* failed_co = nullptr;
    /// Keeps `co` alive in the registry.
    int co_ref = LUA_NOREF;
    int failed_ref = LUA_NOREF;
    int local_ref = LUA_NOREF;
    /// The last error that a join or a scope raised again, and the traceback of
    /// where it came from.
    int origin_ref = LUA_NOREF;

    std::uint64_t id = 0;
    /// The suspending operation it waits for.
    operation* pending = nullptr;
    /// What that operation uses.
    uses used;
    /// Ends a wait that is no operation, for a cancellation.
    void (*interrupt)(lua_vm&, fiber&) = nullptr;
    /// Whatever `interrupt` needs.
    void* waits_on = nullptr;
    /// Waits in join() for this one.
    fiber* joiner = nullptr;
    fiber_handle* handle = nullptr;
    const char* why = "";
    /// When the turn began in which it suspended, in ticks.
    std::uint64_t since = 0;

    std::uint32_t forbidden = 0;
    std::uint32_t masks = 0;
    bool started = false;
    bool ended = false;
    bool failed = false;
    bool joinable = true;
    bool cancel_requested = false;
    bool cancellation_caught = false;
    /// Its turn is after all that were ready when it became so: it yielded, or
    /// something completed at once that may let others go first.
    bool after_others = false;
    bool has_handlers : 1 = false;
    /// The main fiber of the program, and so of every module it imports.
    bool is_program : 1 = false;
    /// Its failure was reported.
    bool reported : 1 = false;
    /// The last that it learned of channels: nobody can send to the inbox.
    bool inbox_ended : 1 = false;
    /// Failed because of that, in an actor: it has nothing left to do.
    bool idle_end : 1 = false;
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
