// SPDX-License-Identifier: MIT OR BSL-1.0
// The memory of an actor's state: blocks keep what is in them and do not
// overlap, within the chunk and beyond it.
#include "test_vm.hpp"

#include "faces/lua/memory.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <random>
#include <vector>

namespace emilua::test {
namespace {

using lua::state_memory;

struct block {
    unsigned char* p;
    std::size_t size;
    unsigned char mark;

    bool is_whole(std::size_t n) const {
        return std::all_of(p, p + n, [this](auto c) { return c == mark; });
    }
};

void keeps_what_is_in_blocks(std::size_t largest, std::size_t most) {
    state_memory memory;
    std::mt19937 random{42};
    std::vector<block> blocks;
    const auto size = [&] {
        const auto limit = random() % 8 == 0 ? largest : largest / 16;
        return 1 + random() % limit;
    };
    const auto fill = [&](block& b) { std::memset(b.p, b.mark, b.size); };
    for (int i = 0; i < 20000; ++i) {
        const auto at = blocks.empty() ? 0 : random() % blocks.size();
        if (blocks.size() < most && random() % 3 == 0) {
            block b{nullptr, size(), static_cast<unsigned char>(i)};
            b.p = static_cast<unsigned char*>(
                state_memory::allocate(&memory, nullptr, 0, b.size));
            CHECK(b.p && reinterpret_cast<std::uintptr_t>(b.p) % 8 == 0);
            fill(b);
            blocks.push_back(b);
        } else if (!blocks.empty() && random() % 2 == 0) {
            auto& b = blocks[at];
            const auto to = size();
            b.p = static_cast<unsigned char*>(
                state_memory::allocate(&memory, b.p, b.size, to));
            CHECK(b.p && b.is_whole(std::min(b.size, to)));
            b.size = to;
            fill(b);
        } else if (!blocks.empty()) {
            auto& b = blocks[at];
            CHECK(b.is_whole(b.size));
            CHECK(!state_memory::allocate(&memory, b.p, b.size, 0));
            b = blocks.back();
            blocks.pop_back();
        }
    }
    for (const auto& b : blocks) CHECK(b.is_whole(b.size));
}

void serves_a_state() {
    for (int i = 0; i < 40; ++i) {
        state_memory memory;
        lua_State* L = lua_newstate(state_memory::allocate, &memory);
        CHECK(L);
        if (!L) return;
        luaL_openlibs(L);
        const char* program =
            "local all = {}\n"
            "for i = 1, ... do\n"
            "  all[i % 1000 + 1] = { text = ('x'):rep(i % 700), number = i }\n"
            "end\n"
            "for _, one in ipairs(all) do\n"
            "  assert(#one.text == one.number % 700)\n"
            "end\n"
            "setmetatable({}, { __gc = function () local t = {} end })\n";
        const bool loaded = luaL_loadstring(L, program) == 0;
        lua_pushinteger(L, i % 4 == 0 ? 20000 : 20);
        CHECK(loaded && lua_pcall(L, 1, 0, 0) == 0);
        memory.end();
        lua_close(L);
    }
}

std::size_t mapped_bytes() {
    std::ifstream statm{"/proc/self/statm"};
    std::size_t pages = 0;
    statm >> pages;
    return pages * 4096;
}

void gives_back_what_is_large() {
    constexpr std::size_t large = 64 << 20;
    const auto before = mapped_bytes();
    for (int i = 0; i < 20; ++i) {
        state_memory memory;
        lua_State* L = lua_newstate(state_memory::allocate, &memory);
        CHECK(L && lua_newuserdata(L, large));
        memory.end();
        lua_close(L);
    }
    CHECK(mapped_bytes() < before + large);
}

} // namespace
} // namespace emilua::test

int main() {
    using namespace emilua::test;
    // What fits into the chunk, what does not, and what never would.
    keeps_what_is_in_blocks(512, 200);
    keeps_what_is_in_blocks(4096, 500);
    keeps_what_is_in_blocks(1 << 20, 50);
    serves_a_state();
    gives_back_what_is_large();
    return failures == 0 ? 0 : 1;
}
