// SPDX-License-Identifier: MIT OR BSL-1.0
// Filters: functions of Lua in the program, one at a time.
#include "libc_service/filter_values.hpp"

#include "sandbox/init_script.hpp"

#include <cerrno>
#include <cstdio>
#include <pthread.h>
#include <unistd.h>

namespace emilua::libc_service {

namespace {

filter_host host;
lua_State* state = nullptr;
bool filtered[last_function + 1];
const addrinfo* current_hints = nullptr;
pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

/// What a filter is given: asks, and makes the call if told to.
int proxied(lua_State* L) {
    const auto what =
        static_cast<function>(lua_tointeger(L, lua_upvalueindex(1)));
    unsigned char room[16];
    call c = read_arguments(L, 1, what, room);
    c.hints = current_hints;
    auto o = host.ask(c);
    if (o.own_credentials) o = host.call_libc(c);
    return push_outcome(L, what, o);
}

void complain(const char* text) noexcept {
    ::dprintf(STDERR_FILENO, "libc_service: %s\n", text ? text : "?");
}

struct loading {
    std::string_view message;
};

void load(lua_State* L, function what, std::string_view source) {
    char name[40];
    std::snprintf(name, sizeof(name), "=%s", name_of(what));
    if (luaL_loadbufferx(L, source.data(), source.size(), name, "t") != 0)
        lua_error(L);
    lua_rawseti(L, LUA_REGISTRYINDEX, static_cast<int>(what));
    filtered[static_cast<std::uint32_t>(what)] = true;
}

int load_all(lua_State* L) {
    const auto& l = *static_cast<const loading*>(lua_touserdata(L, 1));
    sandbox::open_script_libraries(L);
    sandbox::open_c_table(L, false);
    struct filter {
        function what;
        std::string_view source;
    } found[last_function];
    std::size_t n = 0;
    const bool valid =
        each_filter(l.message, [&](function what, std::string_view source) {
            if (n < std::size(found)) found[n++] = {what, source};
        });
    if (!valid) return luaL_error(L, "not a list of filters");
    for (std::size_t i = 0; i < n; ++i) load(L, found[i].what, found[i].source);
    return 0;
}

struct running {
    const call* asked;
    outcome result;
};

int run_protected(lua_State* L) {
    auto& r = *static_cast<running*>(lua_touserdata(L, 1));
    const auto what = r.asked->what;
    lua_settop(L, 0);
    lua_rawgeti(L, LUA_REGISTRYINDEX, static_cast<int>(what));
    lua_pushinteger(L, static_cast<lua_Integer>(what));
    lua_pushcclosure(L, proxied, 1);
    lua_call(L, push_arguments(L, *r.asked) + 1, LUA_MULTRET);
    r.result = read_outcome(L, what, lua_gettop(L));
    return 0;
}

bool has(function what) noexcept {
    return filtered[static_cast<std::uint32_t>(what)];
}

outcome run_filter(const call& c) noexcept {
    running r{&c, {}};
    ::pthread_mutex_lock(&one_at_a_time);
    current_hints = c.hints;
    if (lua_cpcall(state, run_protected, &r) != 0) {
        complain(lua_tostring(state, -1));
        r.result = {};
        r.result.error = EIO;
        if (c.what == function::getaddrinfo) r.result.result = -1;
    }
    lua_settop(state, 0);
    ::pthread_mutex_unlock(&one_at_a_time);
    return r.result;
}

constexpr filter_runner runner{has, run_filter};

void lock() { ::pthread_mutex_lock(&one_at_a_time); }
void unlock() { ::pthread_mutex_unlock(&one_at_a_time); }

} // namespace

extern "C" __attribute__((visibility("default"))) const filter_runner*
emilua_load_libc_filters(const filter_host& h,
                         std::string_view message) noexcept {
    host = h;
    state = luaL_newstate();
    if (!state) return nullptr;
    loading l{message};
    if (lua_cpcall(state, load_all, &l) != 0) {
        complain(lua_tostring(state, -1));
        return nullptr;
    }
    ::pthread_atfork(lock, unlock, unlock);
    return &runner;
}

} // namespace emilua::libc_service
