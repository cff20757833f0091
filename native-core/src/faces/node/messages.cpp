// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/messages.hpp"

#include "core/refusals.hpp"
#include "core/shared_part.hpp"
#include "modules/modules.hpp"

#include <algorithm>
#include <unordered_map>

#include "faces/node/plain.hpp"

namespace emilua::node {
namespace {

constexpr std::size_t depth_limit = 100;

[[noreturn]] void refuse(std::string expected = {}) {
    argument_error e;
    e.expected = std::move(expected);
    throw e;
}

[[noreturn]] void refuse_code(int code, std::string expected = {}) {
    argument_error e;
    e.code = error_code{code, boost::system::system_category()};
    e.expected = std::move(expected);
    throw e;
}

/// Bytes from this many on are handed over to JavaScript, not copied.
constexpr std::size_t handed_over = 64 * 1024;

/// The memory of `bytes` as a Uint8Array.
napi_value hand_over(napi_env env, std::string bytes) {
    auto owner = std::make_unique<std::string>(std::move(bytes));
    const auto size = owner->size();
    napi_value buffer, r;
    const auto status = napi_create_external_arraybuffer(
        env, owner->data(), size,
        [](napi_env, void*, void* hint) {
            delete static_cast<std::string*>(hint);
        },
        owner.get(), &buffer);
    // Not every host of Node's lets memory of others in.
    if (status != napi_ok) return bytes_to_js(env, *owner);
    static_cast<void>(owner.release());
    check(napi_create_typedarray(env, napi_uint8_array, size, buffer, 0, &r));
    return r;
}

class to_js_visitor {
public:
    explicit to_js_visitor(environment& owner) noexcept
        : owner_{owner}, env_{owner.env()} {}

    napi_value part(value v) { return v.visit(*this); }

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
    napi_value operator()(value::bytes& b) const {
        return b.data.size() < handed_over ? bytes_to_js(env_, b.data)
                                           : hand_over(env_, std::move(b.data));
    }
    napi_value operator()(value::list& l) {
        napi_value r;
        check(napi_create_array_with_length(env_, l.size(), &r));
        for (std::uint32_t i = 0; i < l.size(); ++i)
            check(napi_set_element(env_, r, i, part(std::move(l[i]))));
        return r;
    }
    napi_value operator()(value::record& fields) {
        napi_value r;
        check(napi_create_object(env_, &r));
        for (auto& [key, v] : fields)
            set_property(env_, r, key,
                         v.is_nil() ? null(env_) : part(std::move(v)));
        return r;
    }
    napi_value operator()(boxed& b) {
        if (is_shared_part(b)) return shared(b.contents);
        const auto* arrives = b.contents->arrives_as;
        const auto& packed = described(arrives ? *arrives : *b.cls);
        const auto& cls = packed.moves.arrives_as
                              ? described(*packed.moves.arrives_as)
                              : packed;
        if (cls.is_value())
            return owner_.instantiate(cls, wire_to_js(env_, b.contents->wire));
        std::unique_ptr<void, void (*)(void*)> memory{slot_table::allocate(cls),
                                                      &slot_table::deallocate};
        unpack_object(cls, memory.get(), owner_, std::move(*b.contents));
        const auto h = owner_.slots().add(cls, memory.get());
        static_cast<void>(memory.release());
        napi_value core;
        check(napi_create_int32(env_, h, &core));
        return owner_.instantiate(cls, core);
    }

    /// Of what a message has in several places.
    napi_value shared(const std::shared_ptr<parcel>& whole) {
        const auto found = shared_.find(whole.get());
        if (found != shared_.end()) return found->second;
        const auto r = part(std::move(whole->wire));
        shared_.emplace(whole.get(), r);
        return r;
    }

private:
    environment& owner_;
    napi_env env_;
    std::unordered_map<const parcel*, napi_value> shared_;
};

/// Puts an object that left back into its place.
void bring_back(environment& owner, slot_table::handle h,
                const class_description& cls, parcel& contents) {
    std::unique_ptr<void, void (*)(void*)> memory{slot_table::allocate(cls),
                                                  &slot_table::deallocate};
    cls.moves.unpack(memory.get(), owner, std::move(contents));
    owner.slots().replace(h, memory.release());
    owner.slots().move(h, false);
}

/// Copies one message. Objects leave once all of it was seen.
class from_js_copier {
public:
    from_js_copier(environment& owner, departures& gone) noexcept
        : owner_{owner}, env_{owner.env()}, gone_{gone} {}

