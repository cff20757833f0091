// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

#include <lua.hpp>

#include <optional>

namespace emilua::lua {

/// Objects that left in a message, until it is certain that it was taken.
class departures {
public:
    void add(void* object, const class_description& cls,
             std::shared_ptr<parcel> contents) {
        gone_.push_back({object, &cls, std::move(contents)});
    }
    /// Nobody took the message: those whose parcels are nobody else's are in
    /// their place again.
    void come_back(vm& owner) noexcept;
    bool empty() const noexcept { return gone_.empty(); }

private:
    struct departure {
        void* object;
        const class_description* cls;
        std::shared_ptr<parcel> contents;
    };
    std::vector<departure> gone_;
};

/// The value at `index` if it has no parts and is no text; else nothing.
inline std::optional<value> to_plain_message(lua_State* L, int index) {
    switch (lua_type(L, index)) {
    case LUA_TNIL:
        return value{};
    case LUA_TBOOLEAN:
        return lua_toboolean(L, index) != 0;
    case LUA_TNUMBER:
        return lua_tonumber(L, index);
    default:
        return {};
    }
}

/// Deep copy of the value at `index`, for a message. Objects that move leave
/// the VM, all or none; they stay on the stack, to come back. Throws
/// `argument_error`, which says what part cannot be sent.
value to_message(lua_State* L, int index, departures& gone);

} // namespace emilua::lua
