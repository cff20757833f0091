// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/direct.hpp"

#include "faces/node/messages.hpp"
#include "faces/node/reading.hpp"
#include "modules/modules.hpp"

namespace emilua::node {
namespace {

/// Keeps results until JavaScript takes them.
class direct_writer final : public direct_results {
public:
    explicit direct_writer(environment& owner) noexcept
        : owner_{owner}, frame_{owner.direct()} {}
    ~direct_writer() {
        // An object was not made: its constructor threw.
        slot_table::deallocate(object_memory_);
    }
    direct_writer(const direct_writer&) = delete;
    direct_writer& operator=(const direct_writer&) = delete;

    bool written() const noexcept { return numbers_ != 0; }
    /// What JavaScript makes an instance of, or a list of them.
    napi_value made() const noexcept { return made_; }

    void number(double v) override { frame_.numbers[numbers_++] = v; }
    void* begin_object(const class_description& cls) override {
        cls_ = cls.module ? &cls : &described(cls);
        if (cls.is_value()) return value_memory_.data();
        return object_memory_ = slot_table::allocate(cls);
    }
    void end_object() override {
        if (cls_->is_value()) return end_value();
        napi_value h;
        const auto handle =
            owner_.slots().add(*cls_, std::exchange(object_memory_, nullptr));
        check(napi_create_int32(owner_.env(), handle, &h));
        if (!in_list_) return return_new(h, -1);
        check(napi_set_element(owner_.env(), made_, size_++, h));
    }
    void begin_list(std::size_t size) override {
        in_list_ = true;
        check(napi_create_array_with_length(owner_.env(), size, &made_));
    }
    void end() override {
        frame_.place = -1;
        frame_.cls = size_ == 0 ? -1 : -2 - owner_.class_id(*cls_);
    }

private:
    void end_value() {
        const auto to = owner_.known().enter(*cls_, value_memory_.data());
        frame_.place = to.place;
        if (to.is_new) frame_.untaken = to.place;
        void* const there = owner_.known().find(to.place, *cls_);
        if (!there || to.is_new)
            return_new(
                wire_to_js(owner_.env(),
                           cls_->to_wire(there ? there : value_memory_.data())),
                to.place);
        cls_->destroy(value_memory_.data());
    }
    void return_new(napi_value core, std::int32_t place) {
        made_ = core;
        frame_.place = place;
        frame_.cls = owner_.class_id(*cls_);
    }

    environment& owner_;
    direct_frame& frame_;
    std::size_t numbers_ = 0;
    napi_value made_ = nullptr;
    std::uint32_t size_ = 0;
    bool in_list_ = false;
    const class_description* cls_ = nullptr;
    void* object_memory_ = nullptr;
    alignas(std::max_align_t)
        std::array<std::byte, direct_form::largest_object> value_memory_;
};

/// Reads the frame: the buffer is at place 1, the other arguments are behind
/// it, and what is in a list begins at `elements`.
class direct_reader final : public direct_arguments {
public:
    direct_reader(environment& owner, std::span<std::byte> bytes,
                  direct_writer& out) noexcept
        : direct_arguments{owner}, owner_{owner}, frame_{owner.direct()},
          bytes_{bytes}, out_{out} {}

    /// Those that it uses.
    pin_list objects;

    unsigned count() override {
        return 1 + static_cast<unsigned>(direct_form::most_arguments);
    }
    place argument(unsigned i) override {
        if (i == 0) return {1};
        if (i > direct_form::most_arguments ||
            frame_.kind_of(i - 1) == direct_frame::nothing)
            return {};
        return {static_cast<std::intptr_t>(i) + 1};
    }
    results& out() override { return out_; }

