// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/direct_call.hpp"

#include "faces/lua/direct.hpp"
#include "faces/lua/objects.hpp"
#include "faces/lua/results.hpp"
#include "faces/lua/vm.hpp"

namespace emilua::lua {

/// Reads what the prelude put into the frame: the buffer is at place 1, the
/// slots are behind it, and what is in a list begins at `elements`.
class direct_calls::reader final : public direct_arguments {
public:
    reader(lua_vm& v, direct_frame& frame, const byte_span_header& s,
           results& out) noexcept
        : direct_arguments{v}, frame_{frame}, span_{s}, out_{out} {
        only_now = true;
    }

    unsigned count() override {
        return 1 + static_cast<unsigned>(frame_.slots.size());
    }
    place argument(unsigned i) override {
        if (i == 0) return {1};
        if (i > frame_.slots.size() ||
            frame_.slots[i - 1].kind == direct_frame::nothing)
            return {};
        return {static_cast<std::intptr_t>(i) + 1};
    }
    results& out() override { return out_; }

    type_kind kind(place p) override {
        if (p.at == 0) return type_kind::nothing;
        if (p.at == 1) return type_kind::mutable_bytes;
        if (p.at >= elements) return type_kind::object;
        switch (slot(p).kind) {
        case direct_frame::number:
            return type_kind::number;
        case direct_frame::list:
            return type_kind::list;
        default:
            return type_kind::object;
        }
    }
    bool is_nil(place p) override { return p.at == 0; }
    double number(place p) override {
        return slot(p, direct_frame::number).number;
    }
    mutable_bytes writable(place p) override {
        if (p.at != 1) refuse_directly();
        return {span_.data, static_cast<std::size_t>(span_.length)};
    }
    const_bytes readable(place p) override {
        if (p.at != 1) refuse_directly();
        return {span_.data, static_cast<std::size_t>(span_.length)};
    }
    void* object(place p, const class_description& cls) override {
        if (p.at <= 1) return nullptr;
        const auto* userdata = p.at >= elements ? element_at(p)
                               : slot(p).kind == direct_frame::object
                                   ? slot(p).pointer
                                   : nullptr;
        if (!userdata || static_cast<const tagged*>(userdata)->tag != &cls)
            return nullptr;
        return static_cast<std::byte*>(const_cast<void*>(userdata)) +
               object_offset;
    }
    std::size_t size(place list) override {
        return static_cast<std::size_t>(slot(list, direct_frame::list).number);
    }
    place element(place list, std::size_t i) override {
        list_ = &slot(list, direct_frame::list);
        return {elements + static_cast<std::intptr_t>(i)};
    }

private:
    static constexpr std::intptr_t elements = 16;

    const direct_frame::slot& slot(place p) const {
        if (p.at < 2 || p.at >= elements) refuse_directly();
        return frame_.slots[static_cast<std::size_t>(p.at) - 2];
    }
    const direct_frame::slot& slot(place p, direct_frame::kind k) const {
        const auto& s = slot(p);
        if (s.kind != k) refuse_directly();
        return s;
    }
    const void* element_at(place p) const noexcept {
        return static_cast<const void* const*>(list_->pointer)[p.at - elements];
    }

    direct_frame& frame_;
    const byte_span_header& span_;
    results& out_;
    const direct_frame::slot* list_ = nullptr;
};

/// Keeps results until Lua takes them.
class direct_calls::writer final : public direct_results {
public:
    explicit writer(direct_calls& to) noexcept : to_{to} {}

    bool written() const noexcept { return written_; }

    void number(double v) override {
        written_ = true;
        to_.frame.numbers[numbers_++] = v;
    }
    void* begin_object(const class_description& cls) override {
        cls_ = &cls;
        return to_.made_.emplace_back().memory.data();
    }
    void end_object() override {
        to_.made_.back().cls = cls_;
        if (!in_list_) to_.find_kept();
    }
    void begin_list(std::size_t size) override {
        // They do not move while one is made.
        to_.made_.reserve(size);
        in_list_ = true;
    }
    void end() override {}

private:
    direct_calls& to_;
    const class_description* cls_ = nullptr;
    std::size_t numbers_ = 0;
    bool in_list_ = false;
    bool written_ = false;
};

std::int32_t direct_calls::call(lua_vm& v, const member& m, void* userdata,
                                const byte_span_header& s,
                                double turn) noexcept {
    if (static_cast<const tagged*>(userdata)->tag != m.cls ||
        frame.turn != turn || !v.may_suspend())
        return direct::not_done;
    drop();
    writer out{*this};
    reader c{v, frame, s, out};
    c.self = static_cast<std::byte*>(userdata) + object_offset;
    try {
        m.invoke(c);
        if (out.written()) return 0;
        return c.in_vain ? direct::in_vain : direct::not_done;
    } catch (failure& f) {
        return fail_directly(v, m, std::move(f));
    } catch (const argument_error&) {
        // Whoever calls it by other means hears of it.
        return direct::not_done;
    } catch (const std::exception& e) {
        return fail_directly(v, m, failure{error_of(e)});
    }
}

void direct_calls::drop() noexcept {
    for (auto& o : made_)
        if (o.cls) o.cls->destroy(o.memory.data());
    made_.clear();
}

void direct_calls::find_kept() {
    const auto& o = made_.back();
    frame.kept = place_ = -1;
    const auto& cls = *o.cls;
    const void* const value = o.memory.data();
    if (!cls.hash || (cls.can_change && cls.can_change(value))) return;
    place_ = static_cast<std::int32_t>(cls.hash(value) % kept_.size());
    const auto* there = kept_[static_cast<std::size_t>(place_)];
    if (there && header_of(const_cast<void*>(there)).tag == o.cls &&
        o.cls->same(there, o.memory.data()))
        frame.kept = place_;
}

void direct_calls::push_object(lua_State* L) {
    auto& o = made_.front();
    o.cls->relocate(push_raw_object(L, *o.cls), o.memory.data());
    finish_raw_object(L);
}

void direct_calls::keep_object(lua_State* L, int index) {
    if (place_ < 0) return;
    auto* const object =
        static_cast<std::byte*>(lua_touserdata(L, -1)) + object_offset;
    lua_pushvalue(L, -1);
    lua_rawseti(L, index, place_ + 1);
    kept_[static_cast<std::size_t>(place_)] = object;
}

void direct_calls::push_list(lua_State* L) {
    lua_createtable(L, static_cast<int>(made_.size()), 0);
    int n = 0;
    for (auto& o : made_) {
        o.cls->relocate(push_raw_object(L, *o.cls), o.memory.data());
        finish_raw_object(L);
        lua_rawseti(L, -2, ++n);
    }
}

} // namespace emilua::lua
