// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/observed.hpp"

#include "core/ticks.hpp"
#include "faces/lua/open.hpp"
#include "faces/lua/report.hpp"
#include "faces/lua/vm.hpp"
#include "faces/lua/vm_registry.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>

#if defined(__SANITIZE_THREAD__)
extern "C" void AnnotateIgnoreReadsBegin(const char* file, int line);
extern "C" void AnnotateIgnoreWritesBegin(const char* file, int line);
#endif

namespace emilua::lua {
namespace {

// To ThreadSanitizer the threads go on that the copy does not have.
void forget_races() {
#if defined(__SANITIZE_THREAD__)
    AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
    AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
#endif
}

std::string id_of(const lua_vm& v) {
    char text[32];
    std::snprintf(text, sizeof(text), "%p", static_cast<const void*>(&v));
    return text;
}

// As this_fiber.id has it.
std::string id_of(const lua_vm& v, std::uint64_t number) {
    return id_of(v) + "-" + std::to_string(number);
}

/// "tcp.socket:read_some()".
std::string name_of(const member& m) {
    std::string s;
    if (m.cls) s.append(m.cls->name).append(":");
    return s.append(m.name).append("()");
}

} // namespace

observed_fiber lua_vm::observe(const fiber& f) const {
    const bool waits = f.started && (f.pending || f.interrupt ||
                                     (f.queue && f.queue != &ready_));
    observed_fiber r{id_of(*this, f.id),
                     f.ended          ? "ended"
                     : &f == current_ ? "running"
                     : waits          ? "waiting"
                                      : "ready",
                     f.is_program, f.cancel_requested};
    if (f.ended || &f == current_) return r;
    if (const auto p = place_in_program(f.co)) {
        r.where = p->where;
        if (!p->function.empty()) r.function = p->function;
    }
    if (!waits) return r;
    const auto* what = f.pending ? f.pending->what : nullptr;
    const auto why = what ? name_of(*what) : std::string{f.why};
    r.waits_for = awaited(f.co, why.c_str());
    r.seconds = seconds_since(f.since);
    if (f.interrupt || f.pending) return r;
    if (const auto owner = owner_of_mutex(f.co, 1); owner != 0)
        r.waits_for_fiber = id_of(*this, owner);
    return r;
}

observed_vm lua_vm::observe() const {
    observed_vm r{id_of(*this), "lua", options_.role,
                  is_running() ? "running" : "waiting"};
    r.program = options_.program;
    r.seconds = seconds_since(began_);
    if (const auto n = inbox_->size_now()) r.messages = static_cast<double>(*n);
    std::map<const fiber*, std::uint64_t> joined;
    for (const auto* f = all_; f; f = f->all_next)
        if (f->joiner) joined.emplace(f->joiner, f->id);
    for (const auto* f = all_; f; f = f->all_next) {
        auto& o = r.fibers.emplace_back(observe(*f));
        if (const auto at = joined.find(f); at != joined.end())
            o.waits_for_fiber = id_of(*this, at->second);
    }
    std::ranges::reverse(r.fibers);
    return r;
}

namespace {

/// What a VM is asked for that may be amidst a change.
struct attempt {
    const lua_vm& vm;
    observed_vm all{};
    std::optional<program_place> place{};
    bool told = false;
};

class observable_lua_vms final : public observable {
public:
    bool try_hold() noexcept override {
        return vm_registry::instance().try_hold();
    }
    void let_go() noexcept override { vm_registry::instance().let_go(); }
    void ask(std::uint64_t) noexcept override {}

    void describe(observation_sink& to) override {
        forget_races();
        for (auto* v : vm_registry::instance().all()) {
            if (v->is_running())
                describe_running(to, *v);
            else
                to.tell(v->observe());
        }
    }

private:
    static void describe_running(observation_sink& to, lua_vm& v) {
        // Never freed: what a crash left of them is no object.
        auto& whole = *std::make_unique<attempt>(attempt{v}).release();
        to.dare(
            [](void* data) {
                auto& a = *static_cast<attempt*>(data);
                a.all = a.vm.observe();
                a.told = true;
            },
            &whole);
        if (!whole.told)
            return to.tell({id_of(v), "lua", v.options().role, "running",
                            v.options().program});
        auto running = std::ranges::find(whole.all.fibers, "running",
                                         &observed_fiber::state);
        if (running == whole.all.fibers.end()) return to.tell(whole.all);
        auto& part = *std::make_unique<attempt>(attempt{v}).release();
        to.dare(
            [](void* data) {
                auto& a = *static_cast<attempt*>(data);
                a.place = a.vm.running_place();
                a.told = true;
            },
            &part);
        if (part.told && part.place) {
            running->where = part.place->where;
            if (!part.place->function.empty())
                running->function = part.place->function;
        }
        to.tell(whole.all);
    }
};

} // namespace

// While it runs compiled code, the stack is that of when this began.
std::optional<program_place> lua_vm::running_place() const {
    auto* const L = calling ? calling : current_ ? current_->co : nullptr;
    return L ? place_in_program(L) : std::nullopt;
}

observable& observable_vms() noexcept {
    static observable_lua_vms all;
    return all;
}

} // namespace emilua::lua
