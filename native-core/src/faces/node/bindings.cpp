// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/bindings.hpp"

#include "faces/node/direct.hpp"
#include "faces/node/reading.hpp"
#include "modules/modules.hpp"

#include <algorithm>

namespace emilua::node {
namespace {

napi_value call_returning(napi_env env, napi_callback_info info) {
    node_call::arguments a{env, info};
    node_call c{a};
    return c.run();
}

napi_value call_suspending(napi_env env, napi_callback_info info) {
    node_call::arguments a{env, info};
    node_call c{a};
    return c.start();
}

prompt_write write_at_once(const bound_member& m, slot_table::handle h,
                           napi_value buffer) {
    std::span<std::byte> bytes;
    void* const self = m.owner->slots().find(h, *m.cls);
    if (!self ||
        read_bytes(m.owner->env(), buffer, bytes) != bytes_state::there)
        return {};
    return m.description.write_at_once(self, *m.owner, bytes);
}

// The same of the first `size` bytes that JavaScript copied.
prompt_write write_copied(const bound_member& m, slot_table::handle h,
                          std::size_t size) {
    void* const self = m.owner->slots().find(h, *m.cls);
    const auto bytes = m.owner->copied_to_write(size);
    if (!self || !bytes) return {};
    return m.description.write_at_once(self, *m.owner, *bytes);
}

// Writes to the object that was told of a buffer, or so many bytes that were
// copied, without an operation and tells the number of bytes; -1 if that takes
// one, because of an argument at fault also.
napi_value call_writing_at_once(napi_env env, napi_callback_info info) {
    napi_value buffer = nullptr;
    std::size_t count = 0;
    void* data = nullptr;
    napi_get_cb_info(env, info, &count, nullptr, nullptr, &data);
    const auto& m = *static_cast<const bound_member*>(data);
    const auto object = m.owner->told_object();
    prompt_write w;
    const auto size = m.owner->told_size();
    m.owner->start_submitted();
    if (count == 0) {
        w = write_copied(m, object, size);
    } else {
        count = 1;
        napi_get_cb_info(env, info, &count, &buffer, nullptr, nullptr);
        w = write_at_once(m, object, buffer);
    }
    m.owner->tell_more(w.done && !w.error ? static_cast<std::int32_t>(w.size)
                                          : -1);
    if (!w.error) return nullptr;
    node_call::arguments a{env, info};
    node_call c{a};
    napi_throw(env, c.fail(*w.error));
    return nullptr;
}

napi_value call_writing(napi_env env, napi_callback_info info) {
    using status = environment::status;
    node_call::arguments a{env, info};
    if (a.count >= 3) {
        std::int32_t handle = 0;
        napi_get_value_int32(env, a.values[1], &handle);
        const auto w = write_at_once(*a.member, handle, a.values[2]);
        if (w.done)
            a.member->owner->tell(w.error ? status::failed : status::returned);
        if (w.done && !w.error) {
            napi_value r;
            check(napi_create_uint32(env, static_cast<std::uint32_t>(w.size),
                                     &r));
            return r;
        }
        if (w.done) return node_call{a}.fail(*w.error);
    }
    node_call c{a};
    return c.start();
}

// Adds the next element of the iterator `self` to the objects; nothing if it is
// not there.
std::optional<slot_table::handle> add_next(environment& owner, const member& m,
                                           void* self) {
    const auto& cls = *m.element();
    using memory = std::unique_ptr<void, decltype(&slot_table::deallocate)>;
    memory raw{slot_table::allocate(cls), &slot_table::deallocate};
    if (!m.next_at_once(self, raw.get())) return std::nullopt;
    try {
        const auto h = owner.slots().add(cls, raw.get());
        static_cast<void>(raw.release());
        return h;
    } catch (...) {
        cls.destroy(raw.get());
        throw;
    }
}

// Gives the handle of the next element of an iterator; undefined if it takes an
// operation, because of an argument at fault also. With a second argument
// nobody else waits for a turn meanwhile.
napi_value call_next_at_once(napi_env env, napi_callback_info info) {
    std::array<napi_value, 2> given;
    std::size_t count = given.size();
    void* data = nullptr;
    napi_get_cb_info(env, info, &count, given.data(), nullptr, &data);
    const auto& m = *static_cast<const bound_member*>(data);
    m.owner->start_submitted();
    std::int32_t handle = 0;
    napi_get_value_int32(env, given[0], &handle);
    void* const self = m.owner->slots().find(handle, *m.cls);
    if (!self || (count < 2 && !m.owner->may_do_little())) return nullptr;
    std::optional<failure> failed;
    try {
        const auto h = add_next(*m.owner, m.description, self);
        napi_value r = nullptr;
        if (h) napi_create_int32(env, *h, &r);
        return r;
    } catch (failure& e) {
        failed = std::move(e);
    } catch (const std::exception& e) {
        failed = failure{error_of(e)};
    }
    node_call::arguments a{env, info};
    node_call c{a};
    napi_throw(env, c.fail(std::move(*failed)));
    return nullptr;
}

bool has_secret(const type& t) {
    if (t.kind == type_kind::secret) return true;
    if (t.element && has_secret(*t.element)) return true;
    if (t.kind == type_kind::record)
        for (const auto& f : t.fields->fields)
            if (has_secret(*f.what)) return true;
    return t.kind != type_kind::callback &&
           std::any_of(t.alternatives.begin(), t.alternatives.end(),
                       [](const type* a) { return has_secret(*a); });
}

bool takes_secret(const member& m) {
    return std::any_of(
        m.parameters.begin(), m.parameters.end(),
        [](const parameter& p) { return p.what && has_secret(*p.what); });
}

/// What the functions of one module refer to.
struct bound_module {
    std::deque<bound_member> members;
    /// Of assignments and metamethods, which are no members themselves.
    std::deque<member> descriptions;
};

class binder {
public:
    explicit binder(environment& owner)
        : owner_{owner}, env_{owner.env()},
          bound_{std::make_shared<bound_module>()} {
        check(napi_create_object(env_, &natives_));
        owner.keep(bound_);
    }

