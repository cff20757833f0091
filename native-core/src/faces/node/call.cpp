// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/call.hpp"

#include "core/refusals.hpp"
#include "faces/node/names.hpp"
#include "modules/modules.hpp"

namespace emilua::node {
namespace {

/// What an operation keeps of the call that started it, beside its objects.
class call_parts final : public operation_parts {
public:
    call_parts(environment& owner, temporary_list values) noexcept
        : temporaries_{std::move(values)}, owner_{owner} {}
    ~call_parts() override {
        for (auto& b : buffers_) napi_delete_reference(owner_.env(), b.ref);
    }
    call_parts(const call_parts&) = delete;
    call_parts& operator=(const call_parts&) = delete;

    void keep_buffer(napi_value v, unsigned argument,
                     std::vector<path_step> path) {
        napi_ref r;
        check(napi_create_reference(owner_.env(), v, 1, &r));
        buffers_.push_back({r, argument, std::move(path)});
    }

    bool buffer_now(unsigned number, std::span<std::byte>& out) override {
        napi_value v = nullptr;
        const auto i = number / owner_.arguments_per_operation() - 1;
        napi_get_reference_value(owner_.env(), buffers_[i].ref, &v);
        return v && read_bytes(owner_.env(), v, out) == bytes_state::there;
    }
    argument_error loss_of(unsigned number) const override {
        const auto& b = buffers_[number / owner_.arguments_per_operation() - 1];
        return loss_of_buffer(b.argument, b.path);
    }
    void failed() noexcept override { departed.come_back(owner_); }

    departures departed;
    /// Of the functions that were given.
    std::shared_ptr<void> scope;

private:
    // For the thread of the pool.
    temporary_list temporaries_;
    struct buffer {
        napi_ref ref;
        unsigned argument;
        std::vector<path_step> path;
    };

