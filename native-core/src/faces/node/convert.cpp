// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/convert.hpp"

#include "faces/node/call.hpp"
#include "faces/node/names.hpp"
#include "modules/actor/actor.hpp"

#include <cstring>

namespace emilua::node {
namespace {

constexpr unsigned depth_limit = 100;

[[noreturn]] void refuse(unsigned index, const std::string& why) {
    throw argument_error{index, why};
}

const record_description* fields_of(const type* t) {
    return t && t->kind == type_kind::record ? t->fields : nullptr;
}

const type* element_of(const type* t) {
    return t && t->kind == type_kind::list ? t->element : nullptr;
}

/// What is inside an optional, or the one alternative with a shape of its own.
const type* shape_of(const type* t, bool list) {
    while (t && t->kind == type_kind::optional) t = t->element;
    if (!t || t->kind != type_kind::one_of) return t;
    for (const auto* a : t->alternatives) {
        a = shape_of(a, list);
        if (a && a->kind == (list ? type_kind::list : type_kind::record))
            return a;
    }
    return nullptr;
}

class to_js_visitor {
public:
    to_js_visitor(environment& owner, const type* t) noexcept
        : owner_{owner}, env_{owner.env()}, type_{t} {}

    napi_value operator()(std::monostate) const { return undefined(env_); }
    napi_value operator()(bool b) const {
        napi_value r;
        check(napi_get_boolean(env_, b, &r));
        return r;
    }
    napi_value operator()(double d) const {
        napi_value r;
        check(napi_create_double(env_, d, &r));
        return r;
    }
    napi_value operator()(std::int64_t i) const {
        napi_value r;
        check(napi_create_bigint_int64(env_, i, &r));
        return r;
    }
    napi_value operator()(const std::string& s) const { return to_js(env_, s); }
    napi_value operator()(const value::bytes& b) const {
        napi_value buffer, r;
        void* data;
        check(napi_create_arraybuffer(env_, b.data.size(), &data, &buffer));
        if (!b.data.empty()) std::memcpy(data, b.data.data(), b.data.size());
        check(napi_create_typedarray(env_, napi_uint8_array, b.data.size(),
                                     buffer, 0, &r));
        return r;
    }
    napi_value operator()(const value::list& l) const {
        const auto* element = element_of(shape_of(type_, true));
        napi_value r;
        check(napi_create_array_with_length(env_, l.size(), &r));
        for (std::uint32_t i = 0; i < l.size(); ++i)
            check(napi_set_element(env_, r, i, to_js(owner_, l[i], element)));
        return r;
    }
    napi_value operator()(const value::record& rec) const {
        const auto* fields = fields_of(shape_of(type_, false));
        napi_value r;
        check(napi_create_object(env_, &r));
        for (const auto& [key, v] : rec) {
            const auto name = fields ? camel_case(key) : key;
            check(napi_set_property(env_, r, to_js(env_, name),
                                    to_js(owner_, v, field(fields, key))));
        }
        return r;
    }
    napi_value operator()(const boxed& b) const {
        napi_value core;
        if (b.cls->is_value()) {
            core = wire_to_js(env_, b.cls->to_wire(b.object.get()));
        } else {
            void* memory = slot_table::allocate(*b.cls);
            b.cls->relocate(memory, b.object.get());
            check(napi_create_int32(env_, owner_.slots().add(*b.cls, memory),
                                    &core));
        }
        return owner_.instantiate(*b.cls, core);
    }
    napi_value operator()(const std::shared_ptr<actor_address>& to) const {
        const auto& cls = class_of<actor::channel>();
        void* memory = ::new (slot_table::allocate(cls)) actor::channel{to};
        napi_value core;
        check(napi_create_int32(env_, owner_.slots().add(cls, memory), &core));
        return owner_.instantiate(cls, core);
    }

private:
    static const type* field(const record_description* fields,
                             const std::string& key) {
        if (fields)
            for (const auto& f : fields->fields)
                if (f.name == key) return f.what;
        return nullptr;
    }

