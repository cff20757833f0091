// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/error_names.hpp"
#include "faces/node/call.hpp"
#include "faces/node/convert.hpp"
#include "faces/node/names.hpp"
#include "modules/modules.hpp"

#include <boost/asio/error.hpp>

namespace emilua::node {
namespace {

napi_value call_returning(napi_env env, napi_callback_info info) {
    node_call::arguments a{env, info};
    node_call c{a};
    return a.member->owner->invoke(c);
}

napi_value call_suspending(napi_env env, napi_callback_info info) {
    node_call::arguments a{env, info};
    node_call c{a};
    return a.member->owner->invoke_suspending(c);
}

napi_value property(napi_env env, napi_value object, const char* name) {
    napi_value v;
    check(napi_get_named_property(env, object, name, &v));
    return v;
}

napi_ref keep(napi_env env, napi_value v) {
    napi_ref r;
    check(napi_create_reference(env, v, 1, &r));
    return r;
}

std::int32_t* shared_integers(napi_env env, napi_value v) {
    // Asking for the memory makes V8 move it to where it stays.
    void* data;
    napi_typedarray_type kind;
    check(napi_get_typedarray_info(env, v, &kind, nullptr, &data, nullptr,
                                   nullptr));
    return static_cast<std::int32_t*>(data);
}

std::uint32_t unsigned_property(napi_env env, napi_value object,
                                const char* name) {
    std::uint32_t r;
    check(napi_get_value_uint32(env, property(env, object, name), &r));
    return r;
}

} // namespace

void environment::start(napi_value parts) {
    auto ref = [&](const char* name) {
        return keep(env_, property(env_, parts, name));
    };
    drain_ = ref("drain");
    make_error_ = ref("makeError");
    instantiate_ = ref("instantiate");
    // A symbol is no object: it cannot be referred to but inside one.
    keys_ = ref("keys");
    side_ = ref("side");
    hold_ = ref("hold");
    status_owner_ = ref("status");
    batch_owner_ = ref("completed");
    status_ = shared_integers(env_, value_of(status_owner_));
    batch_ = shared_integers(env_, value_of(batch_owner_));
    batch_size_ = unsigned_property(env_, parts, "batch");
    hold_stride_ = unsigned_property(env_, parts, "holdStride");
    check(napi_get_value_bool(env_, property(env_, parts, "isMainThread"),
                              &master_));
}

napi_value environment::value_of(napi_ref ref) {
    napi_value v;
    check(napi_get_reference_value(env_, ref, &v));
    return v;
}

// --- the functions of a module -----------------------------------------------

napi_value environment::natives(std::string_view module) {
    const auto* d = find_module(module);
    if (!d) throw failure{make_error_code(errc::module_not_found)};
    napi_value r;
    check(napi_create_object(env_, &r));
    for (const auto& m : d->functions) add_member(r, "", m, nullptr);
    for (const auto* c : d->classes) {
        for (const auto& m : c->members) add_member(r, c->name + ".", m, c);
        for (const auto& entry : c->metamethods) add_metamethod(r, *c, entry);
    }
    return r;
}

void environment::add_member(napi_value to, const std::string& prefix,
                             const member& m, const class_description* cls) {
    const auto name = prefix + m.name;
    if (m.kind == member_kind::constant) {
        check(napi_set_named_property(env_, to, name.c_str(),
                                      to_js(*this, m.constant, nullptr)));
        return;
    }
    bound_member b{.owner = this, .description = m, .invoke = m.invoke};
    const bool on_instance =
        m.kind == member_kind::method || m.kind == member_kind::property;
    if (cls && on_instance) {
        b.cls = cls;
        b.self = cls->is_value() ? bound_member::receiver::value
                                 : bound_member::receiver::object;
    }
    add_function(to, name, b);
    if (!m.assign) return;
    auto& setter = synthetic_.emplace_back();
    setter.kind = member_kind::method;
    setter.name = m.name;
    setter.parameters.emplace_back(m.name.c_str());
    if (!m.result_types.empty())
        setter.parameters.back().what = m.result_types.front();
    add_function(to, name + "=", {this, setter, m.assign, b.self, b.cls});
}

void environment::add_metamethod(
    napi_value to, const class_description& cls,
    const class_description::operation_entry& entry) {
    auto& m = synthetic_.emplace_back();
    m.kind = member_kind::method;
    m.name = std::string{"__"} + name_of(entry.which);
    m.parameters.emplace_back("other");
    // It has a result, whatever it is: the receiver is not it.
    m.result_types.push_back(&type_of<value>());
    add_function(to, cls.name + "." + m.name,
                 {this, m, entry.invoke,
                  cls.is_value() ? bound_member::receiver::value
                                 : bound_member::receiver::object,
                  &cls});
}

void environment::add_function(napi_value to, const std::string& name,
                               const bound_member& m) {
    auto& kept = members_.emplace_back(m);
    napi_value f;
    check(napi_create_function(env_, name.c_str(), name.size(),
                               m.description.suspends ? &call_suspending
                                                      : &call_returning,
                               &kept, &f));
    check(napi_set_named_property(env_, to, name.c_str(), f));
}

// --- classes -----------------------------------------------------------------

std::int32_t environment::class_id(const class_description& cls) {
    const auto [at, is_new] = class_ids_.try_emplace(
        &cls, static_cast<std::int32_t>(classes_.size()));
    if (is_new) classes_.push_back(&cls);
    return at->second;
}

const class_description* environment::find_class(std::string_view module,
                                                 std::string_view name) const {
    if (const auto* d = find_module(module))
        for (const auto* c : d->classes)
            if (c->name == name) return c;
    return nullptr;
}

napi_value environment::instantiate(const class_description& cls,
                                    napi_value core) {
    napi_value global, r;
    std::array<napi_value, 2> args{};
    args[1] = core;
    check(napi_create_int32(env_, class_id(cls), &args[0]));
    check(napi_get_global(env_, &global));
    check(napi_call_function(env_, global, value_of(instantiate_), args.size(),
                             args.data(), &r));
    return r;
}

std::pair<const class_description*, napi_value>
environment::core_of(napi_value v) {
    napi_valuetype kind;
    check(napi_typeof(env_, v, &kind));
    if (kind != napi_object) return {};
    napi_value key, id_value, core;
    const auto keys = value_of(keys_);
    check(napi_get_element(env_, keys, 0, &key));
    check(napi_get_property(env_, v, key, &id_value));
    std::uint32_t id;
    if (napi_get_value_uint32(env_, id_value, &id) != napi_ok ||
        id >= classes_.size())
        return {};
    check(napi_get_element(env_, keys, 1, &key));
    check(napi_get_property(env_, v, key, &core));
    return {classes_[id], core};
}

// --- errors ------------------------------------------------------------------

napi_value environment::make_error(const error_code& any, const char* syscall,
                                   std::string_view argument,
                                   const std::string& expected) {
    const error_code ec{any.value(), own_category(any.category())};
    if (!find_category(ec.category().name()))
        categories_.push_back(&ec.category());
    const auto nothing = undefined(env_);
    std::array<napi_value, 6> args{
        to_js(env_, ec.category().name()),
        nullptr,
        to_js(env_, code_name(ec)),
        to_js(env_, expected.empty() ? ec.message() : "Expected " + expected),
        syscall ? to_js(env_, syscall) : nothing,
        argument.empty() ? nothing : to_js(env_, argument)};
    check(napi_create_int32(env_, ec.value(), &args[1]));
    napi_value global, r;
    check(napi_get_global(env_, &global));
    check(napi_call_function(env_, global, value_of(make_error_), args.size(),
                             args.data(), &r));
    return r;
}

const error_category* environment::find_category(std::string_view name) const {
    for (const auto* c :
         {&boost::system::system_category(), &boost::system::generic_category(),
          &emilua_category(), &boost::asio::error::get_misc_category(),
          &boost::asio::error::get_netdb_category(),
          &boost::asio::error::get_addrinfo_category()})
        if (name == c->name()) return c;
    for (const auto* c : categories_)
        if (name == c->name()) return c;
    return nullptr;
}

napi_value environment::pending_exception() {
    napi_value error = nullptr;
    bool pending = false;
    napi_is_exception_pending(env_, &pending);
    if (pending) {
        napi_get_and_clear_last_exception(env_, &error);
        return error;
    }
    const napi_extended_error_info* info = nullptr;
    napi_get_last_error_info(env_, &info);
    const char* text =
        info && info->error_message ? info->error_message : "Node-API failed";
    napi_value message = nullptr;
    napi_create_string_utf8(env_, text, NAPI_AUTO_LENGTH, &message);
    napi_create_error(env_, nullptr, message, &error);
    return error;
}

} // namespace emilua::node
