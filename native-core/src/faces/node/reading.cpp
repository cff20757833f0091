// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/reading.hpp"

namespace emilua::node {
namespace {

/// By `op`, into `bytes`, which `source` has. Throws what the method does.
void start_reading(const bound_member& m, void* self, reading& op,
                   std::span<std::byte> bytes, buffer_source& source) {
    mutable_bytes buffer{bytes.data(), bytes.size(), 0};
    buffer.bind(op);
    auto* const outer = m.owner->starting(&source);
    try {
        m.description.read_into(self, buffer, handler<std::size_t>{op});
        m.owner->starting(outer);
    } catch (...) {
        m.owner->starting(outer);
        detail::abandon(op);
        throw;
    }
}

/// Whether the object of `h` now has `buffer`, the bytes of which these are.
bool repeat(const bound_member& m, slot_table::handle h, napi_value buffer,
            std::span<std::byte> bytes) {
    auto& slots = m.owner->slots();
    // An operation that waits may refer to what it had before.
    if (slots.pinned(h)) return false;
    napi_value array_buffer;
    check(napi_get_typedarray_info(m.owner->env(), buffer, nullptr, nullptr,
                                   nullptr, &array_buffer, nullptr));
    slots.attach(h, std::make_unique<repeated_read>(m, array_buffer, bytes));
    return true;
}

/// The error of a read that cannot be started, as a call would have given it.
std::exception_ptr error_of_call(const bound_member& m, std::uint32_t id,
                                 slot_table::handle h) {
    auto& owner = *m.owner;
    // What is wrong is the receiver.
    node_call::arguments a{m, id, h, undefined(owner.env())};
    node_call c{a};
    const auto error = c.start();
    return std::make_exception_ptr(javascript_error{
        nullptr, std::make_shared<kept_value>(owner.env(), error)});
}

} // namespace

repeated_read::repeated_read(const bound_member& m, napi_value array_buffer,
                             std::span<std::byte> bytes)
    : member{m}, owner_{*m.owner}, bytes_{bytes} {
    // It does not keep it.
    check(
        napi_create_reference(m.owner->env(), array_buffer, 0, &array_buffer_));
}

repeated_read::~repeated_read() {
    if (kept_) next().destroy();
    // What the environment still has goes with it.
    if (!owner_.doomed) napi_delete_reference(owner_.env(), array_buffer_);
}

reading& repeated_read::next() {
    if (!kept_) return owner_.start_operation<reading>();
    auto& op = *std::exchange(kept_, nullptr);
    ++owner_.outstanding;
    op.progress.store(operation::state::initiating, std::memory_order_relaxed);
    op.cancel_requested = false;
    return op;
}

void repeated_read::keep(reading& op) noexcept {
    // Two reads waited at once.
    if (kept_) return op.destroy();
    --owner_.outstanding;
    kept_ = &op;
}

bool repeated_read::buffer_now(unsigned, std::span<std::byte>& out) {
    const auto env = owner_.env();
    napi_value v = nullptr;
    bool detached = true;
    napi_get_reference_value(env, array_buffer_, &v);
    if (v) napi_is_detached_arraybuffer(env, v, &detached);
    if (!detached) out = bytes_;
    return !detached;
}

// What takes nothing but a buffer needs little of what other calls do. Whatever
// is wrong with it, those say.
napi_value call_reading(napi_env env, napi_callback_info info) {
    using status = environment::status;
    std::array<napi_value, 4> given{};
    auto count = given.size();
    void* data = nullptr;
    napi_get_cb_info(env, info, &count, given.data(), nullptr, &data);
    const auto& m = *static_cast<const bound_member*>(data);
    auto& owner = *m.owner;
    owner.start_submitted();
    std::uint32_t id = 0;
    std::int32_t handle = 0;
    std::span<std::byte> bytes;
    napi_get_value_int32(env, given[1], &handle);
    void* const self = owner.slots().find(handle, *m.cls);
    if (count < 3 || !self ||
        read_bytes(env, given[2], bytes) != bytes_state::there ||
        napi_get_value_uint32(env, given[0], &id) != napi_ok ||
        id >= environment::most_operations) {
        node_call::arguments a{env, info};
        return node_call{a}.start();
    }
    try {
        if (count > 3 && repeat(m, handle, given[2], bytes)) owner.tell_more(1);
        buffer_of_call source{bytes};
        auto& op = owner.start_operation<reading>();
        start_reading(m, self, op, bytes, source);
        if (!is_done(op)) {
            owner.wait_for_read(op, id, m.description, handle, self, nullptr);
            owner.tell(status::pending);
            return nullptr;
        }
        if (!op.error && !op.buffer_lost) {
            napi_value n;
            check(napi_create_uint32(
                env, static_cast<std::uint32_t>(std::get<0>(*op.values)), &n));
            op.destroy();
            owner.tell(status::returned);
            return n;
        }
        node_call::arguments a{env, info};
        return node_call{a}.finish(op, self);
    } catch (...) {
        node_call::arguments a{env, info};
        owner.tell(status::failed);
        return node_call{a}.error();
    }
}

void start_repeated_read(environment& owner, std::uint32_t id,
                         slot_table::handle h) {
    auto* again = static_cast<repeated_read*>(owner.slots().attached(h));
    const auto& m = again->member;
    void* const self = owner.slots().find(h, *m.cls);
    std::exception_ptr failed;
    if (self) {
        try {
            auto& op = again->next();
            start_reading(m, self, op, again->bytes(), *again);
            const bool done = is_done(op);
            owner.wait_for_read(op, id, m.description, h, self, again);
            if (done) owner.completed(op);
            return;
        } catch (...) {
            failed = std::current_exception();
        }
    } else {
        failed = error_of_call(m, id, h);
    }
    auto& op = owner.start_operation<reading>();
    op.fail_with(failed);
    owner.wait_for(op, id, m.description, {}, self, false, nullptr);
    owner.completed(op);
}

std::int32_t end_repeated_read(repeated_read& again, operation& op) noexcept {
    auto& read = static_cast<reading&>(op);
    const auto n = static_cast<std::int32_t>(std::get<0>(*read.values));
    again.keep(read);
    return n;
}

} // namespace emilua::node