    environment& owner_;
    napi_env env_;
    const type* type_;
};

class from_js_copier {
public:
    from_js_copier(environment& owner, unsigned index) noexcept
        : owner_{owner}, env_{owner.env()}, index_{index} {}

    value copy(napi_value v, const type* t, unsigned depth) const {
        if (depth > depth_limit) refuse(index_, "something less deep");
        napi_valuetype kind;
        check(napi_typeof(env_, v, &kind));
        switch (kind) {
        case napi_undefined:
        case napi_null:
            return {};
        case napi_boolean: {
            bool b;
            check(napi_get_value_bool(env_, v, &b));
            return b;
        }
        case napi_number: {
            double d;
            check(napi_get_value_double(env_, v, &d));
            return d;
        }
        case napi_bigint:
            return wire_from_js(env_, v);
        case napi_string:
            return read_string(env_, v);
        case napi_object:
            return copy_object(v, t, depth);
        default:
            refuse(index_, "a value that can be copied");
        }
    }

private:
    value copy_object(napi_value v, const type* t, unsigned depth) const {
        std::span<std::byte> bytes;
        if (read_bytes(env_, v, bytes) == bytes_state::there) {
            return value::bytes{std::string{
                reinterpret_cast<const char*>(bytes.data()), bytes.size()}};
        }
        bool is_array;
        check(napi_is_array(env_, v, &is_array));
        if (is_array) return copy_list(v, t, depth);
        const auto [cls, core] = owner_.core_of(v);
        if (cls) return copy_instance(*cls, core);
        const auto* fields = fields_of(shape_of(t, false));
        return fields ? copy_record(v, *fields, depth)
                      : copy_any_record(v, depth);
    }

    value copy_list(napi_value v, const type* t, unsigned depth) const {
        const auto* element = element_of(shape_of(t, true));
        std::uint32_t size;
        check(napi_get_array_length(env_, v, &size));
        value::list l;
        for (std::uint32_t i = 0; i < size; ++i) {
            napi_value e;
            check(napi_get_element(env_, v, i, &e));
            l.push_back(copy(e, element, depth + 1));
        }
        return l;
    }

    value copy_instance(const class_description& cls, napi_value core) const {
        if (!cls.is_value()) return address_of(cls, core);
        std::unique_ptr<void, void (*)(void*)> memory{slot_table::allocate(cls),
                                                      &slot_table::deallocate};
        cls.from_wire(memory.get(), wire_from_js(env_, core));
        auto destroy = [&cls](void* p) {
            cls.destroy(p);
            slot_table::deallocate(p);
        };
        return boxed{&cls, std::shared_ptr<void>{memory.release(), destroy}};
    }

    // Of all that is no value, channels can be copied, and the inbox stands for
    // one to it.
    value address_of(const class_description& cls, napi_value core) const {
        std::int32_t h = 0;
        napi_get_value_int32(env_, core, &h);
        void* object = owner_.slots().find(h, cls);
        if (object && &cls == &class_of<actor::inbox>())
            return static_cast<actor::inbox*>(object)->address();
        if (!object || &cls != &class_of<actor::channel>())
            refuse(index_, "a value that can be copied");
        const auto& to = static_cast<actor::channel*>(object)->address();
        if (!to) refuse(index_, "a channel that is not closed");
        return std::make_shared<actor_address>(*to);
    }

    /// Of objects, only the ways to an actor can be copied.
    value copy_address(napi_value core) const {
        std::int32_t h = 0;
        check(napi_get_value_int32(env_, core, &h));
        if (auto* p = owner_.slots().find<actor::channel>(h)) {
            if (!p->address()) refuse(index_, "a channel that is not closed");
            return std::make_shared<actor_address>(*p->address());
        }
        if (auto* p = owner_.slots().find<actor::inbox>(h)) return p->address();
        refuse(index_, "a value that can be copied");
    }

