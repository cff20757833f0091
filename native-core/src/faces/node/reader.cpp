// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/reader.hpp"

#include "core/attempted.hpp"
#include "faces/node/callback.hpp"
#include "faces/node/file_url.hpp"
#include "faces/node/names.hpp"
#include "faces/node/plain.hpp"
#include "modules/modules.hpp"

#include <algorithm>
#include <charconv>

namespace emilua::node {
namespace {

// What is expected instead is told from the description, by whoever catches.
[[noreturn]] void refuse() { throw argument_error{}; }

void wipe_bytes(char* at, std::size_t size) {
    // Volatile, or the compiler sees that nobody reads it.
    for (volatile char *p = at, *end = p + size; p != end; ++p) *p = 0;
}

} // namespace

// --- text --------------------------------------------------------------------

char* text_arena::allocate(std::size_t size) {
    if (size <= first_.size() - used_) {
        char* const r = first_.data() + used_;
        used_ += static_cast<std::uint32_t>(size);
        return r;
    }
    more_ = std::make_unique<block>(std::move(more_), std::string(size, '\0'));
    ++blocks_;
    return more_->text.data();
}

void text_arena::rewind(mark to) noexcept {
    if (secret_) wipe_bytes(first_.data() + to.used, used_ - to.used);
    used_ = to.used;
    for (; blocks_ > to.blocks; --blocks_) {
        if (secret_) wipe_bytes(more_->text.data(), more_->text.size());
        // Not in one step, which would destroy the next one first.
        auto next = std::move(more_->next);
        more_ = std::move(next);
    }
}

namespace {

// What names a file or a variable must not become another name.
void refuse_half_pairs(napi_env env, napi_value v, std::string_view utf8) {
    if (is_whole_text(env, v, utf8)) return;
    argument_error e;
    e.expected = "text without half of a surrogate pair";
    throw e;
}

} // namespace

// --- objects made of values --------------------------------------------------

void temporary_list::add(const class_description& cls, void* object) {
    if (count_ < few_.size()) {
        few_[count_] = {&cls, object};
    } else {
        if (!more_) more_ = std::make_unique<std::vector<temporary>>();
        more_->push_back({&cls, object});
    }
    ++count_;
}

void temporary_list::destroy() noexcept {
    const auto end = [](const temporary& t) {
        t.cls->destroy(t.object);
        slot_table::deallocate(t.object);
    };
    for (std::size_t i = 0; i < std::min(count_, few_.size()); ++i)
        end(few_[i]);
    if (more_) std::for_each(more_->begin(), more_->end(), end);
}

// Of alternatives each one asks, and JavaScript takes its time to answer.
template <class Base>
std::pair<const class_description*, napi_value>
js_reader<Base>::core_of(napi_value v) {
    if (v != asked_) {
        core_ = environment_.core_of(v);
        asked_ = v;
    }
    return core_;
}

// --- primitives --------------------------------------------------------------

template <class Base> bool js_reader<Base>::is_nil(place p) {
    const auto v = value_of(p);
    if (!v) return true;
    const auto kind = type_of_value(env_, v);
    return kind == napi_undefined || kind == napi_null;
}

template <class Base> type_kind js_reader<Base>::kind(place p) {
    const auto v = value_of(p);
    if (!v) return type_kind::nothing;
    if (v == asked_ && core_.first) return type_kind::object;
    switch (type_of_value(env_, v)) {
    case napi_undefined:
    case napi_null:
        return type_kind::nothing;
    case napi_boolean:
        return type_kind::boolean;
    case napi_number:
        return type_kind::number;
    case napi_bigint:
        return type_kind::integer64;
    case napi_string:
        return type_kind::string;
    case napi_function:
        return type_kind::callback;
    case napi_object:
        break;
    default:
        return type_kind::any;
    }
    std::span<std::byte> ignored;
    if (read_bytes(env_, v, ignored) != bytes_state::no_bytes)
        return type_kind::mutable_bytes;
    if (is_array(env_, v)) return type_kind::list;
    other_code_runs();
    return core_of(v).first ? type_kind::object : type_kind::record;
}

template <class Base> bool js_reader<Base>::boolean(place p) {
    bool r;
    const auto v = value_of(p);
    if (!v || napi_get_value_bool(env_, v, &r) != napi_ok) refuse();
    return r;
}

template <class Base> double js_reader<Base>::number(place p) {
    double r;
    const auto v = value_of(p);
    if (!v || napi_get_value_double(env_, v, &r) != napi_ok) refuse();
    return r;
}

template <class Base>
std::uint64_t js_reader<Base>::integer64(place p, bool is_signed) {
    std::uint64_t bits;
    const auto v = value_of(p);
    if (!v || !read_integer64(env_, v, is_signed, bits)) refuse();
    return bits;
}

template <class Base> std::string_view js_reader<Base>::string(place p) {
    const auto v = value_of(p);
    std::size_t size;
    // Most text is short: to ask for the size first would take as long again.
    const auto room = text_.room();
    if (v && room.size() >= 64) {
        if (napi_get_value_string_utf8(env_, v, room.data(), room.size(),
                                       &size) != napi_ok)
            refuse();
        // What does not fit is cut off, up to three bytes early.
        if (size + 4 < room.size()) {
            refuse_half_pairs(env_, v, {room.data(), size});
            return {text_.allocate(size + 1), size};
        }
    }
    if (!v || napi_get_value_string_utf8(env_, v, nullptr, 0, &size) != napi_ok)
        refuse();
    char* const to = text_.allocate(size + 1);
    check(napi_get_value_string_utf8(env_, v, to, size + 1, &size));
    refuse_half_pairs(env_, v, {to, size});
    return {to, size};
}

// --- buffers -----------------------------------------------------------------

template <class Base> inline unsigned js_reader<Base>::number_of(place buffer) {
    if constexpr (std::is_base_of_v<call, Base>) {
        const auto argument = this->reading;
        if (argument < argument_count_ &&
            at(arguments_[argument]).at == buffer.at &&
            argument < environment_.arguments_per_operation()) [[likely]]
            return argument;
        return number_inside(buffer, argument);
    } else {
        return no_bytes;
    }
}

template <class Base>
unsigned js_reader<Base>::number_inside(place buffer, unsigned argument) {
    const auto stride = environment_.arguments_per_operation();
    auto& inner = extra().inner_buffers;
    inner.push_back({value_of(buffer), argument, path_to(buffer)});
    return static_cast<unsigned>(inner.size()) * stride + argument % stride;
}

template <class Base>
std::span<std::byte> js_reader<Base>::bytes(place p, unsigned& number) {
    std::span<std::byte> r;
    const auto v = value_of(p);
    const auto state = v ? read_bytes(env_, v, r) : bytes_state::no_bytes;
    if (state == bytes_state::no_bytes) refuse();
    if (state == bytes_state::detached) {
        argument_error e;
        e.expected = "a buffer that is not detached";
        throw e;
    }
    number = number_of(p);
    bytes_ = r;
    if (!has_function_) bytes_number_ = number;
    return r;
}

template <class Base> mutable_bytes js_reader<Base>::writable(place p) {
    unsigned number;
    const auto b = bytes(p, number);
    return {b.data(), b.size(), number, buffers_};
}

template <class Base> const_bytes js_reader<Base>::readable(place p) {
    unsigned number;
    const auto b = bytes(p, number);
    return {b.data(), b.size(), number, buffers_};
}

// --- where a part is ---------------------------------------------------------

template <class Base>
std::size_t js_reader<Base>::depth_of(place p) const noexcept {
    auto n = depth_;
    while (n != 0 && parts_[n - 1].at != p.at) --n;
    return n;
}

template <class Base>
void js_reader<Base>::enter(std::size_t depth, const part& p) noexcept {
    if (depth == parts_.size()) {
        too_deep_ = true;
        return;
    }
    parts_[depth] = p;
    depth_ = depth + 1;
}

template <class Base> std::vector<path_step> js_reader<Base>::path_to(place p) {
    std::vector<path_step> path;
    for (auto n = too_deep_ ? 0 : depth_of(p); n != 0; --n) {
        const auto& step = parts_[n - 1];
        path.push_back({step.what,
                        step.key    ? read_string(env_, step.key)
                        : step.name ? step.name
                                    : "",
                        step.number});
    }
    return path;
}

// --- objects -----------------------------------------------------------------

template <class Base>
void* js_reader<Base>::from_wire(const class_description& cls,
                                 napi_value wire) {
    if (made_.wire == wire && made_.cls == &cls) return made_.object;
    std::unique_ptr<void, void (*)(void*)> memory{slot_table::allocate(cls),
                                                  &slot_table::deallocate};
    // Whoever made the instance may have made up what is inside.
    try {
        cls.from_wire(memory.get(), wire_from_js(env_, wire));
    } catch (const failure&) {
        refuse();
    } catch (const boost::system::system_error&) {
        refuse();
    }
    temporaries_.add(cls, memory.get());
    made_ = {&cls, wire, memory.get()};
    return memory.release();
}

template <class Base>
void* js_reader<Base>::no_object(std::int32_t h, const class_description& cls) {
    const auto why = environment_.slots().why_not(h, cls);
    if (why != slot_table::state::usable) refuse_object(why);
    return nullptr;
}

template <class Base>
void js_reader<Base>::refuse_if_shared(std::int32_t h) const {
    if (environment_.slots().pins(h) > objects_.pins(h))
        refuse_object(slot_table::state::taken);
}

template <class Base>
const parameter* js_reader<Base>::parameter_of(napi_value v) const {
    if constexpr (std::is_base_of_v<call, Base>) {
        const auto i = this->reading;
        if (i < argument_count_ && arguments_[i] == v &&
            i < parameters_->size())
            return &(*parameters_)[i];
    }
    return nullptr;
}

template <class Base>
void* js_reader<Base>::instance(napi_value v, const class_description& cls,
                                bool alone, slot_table::handle& h) {
    other_code_runs();
    const auto [actual, core] = core_of(v);
    if (actual != &cls) {
        if (!described(cls).text_will_do) return nullptr;
        if (type_of_value(env_, v) == napi_string) {
            refuse_half_pairs(env_, v, read_string(env_, v));
            return from_wire(cls, v);
        }
        if (!is_path(cls)) return nullptr;
        const auto url = text_of_url(env_, v);
        if (!url) return nullptr;
        const auto path = path_of_file_url(*url);
        if (!path) {
            argument_error e;
            e.expected =
                url->starts_with("file:")
                    ? "a file: URL without a host and with no slash encoded"
                    : "a path or a file: URL, not " + *url;
            throw e;
        }
        return from_wire(cls, bytes_to_js(env_, *path));
    }
    if (cls.is_value()) return from_wire(cls, core);
    napi_get_value_int32(env_, core, &h);
    void* const o = object_of(h, cls, alone);
    if (o && extra_ && environment_.slots().pins(h) > 1 &&
        std::ranges::count(extra_->consumed, h) != 0)
        refuse_object(slot_table::state::taken);
    return o;
}

template <class Base>
void* js_reader<Base>::object(place p, const class_description& cls) {
    const auto v = value_of(p);
    slot_table::handle h = 0;
    return v ? instance(v, cls, for_thread_, h) : nullptr;
}

template <class Base>
void* js_reader<Base>::consumable(place p, const class_description& cls) {
    const auto v = value_of(p);
    slot_table::handle h = 0;
    void* const o = v ? instance(v, cls, true, h) : nullptr;
    if (!o || h == 0) return o;
    // Not twice in this call, either.
    if (environment_.slots().pins(h) > 1)
        refuse_object(slot_table::state::taken);
    extra().consumed.push_back(h);
    return o;
}

template <class Base>
std::shared_ptr<program_function> js_reader<Base>::function(place p) {
    const auto v = value_of(p);
    if (!v || type_of_value(env_, v) != napi_function) refuse();
    has_function_ = true;
    other_code_runs();
    auto& scope = extra().scope;
    if (!scope) scope = std::make_shared<char>();
    return std::make_shared<js_function>(environment_, v, parameter_of(v),
                                         scope);
}

template <class Base> value js_reader<Base>::any(place p) {
    const auto v = value_of(p);
    if (!v) return {};
    other_code_runs();
    departures gone;
    auto r = from_js(environment_, v, gone);
    if (!gone.empty()) extra().departed.add(std::move(gone));
    return r;
}

// --- containers --------------------------------------------------------------

template <class Base> std::size_t js_reader<Base>::size(place list) {
    const auto v = value_of(list);
    if (!v || !is_array(env_, v)) refuse();
    std::uint32_t n;
    check(napi_get_array_length(env_, v, &n));
    return n;
}

template <class Base>
place js_reader<Base>::element(place list, std::size_t i) {
    other_code_runs();
    part_ = text_.now();
    napi_value v;
    const auto depth = depth_of(list);
    check(napi_get_element(env_, value_of(list), static_cast<std::uint32_t>(i),
                           &v));
    const auto r = at(v);
    enter(depth, {r.at, path_step::kind::index, nullptr, nullptr,
                  static_cast<std::int64_t>(i)});
    return r;
}

template <class Base>
place js_reader<Base>::field(place record, const char* name) {
    other_code_runs();
    part_ = text_.now();
    napi_value v;
    const auto depth = depth_of(record);
    check(napi_get_named_property(env_, value_of(record),
                                  camel_cased{name}.c_str(), &v));
    const auto r = at(v);
    enter(depth, {r.at, path_step::kind::field, name, nullptr, 0});
    return r;
}

template <class Base> std::string js_reader<Base>::spelled(const char* name) {
    return camel_case(name);
}

template <class Base>
bool js_reader<Base>::spells(std::string_view key, const char* name) {
    return camel_cased{name}.view() == key;
}

template <class Base> napi_value js_reader<Base>::entry_value() {
    auto& e = *entry_;
    if (!e.v) {
        other_code_runs();
        check(napi_get_property(env_, e.table, e.key, &e.v));
    }
    return e.v;
}

template <class Base>
void js_reader<Base>::visit(napi_value name, entry_visitor& visitor) {
    part_ = text_.now();
    std::string_view key;
    try {
        key = string(at(name));
    } catch (argument_error& e) {
        e.expected = "a name of whole characters, not half of a surrogate pair";
        e.path.push_back({path_step::kind::key, escaped_text(env_, name), 0});
        throw;
    }
    if (visitor.integer_keys) {
        std::int64_t i;
        const auto* end = key.data() + key.size();
        const auto [stop, ec] = std::from_chars(key.data(), end, i);
        // Two keys that mean one number would become one.
        if (ec == std::errc{} && stop == end && key == std::to_string(i)) {
            auto& here = parts_[depth_ - 1];
            here = {current_entry, path_step::kind::number, nullptr, nullptr,
                    i};
            return visitor.integer_key(i, {current_entry});
        }
    }
    visitor.text_key(key, {current_entry});
}

template <class Base>
void js_reader<Base>::entries(place table, entry_visitor& visitor) {
    const auto v = value_of(table);
    other_code_runs();
    const auto names = own_keys(env_, v);
    std::uint32_t size;
    check(napi_get_array_length(env_, names, &size));
    entry here;
    auto* const outer = std::exchange(entry_, &here);
    const auto depth = depth_of(table);
    for (std::uint32_t i = 0; i < size; ++i) {
        here = {v, nullptr, nullptr};
        check(napi_get_element(env_, names, i, &here.key));
        enter(depth,
              {current_entry, path_step::kind::key, nullptr, here.key, 0});
        visit(here.key, visitor);
    }
    depth_ = depth;
    entry_ = outer;
}

template <class Base> void js_reader<Base>::forget(place) {
    text_.rewind(part_);
}

template class js_reader<call>;
template class js_reader<reader>;

} // namespace emilua::node
