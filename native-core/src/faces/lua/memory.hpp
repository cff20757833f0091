// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <lua.hpp>

#include <array>
#include <cstddef>

namespace emilua::lua {

/// The memory of an actor's state: first a chunk in which an ended actor may
/// have been, so that most need nothing of the kernel; beyond it, LuaJIT's own
/// allocator, which a large heap fares best with.
///
/// What is in a chunk from before is not wiped: all of the process is one
/// address space.
class state_memory {
public:
    /// Throws `failure`: ENOMEM.
    state_memory();
    state_memory(const state_memory&) = delete;
    state_memory& operator=(const state_memory&) = delete;
    ~state_memory();

    /// A lua_Alloc.
    static void* allocate(void* self, void* old, std::size_t before,
                          std::size_t after) noexcept;

    /// From now on nothing in the chunk is taken back one by one.
    void end() noexcept { ending_ = true; }

private:
    struct free_block {
        free_block* next;
    };
    /// More than a block, in one piece.
    struct remainder {
        remainder* next;
        std::size_t size;
    };
    static constexpr std::size_t granule = 8, classes = 65;

    void* take(std::size_t size) noexcept;
    void give(void* p, std::size_t size) noexcept;
    void* resize(void* p, std::size_t before, std::size_t after) noexcept;
    void* take_beyond(std::size_t size) noexcept;
    bool is_inside(const void* p) const noexcept;

    std::byte* const chunk_;
    std::byte* free_from_;
    bool ending_ = false;
    std::array<free_block*, classes> free_{};
    remainder* remainders_ = nullptr;
    /// Whose allocator serves what the chunk has no room for.
    lua_State* beyond_ = nullptr;
    lua_Alloc allocate_beyond_ = nullptr;
    void* memory_beyond_ = nullptr;
};

} // namespace emilua::lua