    value copy_record(napi_value v, const record_description& fields,
                      unsigned depth) const {
        value::record r;
        std::vector<std::string> known;
        for (const auto& f : fields.fields) {
            known.push_back(camel_case(f.name));
            napi_value e;
            check(napi_get_named_property(env_, v, known.back().c_str(), &e));
            auto copied = copy(e, f.what, depth + 1);
            if (!copied.is_nil()) r.emplace_back(f.name, std::move(copied));
        }
        for (const auto& key : keys(v)) {
            if (std::find(known.begin(), known.end(), key) == known.end())
                refuse(index_, "no field \"" + key + '"');
        }
        return r;
    }

    value copy_any_record(napi_value v, unsigned depth) const {
        value::record r;
        for (auto& key : keys(v)) {
            napi_value e;
            check(napi_get_property(env_, v, to_js(env_, key), &e));
            auto copied = copy(e, nullptr, depth + 1);
            if (!copied.is_nil())
                r.emplace_back(std::move(key), std::move(copied));
        }
        return r;
    }

    std::vector<std::string> keys(napi_value v) const {
        napi_value names;
        check(napi_get_all_property_names(
            env_, v, napi_key_own_only,
            static_cast<napi_key_filter>(napi_key_enumerable |
                                         napi_key_skip_symbols),
            napi_key_numbers_to_strings, &names));
        std::uint32_t size;
        check(napi_get_array_length(env_, names, &size));
        std::vector<std::string> r;
        for (std::uint32_t i = 0; i < size; ++i) {
            napi_value key;
            check(napi_get_element(env_, names, i, &key));
            r.push_back(read_string(env_, key));
        }
        return r;
    }

    environment& owner_;
    napi_env env_;
    unsigned index_;
};

} // namespace

void check(napi_status status) {
    if (status != napi_ok) throw javascript_error{};
}

napi_value undefined(napi_env env) {
    napi_value r;
    check(napi_get_undefined(env, &r));
    return r;
}

napi_value to_js(napi_env env, std::string_view s) {
    napi_value r;
    check(napi_create_string_utf8(env, s.data(), s.size(), &r));
    return r;
}

std::string read_string(napi_env env, napi_value v) {
    std::size_t size;
    check(napi_get_value_string_utf8(env, v, nullptr, 0, &size));
    std::string s(size + 1, '\0');
    check(napi_get_value_string_utf8(env, v, s.data(), s.size(), &size));
    s.resize(size);
    return s;
}

napi_value to_js(environment& owner, const value& v, const type* t) {
    return v.visit(to_js_visitor{owner, t});
}

value from_js(environment& owner, napi_value v, const type* t, unsigned index) {
    const auto* shape = t && t->kind == type_kind::optional ? t->element : t;
    if (fields_of(shape)) {
        napi_valuetype kind;
        check(napi_typeof(owner.env(), v, &kind));
        if (kind != napi_object) refuse(index, {});
    }
    return from_js_copier{owner, index}.copy(v, t, 0);
}

napi_value wire_to_js(napi_env env, const value& v) {
    napi_value r;
    if (const auto* s = v.as<std::string>()) return to_js(env, *s);
    if (const auto* i = v.as<std::int64_t>()) {
        check(napi_create_bigint_int64(env, *i, &r));
        return r;
    }
    const auto* d = v.as<double>();
    check(napi_create_double(env, d ? *d : 0, &r));
    return r;
}

value wire_from_js(napi_env env, napi_value v) {
    napi_valuetype kind;
    check(napi_typeof(env, v, &kind));
    if (kind == napi_string) return read_string(env, v);
    if (kind == napi_bigint) {
        std::int64_t i;
        bool lossless;
        check(napi_get_value_bigint_int64(env, v, &i, &lossless));
        if (!lossless) throw argument_error{0, "an integer of 64 bits"};
        return i;
    }
    double d = 0;
    if (kind == napi_number) check(napi_get_value_double(env, v, &d));
    return d;
}

} // namespace emilua::node
