// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/call.hpp"

#include "faces/node/convert.hpp"
#include "faces/node/names.hpp"

namespace emilua::node {

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

node_call::arguments::arguments(napi_env env, napi_callback_info info)
    : count{inline_arguments} {
    void* data = nullptr;
    napi_get_cb_info(env, info, &count, values.data(), nullptr, &data);
    member = static_cast<const bound_member*>(data);
    if (count <= inline_arguments) return;
    more.resize(count);
    napi_get_cb_info(env, info, &count, more.data(), nullptr, nullptr);
}

// A function that suspends has an unused receiver, so that all that suspend
// are called alike.
node_call::node_call(arguments& from)
    : call{*from.member->owner}, environment_{*from.member->owner},
      member_{*from.member}, results_{environment_, member_.description,
                                      member_.description.kind ==
                                          member_kind::constructor},
      arguments_{from}, first_{member_.description.suspends
                                   ? 2U
                                   : member_.self !=
                                         bound_member::receiver::none} {}

node_call::~node_call() {
    for (auto& t : temporaries_) {
        t.cls->destroy(t.object);
        slot_table::deallocate(t.object);
    }
}

std::uint32_t node_call::operation_id() const {
    std::uint32_t id;
    check(napi_get_value_uint32(environment_.env(), arguments_.values[0], &id));
    return id;
}

void node_call::find_receiver() {
    if (member_.self == bound_member::receiver::none) return;
    const auto v = arguments_.values[first_ - 1];
    const auto& cls = *member_.cls;
    if (member_.self == bound_member::receiver::object) {
        std::int32_t h = 0;
        napi_get_value_int32(environment_.env(), v, &h);
        self = environment_.slots().find(h, cls);
        if (self) pins_.push(h);
    } else {
        napi_valuetype kind;
        check(napi_typeof(environment_.env(), v, &kind));
        if (kind != napi_undefined) self = from_wire(cls, v);
    }
    if (!self) {
        const type t{.kind = type_kind::object, .cls = &cls};
        throw_invalid_argument("this", expectation(t));
    }
}

void node_call::return_receiver() {
    if (member_.self != bound_member::receiver::value || !results_.empty())
        return;
    if (!member_.description.result_types.empty()) return;
    const auto wire = member_.cls->to_wire(self);
    const auto core = wire_to_js(environment_.env(), wire);
    results_.instance(*member_.cls, core);
}

napi_value node_call::argument(unsigned i) const noexcept {
    i += first_;
    const auto& a = arguments_;
    if (!a.more.empty()) return i < a.count ? a.more[i] : nullptr;
    return i < a.values.size() ? a.values[i] : nullptr;
}

const type* node_call::what(unsigned i) const noexcept {
    const auto& p = member_.description.parameters;
    if (p.empty()) return nullptr;
    return i < p.size()        ? p[i].what
           : p.back().variadic ? p.back().what
                               : nullptr;
}

bool node_call::is_nil(unsigned i) {
    const auto v = argument(i);
    if (!v) return true;
    napi_valuetype kind;
    check(napi_typeof(environment_.env(), v, &kind));
    return kind == napi_undefined || kind == napi_null;
}

type_kind node_call::kind(unsigned i) {
    const auto v = argument(i);
    if (!v) return type_kind::nothing;
    const auto env = environment_.env();
    napi_valuetype kind;
    check(napi_typeof(env, v, &kind));
    switch (kind) {
    case napi_undefined:
    case napi_null:
        return type_kind::nothing;
    case napi_boolean:
        return type_kind::boolean;
    case napi_number:
        return type_kind::number;
    case napi_string:
        return type_kind::string;
    case napi_object:
        break;
    default:
        return type_kind::any;
    }
    std::span<std::byte> ignored;
    if (read_bytes(env, v, ignored) != bytes_state::no_bytes)
        return type_kind::mutable_bytes;
    bool is_array;
    check(napi_is_array(env, v, &is_array));
    if (is_array) return type_kind::list;
    bytes_index_ = no_bytes;
    return environment_.core_of(v).first ? type_kind::object
                                         : type_kind::record;
}

// What is expected instead is told from the description, by whoever catches.

bool node_call::boolean(unsigned i) {
    bool r;
    const auto v = argument(i);
    if (!v || napi_get_value_bool(environment_.env(), v, &r) != napi_ok)
        throw argument_error{i, {}};
    return r;
}

double node_call::number(unsigned i) {
    double r;
    const auto v = argument(i);
    if (!v || napi_get_value_double(environment_.env(), v, &r) != napi_ok)
        throw argument_error{i, {}};
    return r;
}

std::string_view node_call::string(unsigned i) {
    const auto env = environment_.env();
    const auto v = argument(i);
    std::size_t size;
    if (!v || napi_get_value_string_utf8(env, v, nullptr, 0, &size) != napi_ok)
        throw argument_error{i, {}};
    char* to;
    if (size < characters_.size() - characters_used_) {
        to = characters_.data() + characters_used_;
        characters_used_ += size + 1;
    } else {
        to = strings_.emplace_back(std::make_unique<char[]>(size + 1)).get();
    }
    check(napi_get_value_string_utf8(env, v, to, size + 1, &size));
    return {to, size};
}

std::span<std::byte> node_call::bytes(unsigned i) {
    std::span<std::byte> r;
    const auto v = argument(i);
    const auto state =
        v ? read_bytes(environment_.env(), v, r) : bytes_state::no_bytes;
    if (state == bytes_state::detached)
        throw argument_error{i, "a buffer that is not detached"};
    if (state == bytes_state::no_bytes) throw argument_error{i, {}};
    bytes_ = r;
    bytes_index_ = i;
    return r;
}

bytes_state node_call::bytes_now(unsigned i, std::span<std::byte>& out) const {
    if (i != bytes_index_)
        return read_bytes(environment_.env(), argument(i), out);
    out = bytes_;
    return bytes_state::there;
}

mutable_bytes node_call::writable(unsigned i) {
    const auto b = bytes(i);
    return {b.data(), b.size(), i};
}

const_bytes node_call::readable(unsigned i) {
    const auto b = bytes(i);
    return {b.data(), b.size(), i};
}

void* node_call::from_wire(const class_description& cls, napi_value wire) {
    auto* memory = slot_table::allocate(cls);
    try {
        cls.from_wire(memory, wire_from_js(environment_.env(), wire));
        temporaries_.push_back({&cls, memory});
    } catch (...) {
        slot_table::deallocate(memory);
        throw;
    }
    return memory;
}

void* node_call::object(unsigned i, const class_description& cls) {
    const auto v = argument(i);
    if (!v) return nullptr;
    bytes_index_ = no_bytes;
    const auto [actual, core] = environment_.core_of(v);
    if (actual != &cls) return nullptr;
    if (cls.is_value()) return from_wire(cls, core);
    std::int32_t h = 0;
    napi_get_value_int32(environment_.env(), core, &h);
    auto* r = environment_.slots().find(h, cls);
    if (r) pins_.push(h);
    return r;
}

value node_call::any(unsigned i) {
    const auto v = argument(i);
    bytes_index_ = no_bytes;
    return v ? from_js(environment_, v, what(i), i) : value{};
}

} // namespace emilua::node
