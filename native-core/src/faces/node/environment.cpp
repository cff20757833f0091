// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/environment.hpp"

#include "faces/node/messages.hpp"
#include "faces/node/names.hpp"
#include "faces/node/observed.hpp"
#include "faces/node/reading.hpp"
#include "faces/node/results.hpp"
#include "modules/actor/actor.hpp"
#include "sandbox/child_actor.hpp"

#include <algorithm>

namespace emilua::node {
namespace {

// What operation.ts calls what became of an operation.
enum outcome : std::int32_t {
    nothing,
    integer,
    any_value,
    error,
    object,
    several,
    /// Of a stream: the name of the system call that found it.
    ended,
};

napi_value property(napi_env env, napi_value object, const char* name) {
    napi_value v;
    check(napi_get_named_property(env, object, name, &v));
    return v;
}

napi_ref reference(napi_env env, napi_value v) {
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

environment& environment::create(napi_env env, uv_loop_t& loop) {
    auto self = std::make_unique<environment>(env, loop);
    check(napi_add_async_cleanup_hook(env, &on_environment_ends, self.get(),
                                      &self->cleanup_));
    observed_environments::instance().add(*self);
    return *self.release();
}

environment::environment(napi_env env, uv_loop_t& loop)
    : vm{loop_}, env_{env}, loop_{loop, *this} {}

environment::~environment() = default;

void environment::start(napi_value parts) {
    auto ref = [&](const char* name) {
        return reference(env_, property(env_, parts, name));
    };
    drain_ = ref("drain");
    make_error_ = ref("makeError");
    instantiate_ = ref("instantiate");
    define_shape_ = ref("defineShape");
    assemble_ = ref("assemble");
    observe_ = ref("observe");
    program_ = read_string(env_, property(env_, parts, "program"));
    class_key_ = ref("classKey");
    core_key_ = ref("coreKey");
    arguments_ = ref("heldArguments");
    status_owner_ = ref("status");
    batch_owner_ = ref("completed");
    status_ = shared_integers(env_, value_of(status_owner_));
    batch_ = shared_integers(env_, value_of(batch_owner_));
    submitted_owner_ = ref("submitted");
    submitted_ = reinterpret_cast<submissions*>(
        shared_integers(env_, value_of(submitted_owner_)));
    direct_owner_ = ref("direct");
    direct_ = reinterpret_cast<direct_frame*>(
        shared_integers(env_, value_of(direct_owner_)));
    writing_owner_ = ref("writing");
    check(napi_get_typedarray_info(
        env_, value_of(writing_owner_), nullptr, &writing_size_,
        reinterpret_cast<void**>(&writing_), nullptr, nullptr));
    batch_size_ = unsigned_property(env_, parts, "batch");
    stride_ = unsigned_property(env_, parts, "argumentsPerOperation");
}

napi_value environment::value_of(napi_ref ref) {
    napi_value v;
    check(napi_get_reference_value(env_, ref, &v));
    return v;
}

// --- completions -------------------------------------------------------------

void environment::completed(operation& op) {
    if (op.progress.load(std::memory_order_relaxed) ==
        operation::state::initiating) {
        op.progress.store(operation::state::done, std::memory_order_relaxed);
        return;
    }
    op.progress.store(operation::state::done, std::memory_order_relaxed);
    done_.push_back(&op);
    // A wait for a message that nobody could send held nothing; now there is
    // something to deliver.
    loop_.keep_alive(holding_ > 0);
}

void environment::post(queue_node& node) {
    node.next = nullptr;
    const std::lock_guard lock{posted_mutex_};
    *posted_end_ = &node;
    posted_end_ = &node.next;
    wake_up();
    // While the lock is held the node cannot have been run, so whoever posted
    // it from another thread is waited for before the end.
    if (std::this_thread::get_id() != thread_) loop_.wake();
}

bool environment::has_work() {
    if (!done_.empty()) return true;
    const std::lock_guard lock{posted_mutex_};
    return posted_ != nullptr;
}

void environment::run_posted() {
    queue_node* n;
    {
        const std::lock_guard lock{posted_mutex_};
        n = std::exchange(posted_, nullptr);
        posted_end_ = &posted_;
    }
    while (n) {
        auto* next = n->next;
        try {
            n->run(*this, *n);
        } catch (...) {
            escaped(std::current_exception());
        }
        n = next;
    }
}

void environment::turn() {
    ++turns_;
    rests_ = false;
    wake_up();
    if (doomed) return last_turn();
    // In portions, so that JavaScript finds in the processor's caches what the
    // system has just written.
    for (int i = 0; i < portions; ++i) {
        const handle_scope scope{env_};
        inline_budget = default_inline_budget;
        const auto n = poll();
        run_posted();
        deliver();
        if (n < portion) return;
    }
}

void environment::lost(operation& op) noexcept {
    if (is_on_turn() && std::uncaught_exceptions() != 0) unwound_ = &op;
    vm::lost(op);
}

std::size_t environment::poll() {
    unwound_ = nullptr;
    try {
        return loop_.poll(portion);
    } catch (...) {
        // A completion let it through. Its operation is still in the queue.
        if (unwound_)
            unwound_->fail_with(std::current_exception());
        else
            escaped(std::current_exception());
        return portion;
    }
}

void environment::escaped(std::exception_ptr e) noexcept {
    if (!doomed) napi_fatal_exception(env_, error_of_exception(e));
}

void environment::last_turn() {
    while (poll() == portion) {
    }
    run_posted();
    drop_completed();
    if (outstanding == 0 && !closing_) {
        closing_ = true;
        loop_.close();
    }
}

void environment::deliver() {
    // JavaScript runs after each batch; what completes meanwhile is for the
    // next turn.
    delivering_.swap(done_);
    for (std::size_t at = 0; at < delivering_.size();) {
        const auto count = std::min(batch_size_, delivering_.size() - at);
        values_.assign(1, nullptr);
        for (std::size_t i = 0; i < count; ++i)
            collect(*delivering_[at + i], batch_ + 3 * i);
        at += count;
        call_drain(count);
    }
    delivering_.clear();
}

void environment::call_drain(std::size_t count) {
    napi_value global, ignored;
    if (napi_create_uint32(env_, static_cast<std::uint32_t>(count),
                           values_.data()) != napi_ok ||
        napi_get_global(env_, &global) != napi_ok)
        return;
    submitted_->accepted = 1;
    const bool ok =
        napi_make_callback(env_, nullptr, global, value_of(drain_),
                           values_.size(), values_.data(), &ignored) == napi_ok;
    submitted_->accepted = 0;
    if (!ok) {
        // What a callback of process.nextTick threw ends here, though it
        // belongs to the program.
        bool thrown = false;
        napi_is_exception_pending(env_, &thrown);
        if (thrown) napi_fatal_exception(env_, take_exception(env_, {}));
    }
    start_submitted();
}

void environment::start_all_submitted() {
    // An error runs JavaScript, which may submit more.
    const auto count = static_cast<std::size_t>(submitted_->count);
    const auto reads = submitted_->reads;
    submitted_->count = 0;
    for (std::size_t i = 0; i < std::min(count, reads.size()); ++i)
        start_repeated_read(*this, static_cast<std::uint32_t>(reads[i].id),
                            reads[i].object);
}

napi_value environment::held_argument(std::uint32_t id, unsigned i) {
    napi_value v = nullptr;
    napi_get_element(env_, value_of(arguments_), id * stride_ + i, &v);
    return v;
}

std::size_t environment::shape_of(const node_results& r) {
    const auto classes = r.classes();
    const auto found = std::ranges::find_if(shapes_, [&](const shape& s) {
        return s.names == r.names() && std::ranges::equal(s.classes, classes);
    });
    if (found != shapes_.end())
        return static_cast<std::size_t>(found - shapes_.begin());
    napi_value global, ignored;
    std::array<napi_value, 2> lists;
    check(napi_create_array(env_, &lists[0]));
    check(napi_create_array(env_, &lists[1]));
    for (std::uint32_t i = 0; r.names() && i < r.names()->size(); ++i)
        check(napi_set_element(env_, lists[0], i,
                               to_js(env_, camel_case((*r.names())[i]))));
    for (std::uint32_t i = 0; i < classes.size(); ++i) {
        napi_value id;
        check(napi_create_int32(env_, classes[i], &id));
        check(napi_set_element(env_, lists[1], i, id));
    }
    check(napi_get_global(env_, &global));
    check(napi_call_function(env_, global, value_of(define_shape_),
                             lists.size(), lists.data(), &ignored));
    shapes_.push_back({r.names(), {classes.begin(), classes.end()}});
    return shapes_.size() - 1;
}

napi_value environment::assemble(node_results& r) {
    napi_value global, made;
    std::array<napi_value, node_results::most + 1> parts;
    const auto values = r.values();
    std::ranges::copy(values, parts.begin() + 1);
    check(napi_create_uint32(env_, static_cast<std::uint32_t>(shape_of(r)),
                             parts.data()));
    check(napi_get_global(env_, &global));
    check(napi_call_function(env_, global, value_of(assemble_),
                             values.size() + 1, parts.data(), &made));
    return made;
}

void environment::deliver_values(node_results& r, std::int32_t* out) {
    const auto parts = r.values();
    if (parts.size() > 1) {
        out[1] = outcome::several;
        out[2] = static_cast<std::int32_t>(shape_of(r));
    } else {
        out[2] = r.classes()[0];
        out[1] = out[2] == -1 ? outcome::any_value : outcome::object;
    }
    values_.insert(values_.end(), parts.begin(), parts.end());
}

void environment::collect(operation& op, std::int32_t* out) {
    auto& p = pending_[op.id];
    node_results r{*this, &p.description->result_names,
                   node_results::objects::named};
    napi_value v = nullptr;
    out[0] = static_cast<std::int32_t>(op.id);
    const bool failed = op.buffer_lost || op.error;
    try {
        if (failed && is_mere_end(op, p)) {
            out[1] = outcome::ended;
            values_.push_back(to_js(env_, op.syscall));
        } else if (failed) {
            v = failure_of(op, p);
            out[1] = outcome::error;
        } else if (p.again) {
            out[1] = outcome::integer;
            out[2] = end_repeated_read(*p.again, op);
            return let_go(p);
        } else {
            op.deliver(r);
            if (r.empty()) {
                out[1] = outcome::nothing;
            } else if (r.is_integer()) {
                out[1] = outcome::integer;
                out[2] = r.integer();
            } else {
                deliver_values(r, out);
            }
        }
    } catch (...) {
        v = error_of_exception(std::current_exception());
        out[1] = outcome::error;
    }
    if (out[1] == outcome::error) values_.push_back(v ? v : undefined(env_));
    op.destroy();
    if (failed && p.parts) p.parts->failed();
    let_go(p);
}

void environment::drop_completed() {
    for (auto* op : done_) op->destroy();
    done_.clear();
}

void environment::let_go(pending& p) noexcept {
    p.op = nullptr;
    p.objects.unpin(slots_);
    p.parts.reset();
    if (p.holds) holding(-1);
}

void environment::holding(std::ptrdiff_t change) noexcept {
    holding_ += change;
    loop_.keep_alive(holding_ > 0);
}

void environment::cancel(std::uint32_t id) {
    if (id < pending_.size() && pending_[id].op) pending_[id].op->cancel();
}

void environment::hold(std::uint32_t id, bool yes) {
    if (id >= pending_.size() || !pending_[id].op) return;
    auto& p = pending_[id];
    if (std::exchange(p.holds, yes) != yes) holding(yes ? 1 : -1);
}

std::span<std::byte> environment::fetch_buffer(operation& op, unsigned number) {
    std::span<std::byte> r;
    if (doomed) {
        op.buffer_lost = true;
        return r;
    }
    if (op.progress.load(std::memory_order_relaxed) !=
        operation::state::pending) {
        if (op.buffer_lost) return r;
        if (!starting_->buffer_now(number, r)) op.buffer_lost = true;
        return r;
    }
    auto& p = pending_[op.id];
    if (op.buffer_lost) return r;
    p.lost = number;
    bool there;
    if (p.again) {
        there = p.again->buffer_now(number, r);
    } else if (number < stride_) {
        const auto v = held_argument(op.id, number);
        there = v && read_bytes(env_, v, r) == bytes_state::there;
    } else {
        there = p.parts->buffer_now(number, r);
    }
    if (!there) op.buffer_lost = true;
    return r;
}

// --- operations --------------------------------------------------------------

environment::pending& environment::begin_to_wait(operation& op,
                                                 std::uint32_t id,
                                                 const member& description,
                                                 const void* self) {
    if (id >= pending_.size()) pending_.resize(id + 1);
    auto& p = pending_[id];
    p.op = &op;
    op.id = id;
    op.progress.store(operation::state::pending, std::memory_order_relaxed);
    p.description = &description;
    p.self = self;
    p.again = nullptr;
    p.lost = 0;
    p.holds = true;
    p.since = loop_.now();
    holding(1);
    return p;
}

void environment::wait_for(operation& op, std::uint32_t id,
                           const member& description, pin_list objects,
                           const void* self, bool take,
                           std::unique_ptr<operation_parts> parts) {
    auto& p = begin_to_wait(op, id, description, self);
    p.objects = std::move(objects);
    p.objects.pin(slots_);
    if (take) p.objects.take(slots_);
    p.parts = std::move(parts);
}

void environment::wait_for_read(operation& op, std::uint32_t id,
                                const member& description, slot_table::handle h,
                                const void* self, repeated_read* again) {
    auto& p = begin_to_wait(op, id, description, self);
    p.objects.pin(slots_);
    p.objects.push(slots_, h);
    p.again = again;
}

// --- classes -----------------------------------------------------------------

std::int32_t environment::class_id(const class_description& cls) {
    const auto [at, is_new] = class_ids_.try_emplace(
        &cls, static_cast<std::int32_t>(classes_.size()));
    if (is_new) classes_.push_back(&cls);
    return at->second;
}

napi_value environment::instantiate(std::int32_t class_id, napi_value core) {
    napi_value global, r;
    std::array<napi_value, 2> args{};
    args[1] = core;
    check(napi_create_int32(env_, class_id, &args[0]));
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
    if (!is_of_last_class(v)) {
        napi_value id_value;
        check(napi_get_property(env_, v, value_of(class_key_), &id_value));
        std::uint32_t id;
        if (napi_get_value_uint32(env_, id_value, &id) != napi_ok ||
            id >= classes_.size())
            return {};
        last_class_ = id;
    }
    napi_value core;
    check(napi_get_property(env_, v, value_of(core_key_), &core));
    return {classes_[last_class_], core};
}

std::int32_t environment::know(napi_value v) {
    const auto [cls, core] = core_of(v);
    // Who receives does not expect what a program derived from the class.
    if (!cls || !cls->hash || !is_of_last_class(v)) return -1;
    forget_untaken();
    const std::unique_ptr<void, void (*)(void*)> memory{
        slot_table::allocate(*cls), &slot_table::deallocate};
    // Whoever made the instance may have made up what is inside.
    try {
        cls->from_wire(memory.get(), wire_from_js(env_, core));
    } catch (const failure&) {
        return -1;
    } catch (const boost::system::system_error&) {
        return -1;
    }
    const auto to = known_.enter(*cls, memory.get());
    if (to.is_new) direct_->untaken = to.place;
    cls->destroy(memory.get());
    return to.place;
}

// To compare prototypes takes a quarter of what asking for a property does.
bool environment::is_of_last_class(napi_value v) {
    if (last_class_ >= prototypes_.size() || !prototypes_[last_class_])
        return false;
    napi_value prototype;
    bool same = false;
    check(napi_get_prototype(env_, v, &prototype));
    check(napi_strict_equals(env_, prototype,
                             value_of(prototypes_[last_class_]), &same));
    return same;
}

void environment::has_prototype(std::int32_t class_id, napi_value prototype) {
    const auto id = static_cast<std::size_t>(class_id);
    if (id >= prototypes_.size()) prototypes_.resize(id + 1);
    if (!prototypes_[id]) prototypes_[id] = reference(env_, prototype);
}

// --- the end -----------------------------------------------------------------

bool environment::deliver_rest() {
    if (!has_work()) return false;
    turn();
    return true;
}

bool environment::end_program() {
    deliver_rest();
    if (loop_.alive()) return true;
    if (!inbox_) return false;
    if (holds_for_message()) {
        // It was in vain. Who is told may do something else.
        inbox_->give_up_in_vain();
        loop_.keep_alive(true);
        return true;
    }
    inbox_->close();
    slots_.each<actor::channel>([](actor::channel& c) { c.close(); });
    const auto& family = inbox_->family_if_any();
    if (!family || !family->end([this] { holding(-1); })) return false;
    holding(1);
    family->look_for_the_end();
    return true;
}

int environment::unseen_failures() const noexcept {
    const auto* family = inbox_ ? inbox_->family_if_any().get() : nullptr;
    return (family ? family->unseen_failures.load() : 0) +
           sandbox::child_actors::unseen_failures(*this);
}

void environment::on_environment_ends(napi_async_cleanup_hook_handle,
                                      void* self) {
    static_cast<environment*>(self)->end();
}

void environment::end() {
    doomed = true;
    wake_up();
    observed_environments::instance().remove(*this);
    loop_.keep_alive(true);
    sandbox::child_actors::end_of(*this);
    if (inbox_) {
        const auto family = inbox_->family_if_any();
        if (family) family->orphan();
        // Who started an actor says how it ended.
        if (outer_)
            outer_->part(*this);
        else
            inbox_->orphan("ended");
        inbox_->detach();
        if (family) family->look_for_the_end();
    }
    for (const auto& [id, box] : actors) box->end("ended");
    for (std::size_t i = 0; i < pending_.size(); ++i)
        if (pending_[i].op) pending_[i].op->cancel();
    turn();
}

void environment::closed() {
    const std::unique_ptr<environment> self{this};
    napi_remove_async_cleanup_hook(cleanup_);
}

} // namespace emilua::node
