// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/direct_form.hpp"
#include "faces/lua/byte_span_layout.hpp"

#include <emilua/describe.hpp>

#include <lua.hpp>

#include <array>
#include <cstdint>
#include <vector>

/// Calls of `prompt` methods by the FFI: what is there at once costs neither a
/// call of Lua's nor an operation.

namespace emilua::lua {

class lua_vm;

/// Where the prelude puts arguments and finds results: the same structure is
/// declared to the FFI.
struct direct_frame {
    enum kind : std::int32_t { nothing, object, number, list };
    struct slot {
        /// The userdata, or an array of them.
        const void* pointer;
        /// A number, or how long the array is.
        double number;
        std::int32_t kind;
    };
    std::array<slot, direct_form::most_arguments> slots;
    /// The results that are numbers, one after the other.
    std::array<double, 4> numbers;
    /// Whose arguments these are: counted by the prelude.
    double turn;
    /// Of a result that is an object: where the prelude has it already, or -1.
    std::int32_t kept;
};

/// One VM's.
class direct_calls {
public:
    direct_calls() = default;
    direct_calls(const direct_calls&) = delete;
    direct_calls& operator=(const direct_calls&) = delete;
    ~direct_calls() { drop(); }

    direct_frame frame{};

    /// Calls `m` on the object in `userdata` with the arguments in `frame`, if
    /// they are still those of `turn`: 0, or one of `direct`.
    std::int32_t call(lua_vm& v, const member& m, void* userdata,
                      const byte_span_header& s, double turn) noexcept;

    /// Pushes the object that the last call gave.
    void push_object(lua_State* L);
    /// Keeps it, where that is worth while, in the table at `index`.
    void keep_object(lua_State* L, int index);
    /// Pushes the list of objects that the last call gave.
    void push_list(lua_State* L);

private:
    class reader;
    class writer;

    /// A result that Lua has not taken yet.
    struct made_object {
        made_object() noexcept {}
        const class_description* cls = nullptr;
        alignas(std::max_align_t)
            std::array<std::byte, direct_form::largest_object> memory;
    };

    void drop() noexcept;
    /// Looks for the object that was made last among those that are kept.
    void find_kept();

    std::vector<made_object> made_;
    /// Objects of Lua's that the prelude keeps.
    std::array<const void*, 64> kept_{};
    /// Where the last object made would be kept, or -1.
    std::int32_t place_ = -1;
};

} // namespace emilua::lua
