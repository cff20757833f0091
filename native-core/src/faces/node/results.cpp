// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/results.hpp"

#include "faces/node/messages.hpp"
#include "faces/node/names.hpp"
#include "modules/modules.hpp"

#include <algorithm>
#include <cmath>

namespace emilua::node {

void node_results::drop() noexcept {
    // An object was not made, for its constructor threw, or what is inside of
    // a list or record threw.
    slot_table::deallocate(memory_);
}

void node_results::begin(napi_value object) {
    auto* c = &first_;
    if (open_) {
        open_->inner = std::make_unique<container>();
        c = open_->inner.get();
    }
    c->outer = open_;
    c->object = object;
    c->size = 0;
    c->field = nullptr;
    c->key = nullptr;
    c->is_proto = false;
    c->cls = -1;
    open_ = c;
}

void node_results::leave() noexcept {
    open_ = open_->outer;
    if (open_) open_->inner.reset();
}

void node_results::spill_integers() {
    for (std::size_t i = 0; i < count_; ++i)
        if (!values_[i])
            check(napi_create_int32(environment_.env(), integers_[i],
                                    &values_[i]));
}

void node_results::nil() { push(undefined(environment_.env())); }

void node_results::push_inside(napi_value v) {
    const auto env = environment_.env();
    if (!open_) throw std::length_error{"a member has too many results"};
    auto& to = *open_;
    if (to.cls >= 0) make_instances();
    if (to.field)
        check(napi_set_named_property(env, to.object,
                                      camel_cased{to.field}.c_str(), v));
    else if (to.is_proto)
        set_property(env, to.object, "__proto__", v);
    else if (to.key)
        check(napi_set_property(env, to.object, to.key, v));
    else
        check(napi_set_element(env, to.object, to.size, v));
    ++to.size;
}

void node_results::boolean(bool v) {
    napi_value r;
    check(napi_get_boolean(environment_.env(), v, &r));
    push(r);
}

void node_results::number(double v) {
    if (!open_ && count_ < values_.size() && v >= INT32_MIN && v <= INT32_MAX) {
        const auto i = static_cast<std::int32_t>(v);
        // Not minus zero, which is no integer to JavaScript.
        if (i == v && !(i == 0 && std::signbit(v))) return push_integer(i);
    }
    napi_value r;
    check(napi_create_double(environment_.env(), v, &r));
    push(r);
}

void node_results::integer64(std::uint64_t bits, bool is_signed) {
    const auto env = environment_.env();
    napi_value r;
    check(is_signed ? napi_create_bigint_int64(
                          env, static_cast<std::int64_t>(bits), &r)
                    : napi_create_bigint_uint64(env, bits, &r));
    push(r);
}

void node_results::string(std::string_view v) {
    push(to_js(environment_.env(), v));
}

void node_results::bytes(std::string_view v) {
    push(bytes_to_js(environment_.env(), v));
}

void* node_results::begin_object(const class_description& cls) {
    building_ = cls.module ? &cls : &described(cls);
    memory_ = slot_table::allocate(cls);
    return memory_;
}

void node_results::end_object() {
    const auto& cls = *building_;
    napi_value core;
    if (cls.is_value()) {
        const auto wire = cls.to_wire(memory_);
        cls.destroy(memory_);
        slot_table::deallocate(std::exchange(memory_, nullptr));
        core = wire_to_js(environment_.env(), wire);
    } else {
        const auto h = environment_.slots().add(cls, memory_);
        memory_ = nullptr;
        check(napi_create_int32(environment_.env(), h, &core));
    }
    instance(cls, core);
}

void node_results::instance(const class_description& cls, napi_value core) {
    if (objects_ == objects::raw) return push(core);
    const bool in_list = open_ && !open_->outer && !open_->field && !open_->key;
    if (objects_ == objects::named && (!open_ || in_list))
        return push_core(environment_.class_id(cls), core);
    push(environment_.instantiate(cls, core));
}

// JavaScript makes the instances, without a call for each: those of a list,
// too, as long as it has nothing else in it.
void node_results::push_core(std::int32_t class_id, napi_value core) {
    if (!open_) {
        push(core);
        classes_[count_ - 1] = class_id;
    } else if (open_->size == 0 || open_->cls == class_id) {
        const auto n = open_->size++;
        check(napi_set_element(environment_.env(), open_->object, n, core));
        open_->cls = class_id;
    } else {
        push(environment_.instantiate(class_id, core));
    }
}

void node_results::make_instances() {
    auto& list = *open_;
    const auto id = std::exchange(list.cls, -1);
    for (std::uint32_t i = 0; i < list.size; ++i) {
        const auto env = environment_.env();
        napi_value core;
        check(napi_get_element(env, list.object, i, &core));
        check(napi_set_element(env, list.object, i,
                               environment_.instantiate(id, core)));
    }
}

void node_results::begin_list(std::size_t size) {
    napi_value list;
    check(napi_create_array_with_length(environment_.env(), size, &list));
    begin(list);
}

void node_results::begin_record(std::size_t) {
    napi_value record;
    check(napi_create_object(environment_.env(), &record));
    begin(record);
}

void node_results::field(const char* name) { open_->field = name; }

void node_results::key(std::string_view text) {
    auto& to = *open_;
    to.key = to_js(environment_.env(), text);
    to.is_proto = text == "__proto__";
}

void node_results::key(std::int64_t number) { key(std::to_string(number)); }

void node_results::end() {
    const auto v = open_->object;
    const auto cls = open_->cls;
    leave();
    push(v);
    if (cls >= 0) classes_[count_ - 1] = -2 - cls;
}

void node_results::any(value v) { push(to_js(environment_, std::move(v))); }

std::span<const napi_value> node_results::values() {
    spill_integers();
    return {values_.data(), count_};
}

napi_value node_results::finish_promptly() {
    using status = environment::status;
    const auto all = std::span{values_}.first(count_);
    const auto others =
        std::ranges::count_if(all, [](napi_value v) { return v != nullptr; });
    if (count_ < 2 || others > 1) {
        const auto r = finish();
        environment_.tell(status::returned);
        return r;
    }
    const auto one =
        std::ranges::find_if(all, [](napi_value v) { return v != nullptr; });
    environment_.tell_several(environment_.shape_of(*this),
                              one == all.end() ? -1 : one - all.begin(),
                              {integers_.data(), count_});
    return one == all.end() ? nullptr : *one;
}

napi_value node_results::finish_others() {
    const auto env = environment_.env();
    spill_integers();
    if (count_ == 0) return undefined(env);
    if (count_ > 1) return environment_.assemble(*this);
    return classes_[0] == -1
               ? values_[0]
               : environment_.instantiate(classes_[0], values_[0]);
}

} // namespace emilua::node
