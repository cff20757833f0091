// SPDX-License-Identifier: MIT OR BSL-1.0
// How `C` calls C: arguments from the stack of Lua, the result and errno to it.
// Errors of Lua leave by a jump, so nothing here has a destructor to run.
#pragma once

#include <cstdint>
#include <limits>
#include <lua.hpp>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

namespace emilua::sandbox {

struct c_function {
    const char* name;
    lua_CFunction call;
};

struct c_constant {
    const char* name;
    double value;
};

/// What there is of one subject: in `C`, and as globals.
struct c_subject {
    std::span<const c_function> functions;
    std::span<const c_function> helpers{};
};

extern const c_subject descriptor_calls;
extern const c_subject file_calls;
extern const c_subject mount_calls;
extern const c_subject process_calls;
extern const c_subject restriction_calls;
extern const std::span<const c_constant> c_constants;

/// Pushes the result of a call and 0; of one that returned -1, what `fail`
/// does.
int finish(lua_State* L, double result);

/// Pushes -1 and the error. Where the global `errexit` is true, ends the
/// process instead, with the name of the call on stderr.
int fail(lua_State* L, int error);

/// The same, but nil is what it pushes in place of -1.
int fail_with_nil(lua_State* L, int error);

/// Says on stderr why the script ends.
void complain(const char* text);

/// Ends the process if `errexit` is true.
void check_errexit(lua_State* L, int error);

/// A whole number in [least, most], or an error of Lua that names the argument,
/// of which it may be a part.
double whole_number(lua_State* L, int index, double least, double most,
                    int named = 0);

/// Text without NUL, or an error of Lua.
const char* text_argument(lua_State* L, int index);

/// The bytes of a string, or an error of Lua.
std::span<const char> bytes_argument(lua_State* L, int index);

/// A size for a buffer.
std::size_t size_argument(lua_State* L, int index);

/// Text, or nullptr for nil.
struct optional_text {
    const char* text;
};

template <class T> T argument(lua_State* L, int index, int named = 0) {
    if constexpr (std::is_same_v<T, const char*>) {
        return text_argument(L, index);
    } else if constexpr (std::is_same_v<T, optional_text>) {
        return {lua_isnoneornil(L, index) ? nullptr : text_argument(L, index)};
    } else if constexpr (std::is_signed_v<T>) {
        return static_cast<T>(
            whole_number(L, index, std::numeric_limits<int>::min(),
                         std::numeric_limits<int>::max(), named));
    } else {
        // What `bit` makes of the highest bit is negative; so is a user that
        // stays as it is.
        constexpr double most =
            sizeof(T) == 4 ? 4294967295.0 : 9007199254740992.0;
        const double n = whole_number(L, index, -2147483648.0, most, named);
        return n < 0 ? static_cast<T>(static_cast<std::uint32_t>(
                           static_cast<std::int64_t>(n)))
                     : static_cast<T>(n);
    }
}

template <class R, class... A, std::size_t... I>
int call(lua_State* L, R (*function)(A...), std::index_sequence<I...>) {
    // In braces: arguments are read, and refused, from the first on.
    [[maybe_unused]] const std::tuple<A...> all{
        argument<A>(L, static_cast<int>(I) + 1)...};
    return finish(L, static_cast<double>(function(std::get<I>(all)...)));
}

/// A function of `C` that takes and gives what that of C does.
template <auto function> int plain(lua_State* L) {
    return [L]<class R, class... A>(R (*f)(A...)) {
        return call(L, f, std::index_sequence_for<A...>{});
    }(function);
}

} // namespace emilua::sandbox
