// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/outcome.hpp"

#include "faces/lua/call.hpp"
#include "faces/lua/call_errors.hpp"
#include "faces/lua/errors.hpp"
#include "faces/lua/fiber.hpp"
#include "faces/lua/functions.hpp"

#include <boost/asio/error.hpp>

namespace emilua::lua {
namespace {

// Pushes what was thrown, by which the operation of `m` failed.
void push_exception(lua_State* L, const std::exception_ptr& e,
                    const member* m) {
    try {
        std::rethrow_exception(e);
    } catch (const raised& r) {
        r.push(L);
    } catch (const failure& f) {
        push_error(L, f.code, f.syscall);
        if (m)
            name_argument(L, m->parameters, first_argument(*m), 0, f.argument,
                          f.expected);
    } catch (const argument_error& a) {
        push_error(L, a.code);
        set_expected(L, a.expected, nullptr, 0);
    } catch (const std::exception& x) {
        push_error(L, error_of(x));
    } catch (...) {
        push_error(L, unexpected_error("unknown exception"));
    }
}

void push_failure(lua_State* L, operation& op, const error_code& error,
                  int base) {
    lua_pushboolean(L, 0);
    if (op.exception) return push_exception(L, op.exception, op.what);
    if (error == errc::channel_closed && op.waiter)
        static_cast<fiber*>(op.waiter)->inbox_ended = true;
    if (op.cancel_requested && error == boost::asio::error::operation_aborted)
        return push_error(L, errc::fiber_canceled);
    push_error(L, error, op.syscall);
    const auto& parameters = op.what->parameters;
    tell_attempt(L, parameters, base, error, op.syscall, op.path.get());
    name_argument(L, parameters, first_argument(*op.what), base, op.argument,
                  op.expected ? *op.expected : std::string{});
}

} // namespace

void push_exception(lua_State* L, const std::exception_ptr& e) {
    push_exception(L, e, nullptr);
}

void push_outcome(lua_State* L, operation& op, int base) {
    if (op.exception || op.error) return push_failure(L, op, op.error, base);
    if (op.what && op.what->read_into) {
        auto& read = static_cast<typed_operation<std::size_t>&>(op);
        lua_pushboolean(L, 1);
        lua_pushnumber(L, static_cast<lua_Number>(std::get<0>(*read.values)));
        return;
    }
    const int top = lua_gettop(L);
    error_code error;
    try {
        stack_results out{L};
        lua_pushboolean(L, 1);
        op.deliver(out);
        return;
    } catch (const failure& f) {
        op.syscall = f.syscall;
        error = f.code;
        if (!f.expected.empty())
            op.expected = std::make_unique<std::string>(f.expected);
    } catch (const argument_error& e) {
        error = e.code;
    } catch (const std::exception& e) {
        error = error_of(e);
    }
    lua_settop(L, top);
    push_failure(L, op, error, base);
}

} // namespace emilua::lua
