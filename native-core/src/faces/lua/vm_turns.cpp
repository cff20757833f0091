// SPDX-License-Identifier: MIT OR BSL-1.0
// The turns of a VM: what was handed in, then every fiber that is ready.
#include "core/lookout.hpp"
#include "core/printer.hpp"
#include "core/ticks.hpp"
#include "faces/lua/vm.hpp"
#include "faces/lua/vm_registry.hpp"

#include <boost/asio/defer.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>

namespace emilua::lua {

namespace {

/// How much one turn may do before others have theirs: what completes at once
/// counts as a resumption.
constexpr unsigned turn_passes = 128, turn_resumptions = 1024;
/// What each fiber may do at once when it is resumed.
constexpr unsigned least_inline_budget = 4;

} // namespace

shuffle& shuffle::instance() {
    static shuffle s = [] {
        shuffle r;
        const char* seed = std::getenv("EMILUA_SHUFFLE");
        if (seed && *seed) {
            r.on = true;
            r.seed = static_cast<unsigned>(std::strtoul(seed, nullptr, 10));
            if (r.seed == 0) {
                r.seed = std::random_device{}() | 1;
                std::fprintf(stderr, "EMILUA_SHUFFLE=%u\n", r.seed);
            }
        }
        return r;
    }();
    return s;
}

// True when nobody ran this VM: the caller then has to see to it.
bool lua_vm::hand_in(queue_node& node) noexcept {
    auto* old = handed_in_.load(std::memory_order_relaxed);
    do {
        node.next = old == &idle_ ? nullptr : old;
    } while (!handed_in_.compare_exchange_weak(old, &node,
                                               std::memory_order_acq_rel));
    return old == &idle_;
}

void lua_vm::post(queue_node& node) {
    if (hand_in(node)) {
        woken();
        context().wake([self = shared_from_this()] { self->run(); });
    }
}

void lua_vm::completed(operation& op) {
    if (op.progress.exchange(operation::state::done,
                             std::memory_order_acq_rel) ==
        operation::state::initiating)
        return;
    if (is_on_turn() && collecting_ && !current_) {
        // Whoever is ready has its turn first.
        if (auto* f = static_cast<fiber*>(op.waiter)) f->after_others = true;
        return collect(op);
    }
    op.run = [](vm& v, queue_node& n) {
        static_cast<lua_vm&>(v).collect(static_cast<operation&>(n));
    };
    if (!hand_in(op)) return;
    woken();
    // Behind what the reactor has found ready together with this: all of it
    // shares one turn.
    boost::asio::defer(io(), [self = shared_from_this()] { self->run(); });
}

std::span<std::byte> lua_vm::fetch_buffer(operation&, unsigned) { return {}; }

void lua_vm::run() {
    const auto keep = shared_from_this();
    // Nobody looks out for messages where all come from one thread.
    std::optional<busy_thread> works;
    if (vm_registry::instance().several_contexts()) works.emplace();
    turn_.store(std::this_thread::get_id(), std::memory_order_relaxed);
    try {
        run_guarded();
    } catch (const std::exception& e) {
        std::fprintf(stderr, "VM %p failed: %s\n", static_cast<void*>(this),
                     e.what());
        std::abort();
    } catch (...) {
        // Lua raised outside of any protected call: only an allocation that
        // failed does.
        current_ = nullptr;
        doom_out_of_memory();
        context().post([self = shared_from_this()] { self->run(); });
    }
}

void lua_vm::run_handed_in() {
    queue_node* in_order = nullptr;
    for (auto* n = handed_in_.exchange(nullptr, std::memory_order_acq_rel);
         n;) {
        auto* next = n->next;
        n->next = in_order;
        in_order = n;
        n = next;
    }
    collecting_ = true;
    while (in_order) {
        try {
            while (in_order) {
                auto* n = in_order;
                in_order = n->next;
                n->run(*this, *n);
            }
        } catch (const raised&) {
            escaped(std::current_exception());
        } catch (const std::exception&) {
            escaped(std::current_exception());
        }
    }
    collecting_ = false;
}

void lua_vm::run_guarded() {
    turns_.store(turns_.load(std::memory_order_relaxed) + 1,
                 std::memory_order_release);
    began_ = ticks();
    inline_budget = default_inline_budget;
    if (L_) dropped->forget(L_);
    unsigned resumptions = 0;
    for (unsigned pass = 0;; ++pass) {
        if (pass >= turn_passes || resumptions >= turn_resumptions) {
            report_failures();
            turn_.store({}, std::memory_order_relaxed);
            context().post([self = shared_from_this()] { self->run(); });
            return;
        }
        // Looked at first: an exchange costs as much as half a fiber's turn.
        if (handed_in_.load(std::memory_order_relaxed)) run_handed_in();
        resumptions += run_round();
        if (!ready_.empty()) continue;
        if (handed_in_.load(std::memory_order_relaxed)) {
            // What completes at once keeps nobody from seeing it.
            flush();
            continue;
        }
        report_failures();
        flush();
        if (over()) {
            close();
            return;
        }
        if (!ready_.empty() || (family_ && end_wait_in_vain())) continue;
        keep_context_busy();
        const bool rests = waits_for_actors_alone();
        rests_ = rests;
        const bool sleeps = rests && family_ && hears_actors_alone();
        asleep_ = sleeps;
        queue_node* nothing = nullptr;
        turn_.store({}, std::memory_order_relaxed);
        if (handed_in_.compare_exchange_strong(nothing, &idle_,
                                               std::memory_order_acq_rel))
            return rest(rests, sleeps);
        asleep_ = false;
        turn_.store(std::this_thread::get_id(), std::memory_order_relaxed);
    }
}

// Another thread may be running this VM already.
void lua_vm::rest(bool rests, bool sleeps) {
    if (sleeps) family_->falls_asleep();
    if (rests && options_.family) options_.family->look_for_the_end();
}

// Every fiber that was ready when the round began is resumed once. Gives how
// many were, and what they did at once.
unsigned lua_vm::run_round() {
    if (doomed) return 0;
    fiber_queue round;
    if (!random_) {
        round = ready_;
        for (auto* f = round.head; f; f = f->next) f->queue = nullptr;
    } else {
        // Some go after all that were ready when they became so: only the
        // others can be in any order.
        std::vector<fiber*> order, last;
        while (auto* f = ready_.pop_front())
            (f->after_others ? last : order).push_back(f);
        for (auto i = order.size(); i > 1; --i) {
            random_ = random_ * 1664525u + 1013904223u;
            std::swap(order[i - 1], order[(random_ >> 8) % i]);
        }
        order.insert(order.end(), last.begin(), last.end());
        for (auto* f : order) {
            round.push_back(*f);
            f->queue = nullptr;
        }
    }
    ready_ = {};
    unsigned n = 0;
    for (auto* f = round.head; f && !doomed; ++n) {
        auto* next = f->next;
        f->next = f->prev = nullptr;
        // However much others did at once, it may do something.
        inline_budget = std::max(inline_budget, least_inline_budget);
        const auto budget = inline_budget;
        resume(*f);
        n += budget - std::min(budget, inline_budget);
        f = next;
    }
    return n;
}

void lua_vm::flush() {
    if (!flush_wanted) return;
    flush_wanted = false;
    printer::instance().flush();
}

} // namespace emilua::lua