    value copy(napi_value v) {
        auto r = part(v);
        pack();
        return r;
    }

private:
    /// An object that goes along.
    struct passenger {
        slot_table::handle handle;
        const class_description* cls;
        void* object;
        std::shared_ptr<parcel> to;
        std::vector<path_step> path;
    };

    value part(napi_value v) {
        if (path_.size() > depth_limit)
            throw unsendable{"an object of more than " +
                             std::to_string(depth_limit) + " levels"};
        switch (type_of_value(env_, v)) {
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
            return text(v);
        case napi_object:
            return object(v);
        default:
            refuse_to_send(env_, v);
        }
    }

    std::string text(napi_value v) {
        auto s = read_string(env_, v);
        if (!is_whole_text(env_, v, s))
            throw unsendable{"text with half of a surrogate pair",
                             "send its toWellFormed(), or bytes"};
        return s;
    }

    value part(napi_value v, path_step step) {
        path_.push_back(std::move(step));
        try {
            auto r = part(v);
            path_.pop_back();
            return r;
        } catch (argument_error& e) {
            e.path.push_back(std::move(path_.back()));
            path_.pop_back();
            throw;
        }
    }

    value object(napi_value v) {
        std::span<std::byte> bytes;
        switch (read_bytes(env_, v, bytes)) {
        case bytes_state::there:
            return value::bytes{std::string{
                reinterpret_cast<const char*>(bytes.data()), bytes.size()}};
        case bytes_state::detached:
            refuse("a buffer that is not detached");
        case bytes_state::no_bytes:
            break;
        }
        const bool is_list = is_array(env_, v);
        if (!is_list) {
            const auto [cls, core] = owner_.core_of(v);
            if (cls) return instance(v, *cls, core);
        }
        if (is_list ? !is_plain_array(env_, v) : !is_plain_object(env_, v))
            refuse_to_send(env_, v);
        enter(v);
        auto r = is_list ? list(v) : record(v);
        inside_.pop_back();
        return r;
    }

    void enter(napi_value v) {
        for (auto* outer : inside_) {
            bool same = false;
            napi_strict_equals(env_, v, outer, &same);
            if (same) throw unsendable{"an object inside of itself"};
        }
        inside_.push_back(v);
    }

    value list(napi_value v) {
        std::uint32_t size;
        check(napi_get_array_length(env_, v, &size));
        value::list l;
        for (std::uint32_t i = 0; i < size; ++i) {
            napi_value e;
            check(napi_get_element(env_, v, i, &e));
            l.push_back(part(e, {path_step::kind::index, {}, i}));
        }
        return l;
    }

    value record(napi_value v) {
        const auto names = own_keys(env_, v);
        std::uint32_t size;
        check(napi_get_array_length(env_, names, &size));
        value::record r;
        for (std::uint32_t i = 0; i < size; ++i) {
            napi_value name, e;
            check(napi_get_element(env_, names, i, &name));
            check(napi_get_property(env_, v, name, &e));
            auto key = text(name);
            auto copied = part(e, {path_step::kind::key, key, 0});
            if (type_of_value(env_, e) != napi_undefined)
                r.emplace_back(std::move(key), std::move(copied));
        }
        return r;
    }

    value instance(napi_value v, const class_description& cls,
                   napi_value core) {
        auto to = std::make_shared<parcel>();
        if (cls.is_value()) {
            to->wire = wire_from_js(env_, core);
            return boxed{&cls, std::move(to)};
        }
        if (!cls.moves.pack) refuse_to_send_object(env_, v);
        std::int32_t h = 0;
        napi_get_value_int32(env_, core, &h);
        void* const object = owner_.slots().find(h, cls);
        if (!object) refuse_object(owner_.slots().why_not(h, cls));
        if (!cls.moves.copies)
            for (const auto& p : passengers_)
                if (p.handle == h) refuse("no object twice");
        passengers_.push_back({h, &cls, object, to, path_});
        return boxed{cls.moves.arrives_as ? cls.moves.arrives_as : &cls,
                     std::move(to)};
    }

