// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

#include <lua.hpp>

#include <array>

namespace emilua::lua {

/// The Lua face of results: writes them on a Lua stack.
class stack_results final : public results {
public:
    explicit stack_results(lua_State* L) noexcept : L_{L} {}

    void nil() override;
    void boolean(bool v) override;
    void number(double v) override;
    void integer64(std::uint64_t bits, bool is_signed) override;
    void string(std::string_view v) override;
    void bytes(std::string_view v) override;
    void* begin_object(const class_description& cls) override;
    void end_object() override;
    void begin_list(std::size_t size) override;
    void begin_record(std::size_t fields) override;
    void field(const char* name) override;
    void key(std::string_view text) override;
    void key(std::int64_t number) override;
    void end() override;
    void any(value v) override;

private:
    /// What one more result takes, and whoever looks at it afterwards.
    static constexpr int spare = 8;

    /// A table at the top is being filled.
    struct container {
        /// Of a list: where the next value goes.
        int next;
        bool is_list;
    };

    void begin(container c);
    /// What was just pushed goes where it belongs.
    void placed() {
        if (depth_ != 0)
            put();
        else if (lua_checkstack(L_, spare) == 0)
            throw failure{error_code{ENOMEM, boost::system::system_category()}};
    }
    void put();

    lua_State* L_;
    unsigned depth_ = 0;
    // Not cleared: most calls have none. As many as texts of other formats may
    // need, and less than a page.
    std::array<container, 200> containers_;
};

/// Pushes `v`, whose objects leave it.
void push_value(lua_State* L, value v);

/// Pushes an object of `cls` that `make` constructs in the memory it is given.
template <class T> void push_object(lua_State* L, T object) {
    stack_results out{L};
    ::new (out.begin_object(class_of<T>())) T(std::move(object));
    out.end_object();
}

} // namespace emilua::lua