    type_kind kind(place p) override {
        if (p.at == 0) return type_kind::nothing;
        if (p.at == 1) return type_kind::mutable_bytes;
        if (p.at >= elements) return type_kind::object;
        switch (frame_.kind_of(index(p))) {
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
        return argument_of(p, direct_frame::number);
    }
    mutable_bytes writable(place p) override {
        if (p.at != 1) refuse_directly();
        return {bytes_.data(), bytes_.size(), buffer_number};
    }
    const_bytes readable(place p) override {
        if (p.at != 1) refuse_directly();
        return {bytes_.data(), bytes_.size(), buffer_number};
    }
    void* object(place p, const class_description& cls) override {
        if (p.at <= 1) return nullptr;
        if (p.at >= elements)
            return object_of(
                frame_.objects[static_cast<std::size_t>(p.at - elements)], cls);
        const auto i = index(p);
        switch (frame_.kind_of(i)) {
        case direct_frame::value:
            return owner_.known().find(frame_.arguments[i], cls);
        case direct_frame::object:
            return object_of(frame_.arguments[i], cls);
        default:
            return nullptr;
        }
    }
    std::size_t size(place list) override {
        const auto n = argument_of(list, direct_frame::list);
        if (n < 0 || n > static_cast<std::int32_t>(frame_.objects.size()))
            refuse_directly();
        return static_cast<std::size_t>(n);
    }
    place element(place, std::size_t i) override {
        return {elements + static_cast<std::intptr_t>(i)};
    }

private:
    static constexpr std::intptr_t elements = 16;
    static constexpr unsigned buffer_number = 0;

    void* object_of(slot_table::handle h, const class_description& cls) {
        void* const o = owner_.slots().find(h, cls);
        if (o) objects.push(owner_.slots(), h);
        return o;
    }
    static std::size_t index(place p) {
        if (p.at < 2 || p.at >= elements) refuse_directly();
        return static_cast<std::size_t>(p.at) - 2;
    }
    std::int32_t argument_of(place p, direct_frame::kind k) const {
        const auto i = index(p);
        if (frame_.kind_of(i) != k) refuse_directly();
        return frame_.arguments[i];
    }

    environment& owner_;
    const direct_frame& frame_;
    const std::span<std::byte> bytes_;
    direct_writer& out_;
};

void finish(operation* started, direct_writer& out) {
    const auto destroy = [](operation* op) { op->destroy(); };
    const std::unique_ptr<operation, decltype(destroy)> op{started, destroy};
    // The call by other means finds out that the buffer is gone.
    if (op->buffer_lost) return;
    throw_if_failed(*op);
    op->deliver(out);
}

// Calls `m`, and gives what JavaScript makes an instance of.
napi_value make_call(const bound_member& m, slot_table::handle h, void* self,
                     std::span<std::byte> bytes) {
    auto& owner = *m.owner;
    auto& frame = owner.direct();
    direct_writer out{owner};
    direct_reader c{owner, bytes, out};
    c.self = self;
    c.objects.push(owner.slots(), h);
    buffer_of_call source{bytes};
    auto* const outer = owner.starting(&source);
    const auto restore = [&](void*) { owner.starting(outer); };
    const std::unique_ptr<void, decltype(restore)> guard{&source, restore};
    try {
        m.invoke(c);
        if (c.started && is_done(*c.started)) {
            finish(c.started, out);
        } else if (c.started) {
            owner.wait_for(*c.started, static_cast<std::uint32_t>(frame.id),
                           m.description, std::move(c.objects), self, false,
                           nullptr);
            frame.became = direct_frame::waits;
            return nullptr;
        }
        if (out.written()) frame.became = direct_frame::done;
        return out.made();
    } catch (failure& f) {
        owner.failed_directly = std::move(f);
    } catch (const argument_error&) {
        // The call by other means says what is wrong.
    } catch (const javascript_error&) {
        // JavaScript has thrown it, or ends.
    } catch (const std::exception& e) {
        owner.failed_directly = failure{error_of(e)};
    }
    return nullptr;
}

} // namespace

napi_value call_directly(napi_env env, napi_callback_info info) {
    napi_value buffer = nullptr;
    std::size_t count = 1;
    void* data = nullptr;
    napi_get_cb_info(env, info, &count, &buffer, nullptr, &data);
    const auto& m = *static_cast<const bound_member*>(data);
    auto& owner = *m.owner;
    auto& frame = owner.direct();
    // What begins now may run JavaScript, and so another call.
    const bool began = owner.start_submitted();
    frame.became = direct_frame::not_done;
    if (began) return nullptr;
    owner.forget_untaken();
    const auto h = frame.self;
    void* const self = owner.slots().find(h, *m.cls);
    if (!self ||
        static_cast<std::uint32_t>(frame.id) >= environment::most_operations)
        return nullptr;
    std::span<std::byte> bytes;
    if (count == 0) {
        const auto copied =
            owner.copied_to_write(static_cast<std::uint32_t>(frame.size));
        if (!copied) return nullptr;
        bytes = *copied;
    } else if (read_bytes(env, buffer, bytes) != bytes_state::there) {
        return nullptr;
    }
    return make_call(m, h, self, bytes);
}

} // namespace emilua::node
