// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

#include <lua.hpp>

namespace emilua::lua {

class lua_vm;

/// The Lua face of the description: writes results on a Lua stack.
class stack_results final : public results {
public:
    explicit stack_results(lua_State* L) noexcept : L_{L} {}

    void nil() override;
    void boolean(bool v) override;
    void number(double v) override;
    void string(std::string_view v) override;
    void bytes(std::string_view v) override;
    void* begin_object(const class_description& cls) override;
    void end_object() override;
    void any(const value& v) override;

private:
    lua_State* L_;
};

/// Pushes a new table with everything that `m` describes.
void push_module(lua_State* L, lua_vm& v, const module_description& m);

/// Pushes how an operation ended: `true` and its results, or `false` and an
/// error.
void push_outcome(lua_State* L, operation& op);

void push_value(lua_State* L, const value& v);

/// Functions of the prelude that classes and modules are finished with.
void push_wrap_suspending(lua_State* L);
void push_class_index(lua_State* L);
void push_module_index(lua_State* L);

/// Pushes the address of an actor.
void push_channel(lua_State* L, const std::shared_ptr<actor_address>& to);

/// Deep copy of the value at `index`, for a message. Throws `not_sendable`.
struct not_sendable {
    std::string what;
};
value to_message(lua_State* L, int index);

/// An object of `cls` at `index`, or null.
void* to_object(lua_State* L, int index, const class_description& cls);

/// The described class of the value at `index`, or null.
const class_description* described_class(lua_State* L, int index);

/// Pushes the metatable of `cls`, made on first use.
void push_class_metatable(lua_State* L, lua_vm& v,
                          const class_description& cls);

} // namespace emilua::lua
