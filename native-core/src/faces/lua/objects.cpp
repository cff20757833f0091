// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/objects.hpp"

#include "faces/lua/bind.hpp"
#include "faces/lua/vm.hpp"

namespace emilua::lua {
namespace {

constexpr std::size_t object_offset = alignof(std::max_align_t);

std::byte* payload(void* userdata) noexcept {
    return static_cast<std::byte*>(userdata) + object_offset;
}

const class_description*& description(void* userdata) noexcept {
    return *static_cast<const class_description**>(userdata);
}

void end_object(void* userdata) noexcept {
    // Null when a message moved it away.
    if (auto* cls = std::exchange(description(userdata), nullptr))
        cls->destroy(payload(userdata));
}

} // namespace

void* to_object(lua_State* L, int index, const class_description& cls) {
    auto* p = to_tagged<tagged>(L, index, &cls);
    return p ? payload(p) : nullptr;
}

const class_description* described_class(lua_State* L, int index) {
    auto* p = static_cast<tagged*>(lua_touserdata(L, index));
    if (!p || lua_type(L, index) != LUA_TUSERDATA || !p->tag ||
        !lua_getmetatable(L, index))
        return nullptr;
    lua_vm::push_registry(L, p->tag);
    const bool same = lua_rawequal(L, -1, -2) != 0;
    lua_pop(L, 2);
    return same ? static_cast<const class_description*>(p->tag) : nullptr;
}

void* push_raw_object(lua_State* L, const class_description& cls) {
    void* p = lua_newuserdata(L, object_offset + cls.size);
    description(p) = &cls;
    // Made first: nothing may fail between construction and metatable.
    push_class_metatable(L, cls);
    lua_insert(L, -2);
    return payload(p);
}

void finish_raw_object(lua_State* L) {
    lua_insert(L, -2);
    lua_setmetatable(L, -2);
}

void end_moved_object(lua_State* L, int index) {
    end_object(lua_touserdata(L, index));
}

int collect_object(lua_State* L) {
    end_object(lua_touserdata(L, 1));
    return 0;
}

} // namespace emilua::lua
