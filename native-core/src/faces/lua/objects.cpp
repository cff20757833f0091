// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/objects.hpp"

#include "faces/lua/bind.hpp"
#include "faces/lua/vm.hpp"

namespace emilua::lua {
namespace {

/// Of what was given away, and of that with properties that outlive it.
const tag moved_tag{"moved"}, left_tag{"left"};

void* payload(void* userdata) noexcept {
    return static_cast<std::byte*>(userdata) + object_offset;
}

// Afterwards it is `next`.
void end_object(void* object, const void* next) noexcept {
    const auto* ended = std::exchange(header_of(object).tag, next);
    if (!ended || ended == &moved_tag || ended == &left_tag) return;
    const auto& cls = *static_cast<const class_description*>(ended);
    if (next == &moved_tag && cls.leaves_something)
        header_of(object).tag = &left_tag;
    else
        cls.destroy(object);
}

} // namespace

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
    *static_cast<object_header*>(p) = {&cls, 0};
    // Made first: nothing may fail between construction and metatable.
    push_class_metatable(L, cls);
    lua_insert(L, -2);
    return payload(p);
}

void finish_raw_object(lua_State* L) {
    lua_insert(L, -2);
    lua_setmetatable(L, -2);
}

bool was_moved(lua_State* L, int index) {
    return to_tagged<tagged>(L, index, &moved_tag) ||
           to_tagged<tagged>(L, index, &left_tag);
}

void* left_object(lua_State* L, int index, const class_description& cls) {
    auto* p = to_tagged<tagged>(L, index, &left_tag);
    if (!p || !lua_getmetatable(L, index)) return nullptr;
    lua_vm::push_registry(L, &cls);
    const bool same = lua_rawequal(L, -1, -2) != 0;
    lua_pop(L, 2);
    return same ? payload(p) : nullptr;
}

void object_leaves(void* object) noexcept { end_object(object, &moved_tag); }

void object_returns(void* object, const class_description& cls) noexcept {
    header_of(object).tag = &cls;
}

void uses::add_more(void* object) {
    if (!more_) more_ = std::make_unique<more>();
    more_->objects.push_back(object);
    pin(object);
}

void uses::leave(departures&& gone) {
    if (!more_) more_ = std::make_unique<more>();
    more_->gone = std::move(gone);
}

const std::shared_ptr<void>& uses::scope() {
    if (!more_) more_ = std::make_unique<more>();
    if (!more_->scope) more_->scope = std::make_shared<char>();
    return more_->scope;
}

void uses::share(const std::shared_ptr<void>& scope) {
    if (!more_) more_ = std::make_unique<more>();
    more_->scope = scope;
}

void uses::release_more() noexcept {
    for (void* o : more_->objects) unpin(o);
    more_.reset();
}

int collect_object(lua_State* L) {
    end_object(payload(lua_touserdata(L, 1)), nullptr);
    return 0;
}

} // namespace emilua::lua