    [[noreturn]] static void fail(const passenger& p, const error_code& ec,
                                  const std::string& expected = {}) {
        argument_error e;
        e.code = ec;
        e.expected = expected;
        e.path.assign(p.path.rbegin(), p.path.rend());
        throw e;
    }

    bool is_busy(const passenger& p) {
        if (p.cls->moves.copies) return false;
        if (owner_.slots().pinned(p.handle)) return true;
        return p.cls->moves.busy && p.cls->moves.busy(p.object);
    }

    /// What was read after `p` may have been a getter that uses it.
    void check_still_here(const passenger& p) {
        const auto& slots = owner_.slots();
        try {
            if (!slots.find(p.handle, *p.cls))
                refuse_object(slots.why_not(p.handle, *p.cls));
            if (is_busy(p)) refuse_object(slot_table::state::taken);
        } catch (const argument_error& e) {
            fail(p, e.code, e.expected);
        }
    }

    void pack() {
        for (const auto& p : passengers_) check_still_here(p);
        for (std::size_t i = 0; i < passengers_.size(); ++i) {
            const auto& p = passengers_[i];
            try {
                *p.to = p.cls->moves.pack(p.object);
            } catch (const failure& e) {
                unpack(i);
                fail(p, e.code, e.expected);
            }
            p.to->version = p.cls->moves.version;
            if (!p.cls->moves.copies) owner_.slots().move(p.handle, true);
        }
        for (auto& p : passengers_)
            if (!p.cls->moves.copies)
                gone_.push(p.handle, *p.cls, std::move(p.to));
    }

    /// Gives the first `count` back.
    void unpack(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const auto& p = passengers_[i];
            if (!p.cls->moves.copies)
                bring_back(owner_, p.handle, *p.cls, *p.to);
        }
    }

    environment& owner_;
    napi_env env_;
    departures& gone_;
    std::vector<passenger> passengers_;
    std::vector<path_step> path_;
    /// What is being copied, from the outside to the inside.
    std::vector<napi_value> inside_;
};

} // namespace

void refuse_object(slot_table::state why) {
    switch (why) {
    case slot_table::state::taken:
        refuse_code(EBUSY, argument_error::not_in_use);
    case slot_table::state::moved:
        refuse_code(EBADF, "an object that was not given away");
    case slot_table::state::usable:
        refuse();
    }
    refuse();
}

void departures::come_back(environment& owner) noexcept {
    for (auto& d : gone_) {
        // A parcel that somebody else may open is theirs.
        if (d.contents.use_count() > 1) continue;
        // Its place may be another object's by now.
        const auto& slots = owner.slots();
        if (slots.why_not(d.handle, *d.cls) != slot_table::state::moved ||
            slots.pinned(d.handle))
            continue;
        try {
            bring_back(owner, d.handle, *d.cls, *d.contents);
        } catch (const std::exception&) {
            // It stays gone.
        }
    }
    gone_.clear();
}

napi_value to_js(environment& owner, value v) {
    return to_js_visitor{owner}.part(std::move(v));
}

value from_js(environment& owner, napi_value v, departures& gone) {
    return from_js_copier{owner, gone}.copy(v);
}

napi_value wire_to_js(napi_env env, const value& v) {
    napi_value r;
    if (const auto* s = v.as<std::string>()) return to_js(env, *s);
    if (const auto* b = v.as<value::bytes>()) return bytes_to_js(env, b->data);
    if (const auto* i = v.as<std::int64_t>()) {
        check(napi_create_bigint_int64(env, *i, &r));
        return r;
    }
    const auto* d = v.as<double>();
    check(napi_create_double(env, d ? *d : 0, &r));
    return r;
}

value wire_from_js(napi_env env, napi_value v) {
    std::span<std::byte> bytes;
    switch (type_of_value(env, v)) {
    case napi_string:
        return read_string(env, v);
    case napi_bigint: {
        std::uint64_t bits;
        if (!read_integer64(env, v, true, bits)) refuse("a bigint of 64 bits");
        return static_cast<std::int64_t>(bits);
    }
    case napi_number: {
        double d = 0;
        check(napi_get_value_double(env, v, &d));
        return d;
    }
    default:
        if (read_bytes(env, v, bytes) != bytes_state::there)
            refuse("a value of the class");
        return value::bytes{std::string{
            reinterpret_cast<const char*>(bytes.data()), bytes.size()}};
    }
}

} // namespace emilua::node