    environment& owner_;
    std::vector<buffer> buffers_;
};

} // namespace

node_call::arguments::arguments(napi_env env, napi_callback_info info)
    : count{inline_arguments} {
    void* data = nullptr;
    napi_get_cb_info(env, info, &count, values.data(), nullptr, &data);
    member = static_cast<const bound_member*>(data);
    member->owner->start_submitted();
    if (count <= inline_arguments) return;
    more = std::make_unique<napi_value[]>(count);
    napi_get_cb_info(env, info, &count, more.get(), nullptr, nullptr);
}

node_call::arguments::arguments(const bound_member& m, std::uint32_t id,
                                slot_table::handle h, napi_value argument)
    : count{3}, member{&m} {
    const auto env = m.owner->env();
    check(napi_create_uint32(env, id, &values[0]));
    check(napi_create_int32(env, h, &values[1]));
    values[2] = argument;
}

// A function that suspends has an unused receiver, so that all that suspend
// are called alike. The array has room for operation and receiver even if
// JavaScript gave neither.
node_call::node_call(arguments& from)
    : js_reader{*from.member->owner, *from.member->owner},
      member_{*from.member}, results_{environment_,
                                      &member_.description.result_names,
                                      member_.description.kind ==
                                              member_kind::constructor
                                          ? node_results::objects::raw
                                          : node_results::objects::named},
      all_{from.more ? from.more.get() : from.values.data()},
      first_{member_.suspends ? 2U
                              : member_.self != bound_member::receiver::none} {
    arguments_ = all_ + first_;
    argument_count_ =
        from.count > first_ ? static_cast<unsigned>(from.count) - first_ : 0;
    parameters_ = &member_.description.parameters;
    buffers_ = this;
    text_.secret(member_.takes_secret);
    for_thread_ =
        member_.suspends && member_.description.blocks != blocking::no;
}

void throw_if_failed(operation& op) {
    if (op.exception) std::rethrow_exception(op.exception);
    if (!op.error) return;
    failure f{op.error, op.syscall, op.argument};
    if (op.expected) f.expected = std::move(*op.expected);
    if (op.path) f.path = std::move(*op.path);
    throw f;
}

// --- the receiver ------------------------------------------------------------

void node_call::find_receiver() {
    if (member_.self == bound_member::receiver::none) return;
    try {
        self = receiver_of(all_[first_ - 1]);
        if (self) return;
    } catch (const argument_error& e) {
        if (e.code.value() != EINVAL) {
            failure f{e.code, nullptr, "this"};
            f.expected = e.expected;
            if (e.code.value() == EBUSY)
                f.expected += ": await the call that uses it";
            throw f;
        }
    }
    const type t{.kind = type_kind::object, .cls = member_.cls};
    auto expected = expectation(t);
    const auto& m = member_.description;
    if (m.kind == member_kind::method)
        expected += ": call object." + camel_case(m.name) + "(…)";
    throw_invalid_argument("this", std::move(expected));
}

void* node_call::receiver_of(napi_value v) {
    const auto& cls = *member_.cls;
    if (member_.self == bound_member::receiver::value)
        return type_of_value(env_, v) == napi_undefined ? nullptr
                                                        : from_wire(cls, v);
    std::int32_t h = 0;
    napi_get_value_int32(env_, v, &h);
    if (member_.description.fixed)
        if (void* const o = environment_.slots().find_fixed(h, cls)) return o;
    return object_of(h, cls, for_thread_);
}

void node_call::return_receiver() {
    if (member_.self != bound_member::receiver::value || !results_.empty())
        return;
    if (!member_.description.result_types.empty()) return;
    results_.instance(*member_.cls,
                      wire_to_js(env_, member_.cls->to_wire(self)));
}

// --- calls -------------------------------------------------------------------

void node_call::check_right() const {
    if (member_.description.master_only && !environment_.is_master())
        throw failure{make_error_code(errc::only_master_vm)};
}

napi_value node_call::run() {
    try {
        check_right();
        find_receiver();
        member_.invoke(*this);
        consume();
        return_receiver();
        return results_.finish();
    } catch (...) {
        napi_throw(env_, error());
        return nullptr;
    }
}

napi_value node_call::start() {
    using status = environment::status;
    try {
        if (environment_.failed_directly) [[unlikely]] {
            auto f = std::exchange(environment_.failed_directly, std::nullopt);
            // Why it failed may lie in whether that is open.
            find_receiver();
            throw std::move(*f);
        }
        check_right();
        const auto id = operation_id();
        find_receiver();
        start_operation();
        if (!started) return results_.finish_promptly();
        if (started->progress.load(std::memory_order_relaxed) ==
            operation::state::done) {
            return finish_at_once();
        }
        wait(id);
        environment_.tell(status::pending);
        return nullptr;
    } catch (...) {
        environment_.tell(status::failed);
        return error();
    }
}

napi_value node_call::finish(operation& op, void* receiver) noexcept {
    try {
        self = receiver;
        started = &op;
        return finish_at_once();
    } catch (...) {
        environment_.tell(environment::status::failed);
        return error();
    }
}

napi_value node_call::fail(failure f) noexcept {
    try {
        throw std::move(f);
    } catch (...) {
        return error();
    }
}

std::uint32_t node_call::operation_id() const {
    std::uint32_t id;
    check(napi_get_value_uint32(env_, all_[0], &id));
    if (id >= environment::most_operations)
        throw_invalid_argument("id", "the number of an operation");
    return id;
}

void node_call::start_operation() {
    // A getter among the arguments may call us again.
    auto* const outer = environment_.starting(this);
    const auto restore = [&](void*) { environment_.starting(outer); };
    const std::unique_ptr<void, decltype(restore)> guard{this, restore};
    member_.invoke(*this);
    consume();
}

napi_value node_call::finish_at_once() {
    using status = environment::status;
    const auto destroy = [](operation* op) { op->destroy(); };
    const std::unique_ptr<operation, decltype(destroy)> op{started, destroy};
    if (op->buffer_lost) {
        environment_.tell(status::failed);
        return environment_.lost_buffer(member_.description,
                                        loss_of(last_buffer_));
    }
    throw_if_failed(*op);
    op->deliver(results_);
    return results_.finish_promptly();
}

void node_call::wait(std::uint32_t id) {
    auto p = parts();
    environment_.wait_for(
        *started, id, member_.description, std::move(objects_),
        member_.self == bound_member::receiver::value ? nullptr : self,
        for_thread_, std::move(p));
}

std::unique_ptr<operation_parts> node_call::parts() {
    if (!extra_ && (!for_thread_ || temporaries_.empty())) return nullptr;
    auto p = std::make_unique<call_parts>(
        environment_, for_thread_ ? std::move(temporaries_) : temporary_list{});
    if (!extra_) return p;
    for (auto& b : extra_->inner_buffers)
        p->keep_buffer(b.v, b.argument, std::move(b.path));
    p->departed = std::move(extra_->departed);
    p->scope = std::move(extra_->scope);
    return p;
}

bool node_call::buffer_now(unsigned number, std::span<std::byte>& out) {
    last_buffer_ = number;
    if (number == bytes_number_) {
        out = bytes_;
        return true;
    }
    const auto stride = environment_.arguments_per_operation();
    const auto v = number < stride
                       ? arguments_[number]
                       : extra_->inner_buffers[number / stride - 1].v;
    return read_bytes(env_, v, out) == bytes_state::there;
}

argument_error node_call::loss_of(unsigned number) const {
    const auto stride = environment_.arguments_per_operation();
    if (number < stride) return loss_of_buffer(number, {});
    const auto& b = extra_->inner_buffers[number / stride - 1];
    return loss_of_buffer(b.argument, b.path);
}

std::span<std::byte> node_call::buffer_of_call(unsigned number,
                                               bool had_bytes) {
    std::span<std::byte> r;
    if (!buffer_now(number, r) || (had_bytes && r.empty()))
        throw loss_of(number);
    return r;
}

// --- errors ------------------------------------------------------------------

given_value node_call::given(std::size_t i,
                             const std::vector<path_step>& path) {
    if (i >= member_.description.parameters.size() && i >= count()) return {};
    auto v = i < count() ? arguments_[i] : undefined(env_);
    for (auto step = path.rbegin(); step != path.rend(); ++step) {
        // Strings have elements, too, and nothing else has any.
        if (type_of_value(env_, v) != napi_object) return {};
        const bool named = step->what == path_step::kind::field ||
                           step->what == path_step::kind::key;
        const auto key = step->what == path_step::kind::field
                             ? camel_case(step->name)
                         : named ? step->name
                                 : std::to_string(step->number);
        if (napi_get_property(env_, v, to_js(env_, key), &v) != napi_ok) {
            // What a getter throws now was not at fault.
            take_exception(env_, {});
            return {};
        }
    }
    return {v, member_.takes_secret};
}

given_value node_call::given(const failure& e) {
    const auto& p = member_.description.parameters;
    if (!e.argument || e.code.value() != EINVAL) return {};
    for (std::size_t i = 0; i < p.size(); ++i)
        if (std::string_view{p[i].name} == e.argument) return given(i, {});
    return {};
}

const type& node_call::decided_type(const type& t) {
    const auto& p = member_.description.parameters;
    for (unsigned i = 0; t.named_by && i < p.size() && i < count(); ++i) {
        if (p[i].what->enumeration != t.named_by ||
            type_of_value(env_, arguments_[i]) != napi_string)
            continue;
        const auto* item =
            detail::find_item(*t.named_by, read_string(env_, arguments_[i]));
        if (item && item->names) return *item->names;
    }
    return t;
}

std::string node_call::hint_for(const type& t, napi_value given) const {
    if (!given || type_of_value(env_, given) != napi_string) return {};
    if (t.kind == type_kind::const_bytes) return "Buffer.from(text) makes one";
    if (auto word = similar_word(t, read_string(env_, given)); !word.empty())
        return word;
    const auto* make = text_constructor(t, languages::typescript);
    if (!make) return {};
    // "an Address"
    const auto name =
        expectation({.kind = type_kind::object, .cls = make->cls});
    return "new" + name.substr(name.find(' ')) + "(text) makes one";
}

napi_value node_call::error_of(const argument_error& e) {
    const auto i =
        e.argument >= 0 ? static_cast<unsigned>(e.argument) : reading;
    const bool invalid = e.code.value() == EINVAL;
    auto expected = e.expected;
    auto at_fault = invalid ? given(i, e.path) : given_value{};
    if (expected.empty() && invalid) {
        const auto& p = member_.description.parameters;
        const auto* wanted = e.wanted;
        if (!wanted && !p.empty())
            wanted = p[std::min<std::size_t>(i, p.size() - 1)].what;
        if (wanted) wanted = &decided_type(*wanted);
        expected = wanted ? expectation(*wanted) : "another value";
        if (wanted) at_fault.hint = hint_for(*wanted, at_fault.v);
    }
    return environment_.make_error(e.code, nullptr,
                                   place_of(e, member_.description, reading),
                                   expected, {}, std::move(at_fault));
}

napi_value node_call::error() noexcept {
    if (extra_) extra_->departed.come_back(environment_);
    try {
        try {
            throw;
        } catch (const unsendable& e) {
            return environment_.make_error_saying(
                e.code, nullptr, place_of(e, member_.description, reading),
                e.text);
        } catch (const argument_error& e) {
            return error_of(e);
        } catch (const failure& e) {
            attempt tried;
            if (e.syscall) {
                tried = environment_.attempt_of(
                    member_.description, e.syscall, e.path ? &*e.path : nullptr,
                    [&](unsigned i) -> napi_value {
                        return i < count() ? arguments_[i] : nullptr;
                    });
            }
            auto at_fault = given(e);
            if (self && member_.cls)
                at_fault.hint =
                    explain_closed(e.code, e.syscall, *member_.cls, self);
            return environment_.make_error(
                e.code, e.syscall, camel_case(e.argument ? e.argument : ""),
                e.expected, tried, std::move(at_fault));
        } catch (const std::exception& e) {
            return environment_.make_error(emilua::error_of(e), nullptr, {});
        }
    } catch (const javascript_error& e) {
        return take_exception(env_, e);
    }
}

} // namespace emilua::node
