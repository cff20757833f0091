// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/js.hpp"

#include <array>
#include <cmath>
#include <cstring>

namespace emilua::node {

napi_valuetype type_of_value(napi_env env, napi_value v) {
    napi_valuetype kind;
    check(napi_typeof(env, v, &kind));
    return kind;
}

bool is_array(napi_env env, napi_value v) {
    bool yes;
    check(napi_is_array(env, v, &yes));
    return yes;
}

napi_value undefined(napi_env env) {
    napi_value r;
    check(napi_get_undefined(env, &r));
    return r;
}

napi_value null(napi_env env) {
    napi_value r;
    check(napi_get_null(env, &r));
    return r;
}

napi_value to_js(napi_env env, std::string_view s) {
    napi_value r;
    check(napi_create_string_utf8(env, s.data(), s.size(), &r));
    return r;
}

napi_value bytes_to_js(napi_env env, std::string_view bytes) {
    napi_value buffer, r;
    void* data;
    check(napi_create_arraybuffer(env, bytes.size(), &data, &buffer));
    if (!bytes.empty()) std::memcpy(data, bytes.data(), bytes.size());
    check(napi_create_typedarray(env, napi_uint8_array, bytes.size(), buffer, 0,
                                 &r));
    return r;
}

void set_property(napi_env env, napi_value object, std::string_view key,
                  napi_value v) {
    const auto name = to_js(env, key);
    if (key != "__proto__") {
        check(napi_set_property(env, object, name, v));
        return;
    }
    napi_property_descriptor p{};
    p.name = name;
    p.value = v;
    p.attributes = napi_default_jsproperty;
    check(napi_define_properties(env, object, 1, &p));
}

std::string read_string(napi_env env, napi_value v) {
    std::size_t size;
    // Most text is short: to ask for the size first would take as long again.
    // What does not fit is cut off, up to three bytes early.
    std::array<char, 128> room;
    check(napi_get_value_string_utf8(env, v, room.data(), room.size(), &size));
    if (size + 4 < room.size()) return {room.data(), size};
    check(napi_get_value_string_utf8(env, v, nullptr, 0, &size));
    std::string s(size + 1, '\0');
    check(napi_get_value_string_utf8(env, v, s.data(), s.size(), &size));
    s.resize(size);
    return s;
}

napi_value own_keys(napi_env env, napi_value object) {
    napi_value names;
    check(napi_get_all_property_names(
        env, object, napi_key_own_only,
        static_cast<napi_key_filter>(napi_key_enumerable |
                                     napi_key_skip_symbols),
        napi_key_numbers_to_strings, &names));
    return names;
}

bytes_state read_bytes(napi_env env, napi_value v, std::span<std::byte>& out) {
    napi_typedarray_type kind;
    std::size_t size, offset;
    void* data = nullptr;
    napi_value buffer;
    if (napi_get_typedarray_info(env, v, &kind, &size, &data, &buffer,
                                 &offset) != napi_ok ||
        kind != napi_uint8_array)
        return bytes_state::no_bytes;
    if (size == 0) {
        bool detached = false;
        napi_is_detached_arraybuffer(env, buffer, &detached);
        if (detached) return bytes_state::detached;
    }
    out = {static_cast<std::byte*>(data), size};
    return bytes_state::there;
}

bool read_integer64(napi_env env, napi_value v, bool is_signed,
                    std::uint64_t& bits) {
    bool lossless = false;
    if (is_signed) {
        std::int64_t i = 0;
        if (napi_get_value_bigint_int64(env, v, &i, &lossless) == napi_ok) {
            bits = static_cast<std::uint64_t>(i);
            return lossless;
        }
    } else if (napi_get_value_bigint_uint64(env, v, &bits, &lossless) ==
               napi_ok) {
        return lossless;
    }
    double d;
    if (napi_get_value_double(env, v, &d) != napi_ok) return false;
    // Above this, neighbouring integers are the same number.
    constexpr double highest = 9007199254740991.0;
    if (!(d >= (is_signed ? -highest : 0) && d <= highest) ||
        d != std::trunc(d))
        return false;
    bits = static_cast<std::uint64_t>(static_cast<std::int64_t>(d));
    return true;
}

kept_value::kept_value(napi_env env, napi_value v) : env_{env} {
    napi_value holder = nullptr;
    napi_create_array_with_length(env, 1, &holder);
    napi_set_element(env, holder, 0, v);
    napi_create_reference(env, holder, 1, &holder_);
}

kept_value::~kept_value() { napi_delete_reference(env_, holder_); }

napi_value kept_value::get() const {
    napi_value holder = nullptr, v = nullptr;
    napi_get_reference_value(env_, holder_, &holder);
    napi_get_element(env_, holder, 0, &v);
    return v;
}

napi_value take_exception(napi_env env, const javascript_error& e) {
    if (e.kept) return e.kept->get();
    if (e.thrown) return e.thrown;
    napi_value error = nullptr;
    bool pending = false;
    napi_is_exception_pending(env, &pending);
    if (pending) {
        napi_get_and_clear_last_exception(env, &error);
        return error;
    }
    const napi_extended_error_info* info = nullptr;
    napi_get_last_error_info(env, &info);
    const char* text =
        info && info->error_message ? info->error_message : "Node-API failed";
    napi_value message = nullptr;
    napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &message);
    napi_create_error(env, nullptr, message, &error);
    return error;
}

} // namespace emilua::node
