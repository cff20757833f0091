// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <node_api.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

/// Values of JavaScript, whatever they are for.

namespace emilua::node {

/// JavaScript has thrown: `thrown`, or if that is null, what is pending in the
/// environment.
struct javascript_error {
    napi_value thrown = nullptr;
    /// Keeps what was thrown for as long as the exception is stored, beyond
    /// the scope of `thrown`.
    std::shared_ptr<class kept_value> kept{};
};

/// A value of any type, kept alive. Made and dropped on the thread of
/// JavaScript.
class kept_value {
public:
    kept_value(napi_env env, napi_value v);
    ~kept_value();
    kept_value(const kept_value&) = delete;
    kept_value& operator=(const kept_value&) = delete;

    napi_value get() const;

private:
    napi_env env_;
    /// Of an array: a primitive cannot be referred to.
    napi_ref holder_ = nullptr;
};

/// Throws what JavaScript has thrown when a call of Node-API failed.
inline void check(napi_status status) {
    if (status != napi_ok) throw javascript_error{};
}

class handle_scope {
public:
    explicit handle_scope(napi_env env) : env_{env} {
        check(napi_open_handle_scope(env, &scope_));
    }
    ~handle_scope() { napi_close_handle_scope(env_, scope_); }
    handle_scope(const handle_scope&) = delete;
    handle_scope& operator=(const handle_scope&) = delete;

private:
    napi_env env_;
    napi_handle_scope scope_;
};

napi_valuetype type_of_value(napi_env env, napi_value v);
bool is_array(napi_env env, napi_value v);

napi_value undefined(napi_env env);
napi_value null(napi_env env);
napi_value to_js(napi_env env, std::string_view s);
/// A Uint8Array that holds a copy of `bytes`.
napi_value bytes_to_js(napi_env env, std::string_view bytes);
/// Makes `v` the property `key` of `object`, whatever `key` is.
void set_property(napi_env env, napi_value object, std::string_view key,
                  napi_value v);

std::string read_string(napi_env env, napi_value v);
/// The names of an object's own enumerable properties, an array of strings.
napi_value own_keys(napi_env env, napi_value object);

/// The bytes of a Uint8Array; `out` is left alone if `v` is none. Says whether
/// its ArrayBuffer was detached.
enum class bytes_state { there, detached, no_bytes };
bytes_state read_bytes(napi_env env, napi_value v, std::span<std::byte>& out);

/// The bits of a bigint, or of a number that is an integer; false when they do
/// not fit or `v` is neither.
bool read_integer64(napi_env env, napi_value v, bool is_signed,
                    std::uint64_t& bits);

/// What was thrown, and is pending no longer.
napi_value take_exception(napi_env env, const javascript_error& e);

} // namespace emilua::node