    napi_value bind(const module_description& d) {
        for (const auto& m : d.functions) add_member(m, nullptr);
        for (const auto* c : d.classes) {
            prefix_ = c->name;
            prefix_ += '.';
            for (const auto& m : c->members) add_member(m, c);
            for (const auto& entry : c->metamethods) add_metamethod(*c, entry);
        }
        return natives_;
    }

private:
    static bound_member::receiver receiver_of(const class_description& cls) {
        return cls.is_value() ? bound_member::receiver::value
                              : bound_member::receiver::object;
    }

    void add_member(const member& m, const class_description* cls) {
        if (!has(m.offered, languages::typescript)) return;
        if (m.kind == member_kind::constant) return add_constant(m);
        if (!m.invoke) return;
        bound_member b{owner_of(), m, m.invoke};
        b.suspends = m.suspends;
        b.takes_secret = takes_secret(m);
        const bool on_instance =
            m.kind == member_kind::method || m.kind == member_kind::property;
        if (cls && on_instance) {
            b.cls = cls;
            b.self = receiver_of(*cls);
        }
        if (m.start) {
            add_function(m.name, ":sync", b);
            b.invoke = m.start;
            b.suspends = true;
        }
        add_function(m.name, "", b);
        if (m.write_at_once && !m.master_only)
            add_function(m.name, ":at_once", b, &call_writing_at_once);
        if (m.next_at_once && !m.master_only)
            add_function(m.name, ":at_once", b, &call_next_at_once);
        if (direct_form_of(m)) add_function(m.name, ":now", b, &call_directly);
        if (m.assign) add_assignment(m, b);
    }

    void add_constant(const member& m) {
        const auto make = [&](const auto& v) {
            using T = std::remove_cvref_t<decltype(v)>;
            napi_value r;
            if constexpr (std::is_same_v<T, bool>)
                check(napi_get_boolean(env_, v, &r));
            else if constexpr (std::is_same_v<T, double>)
                check(napi_create_double(env_, v, &r));
            else if constexpr (std::is_same_v<T, const char*>)
                r = to_js(env_, v);
            else
                r = undefined(env_);
            return r;
        };
        set(m.name, "", std::visit(make, m.constant));
    }

    void add_assignment(const member& m, bound_member b) {
        auto& setter = bound_->descriptions.emplace_back();
        setter.kind = member_kind::method;
        setter.name = m.name;
        setter.parameters.emplace_back(m.name);
        if (!m.result_types.empty())
            setter.parameters.back().what = m.result_types.front();
        add_function(m.name, "=",
                     {b.owner, setter, m.assign, b.self, b.cls, false,
                      takes_secret(setter)});
    }

    void add_metamethod(const class_description& cls,
                        const class_description::operation_entry& entry) {
        auto& m = bound_->descriptions.emplace_back();
        m.kind = member_kind::method;
        m.name = name_of(entry.which);
        if (entry.mixed) m.parameters.emplace_back("one");
        m.parameters.emplace_back("other");
        // It has a result, whatever it is: the receiver is not it.
        m.result_types.push_back(&type_of<value>());
        bound_member b{owner_of(), m, entry.invoke};
        if (!entry.mixed) {
            b.self = receiver_of(cls);
            b.cls = &cls;
        }
        const auto length = prefix_.size();
        prefix_ += "__";
        add_function(m.name, "", b);
        prefix_.resize(length);
    }

    void add_function(const char* name, const char* suffix,
                      const bound_member& m) {
        const auto& d = m.description;
        // Each as the next one, but for what there is a shorter way for.
        const bool shorter = m.suspends && !d.master_only && !d.start;
        add_function(name, suffix, m,
                     !m.suspends                  ? &call_returning
                     : shorter && d.write_at_once ? &call_writing
                     : shorter && d.read_into     ? &call_reading
                                                  : &call_suspending);
    }

    void add_function(const char* name, const char* suffix, bound_member m,
                      napi_callback f) {
        m.suspends = m.suspends && f != &call_writing_at_once &&
                     f != &call_next_at_once && f != &call_directly;
        auto& kept = bound_->members.emplace_back(m);
        napi_value v;
        check(napi_create_function(env_, name, NAPI_AUTO_LENGTH, f, &kept, &v));
        set(name, suffix, v);
    }

    void set(const char* name, const char* suffix, napi_value v) {
        const auto length = prefix_.size();
        prefix_ += name;
        prefix_ += suffix;
        check(napi_set_named_property(env_, natives_, prefix_.c_str(), v));
        prefix_.resize(length);
    }

    environment* owner_of() const noexcept { return &owner_; }

    environment& owner_;
    napi_env env_;
    std::shared_ptr<bound_module> bound_;
    napi_value natives_ = nullptr;
    std::string prefix_;
};

} // namespace

napi_value natives(environment& owner, std::string_view module) {
    const auto* d = find_module(module);
    if (!d) throw failure{make_error_code(errc::module_not_found)};
    return binder{owner}.bind(*d);
}

const class_description* find_class(std::string_view module,
                                    std::string_view name) {
    if (const auto* d = find_module(module))
        for (const auto* c : d->classes)
            if (name == c->name) return c;
    return nullptr;
}

} // namespace emilua::node
