// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/results.hpp"

#include "faces/node/convert.hpp"
#include "faces/node/names.hpp"

#include <cmath>

namespace emilua::node {

node_results::~node_results() {
    // The object was not made: its constructor threw.
    slot_table::deallocate(memory_);
}

void node_results::spill_integer() {
    if (!integer_) return;
    integer_ = false;
    check(napi_create_int32(environment_.env(), integer_value_, &values_[0]));
}

void node_results::push(napi_value v) {
    spill_integer();
    if (count_ == values_.size())
        throw std::length_error{member_.name + " has too many results"};
    values_[count_++] = v ? v : undefined(environment_.env());
}

const type* node_results::what() const noexcept {
    return count_ < member_.result_types.size() ? member_.result_types[count_]
                                                : nullptr;
}

void node_results::boolean(bool v) {
    napi_value r;
    check(napi_get_boolean(environment_.env(), v, &r));
    push(r);
}

void node_results::number(double v) {
    if (count_ == 0 && v >= INT32_MIN && v <= INT32_MAX) {
        const auto i = static_cast<std::int32_t>(v);
        // Not minus zero, which is no integer to JavaScript.
        if (i == v && !(i == 0 && std::signbit(v))) {
            integer_ = true;
            integer_value_ = i;
            count_ = 1;
            return;
        }
    }
    napi_value r;
    check(napi_create_double(environment_.env(), v, &r));
    push(r);
}

void node_results::string(std::string_view v) {
    push(to_js(environment_.env(), v));
}

void node_results::bytes(std::string_view v) {
    push(to_js(environment_, value{value::bytes{std::string{v}}}, nullptr));
}

void* node_results::begin_object(const class_description& cls) {
    building_ = &cls;
    memory_ = slot_table::allocate(cls);
    return memory_;
}

void node_results::end_object() {
    const auto& cls = *building_;
    napi_value core;
    if (cls.is_value()) {
        const auto wire = cls.to_wire(memory_);
        cls.destroy(memory_);
        core = wire_to_js(environment_.env(), wire);
        slot_table::deallocate(std::exchange(memory_, nullptr));
    } else {
        const auto h = environment_.slots().add(cls, memory_);
        memory_ = nullptr;
        check(napi_create_int32(environment_.env(), h, &core));
    }
    instance(cls, core);
}

void node_results::instance(const class_description& cls, napi_value core) {
    push(raw_ ? core : environment_.instantiate(cls, core));
}

void node_results::any(const value& v) { push(to_js(environment_, v, what())); }

napi_value node_results::finish() {
    const auto env = environment_.env();
    spill_integer();
    if (count_ == 0) return undefined(env);
    if (count_ == 1) return values_[0];
    napi_value r;
    const auto& names = member_.result_names;
    if (names.size() == count_) {
        check(napi_create_object(env, &r));
        for (std::size_t i = 0; i < count_; ++i)
            check(napi_set_named_property(env, r, camel_case(names[i]).c_str(),
                                          values_[i]));
    } else {
        check(napi_create_array_with_length(env, count_, &r));
        for (std::size_t i = 0; i < count_; ++i)
            check(napi_set_element(env, r, static_cast<std::uint32_t>(i),
                                   values_[i]));
    }
    return r;
}

} // namespace emilua::node
