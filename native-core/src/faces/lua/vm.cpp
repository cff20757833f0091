// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/lua/vm.hpp"

#include "faces/lua/bind.hpp"
#include "faces/lua/errors.hpp"
#include "faces/lua/open.hpp"
#include "faces/lua/report.hpp"
#include "faces/lua/vm_registry.hpp"

#include <cstdio>

namespace emilua::lua {

lua_vm::lua_vm(emilua::context& ctx, std::shared_ptr<void> keep_context,
               vm_options options)
    : vm{ctx}, options_{std::move(options)}, keep_context_{
                                                 std::move(keep_context)} {
    inbox_ = std::make_shared<mailbox>(*this);
    start_node_.run = [](vm&, queue_node&) {};
    reconsider_node_.run = [](vm& v, queue_node&) {
        static_cast<lua_vm&>(v).reconsidering_ = false;
    };
    if (auto& s = shuffle::instance(); s.on) random_ = s.seed;
}

std::shared_ptr<lua_vm> lua_vm::make(emilua::context& ctx,
                                     std::shared_ptr<void> keep_context,
                                     vm_options options) {
    std::shared_ptr<lua_vm> v{
        new lua_vm{ctx, std::move(keep_context), std::move(options)}};
    v->L_ = luaL_newstate();
    if (!v->L_) {
        throw failure{error_code{ENOMEM, boost::system::system_category()},
                      "lua_newstate"};
    }
    v->open();
    if (v->options_.master) master_vm() = v.get();
    return v;
}

lua_vm::~lua_vm() {
    if (L_) lua_close(L_);
    auto destroy = [](fiber* f) {
        while (f) {
            auto* next = f->next;
            delete f;
            f = next;
        }
    };
    destroy(free_);
    for (auto* f = all_; f;) {
        auto* next = f->all_next;
        delete f;
        f = next;
    }
}

void lua_vm::open() {
    lua_State* L = L_;
    // Fibers have states of their own; this one only opens libraries.
    open_vm(L, *this);
}

void lua_vm::start() {
    self_ = shared_from_this();
    vm_registry::instance().add(*this);
    push_program(L_, *this);
    auto& f = spawn(L_);
    f.is_program = true;
    f.joinable = false;
    post(start_node_);
}

bool lua_vm::is_master() const noexcept { return master_vm() == this; }

void lua_vm::push_registry(lua_State* L, const void* key) {
    lua_pushlightuserdata(L, const_cast<void*>(key));
    lua_rawget(L, LUA_REGISTRYINDEX);
}

// --- the end ----------------------------------------------------------------

void lua_vm::doom(int exit_code, std::string reason) {
    if (doomed) return;
    doomed = true;
    exit_code_ = exit_code;
    reason_ = std::move(reason);
    ready_ = {};
    for (auto* f = all_; f; f = f->all_next)
        if (f->pending && !f->pending->cancel_requested) f->pending->cancel();
}

void lua_vm::doom_out_of_memory() {
    if (doomed) return;
    report(name_with_address("VM", this) + " is closed: not enough memory");
    doom(1, "not enough memory");
}

void lua_vm::escaped(std::exception_ptr e) noexcept {
    if (doomed) return;
    push_exception(L_, e);
    const auto message = describe_error(L_, -1);
    lua_pop(L_, 1);
    report(name_with_address("VM", this) + " panicked: '" + message + "'");
    doom(1, "panicked: " + message);
}

// Nothing is ready. Whether the VM has ended; may make fibers ready.
bool lua_vm::over() {
    if (doomed) return outstanding == 0;
    if (live_ == 0) return outstanding == 0;
    if (outstanding > 0) {
        // All that is pending may be the wait for a message that nobody can
        // send.
        if (outstanding == 1 && inbox_->awaited()) inbox_->give_up_in_vain();
        return false;
    }
    // Nothing runs, so nothing is collected either, and a promise that was
    // dropped has to be found out.
    lua_gc(L_, LUA_GCCOLLECT, 0);
    if (ready_.empty()) deadlock();
    return outstanding == 0 && ready_.empty();
}

void lua_vm::deadlock() {
    report(name_with_address("VM", this) +
           ": every fiber waits for something that cannot come");
    for (auto* f = all_; f; f = f->all_next) {
        if (f->ended) continue;
        luaL_traceback(L_, f->co, nullptr, 0);
        report("Fiber " + std::to_string(f->id) + " waits in " + f->why,
               lua_tostring(L_, -1));
        lua_pop(L_, 1);
    }
    doom(1, "deadlock");
}

// Whether the error at the top is one that the program did not bring about by
// exiting.
bool lua_vm::worth_reporting(lua_State* co) const {
    return !vm_registry::instance().program_exited ||
           !is_error(co, -1, errc::channel_closed);
}

void lua_vm::reconsider() {
    if (!reconsidering_.exchange(true)) post(reconsider_node_);
}

void lua_vm::abandon() {
    if (!closed_ && !doomed) {
        if (vm_registry::instance().program_exited)
            doom(1, "the program exited");
        else
            deadlock();
    }
    post(start_node_);
}

void lua_vm::print_panic(const char* who, const void* id, lua_State* co,
                         int error_index) {
    const std::string message = describe_error(co, error_index);
    luaL_traceback(L_, co, nullptr, 0);
    report(name_with_address(who, id) + " panicked: '" + message + "'",
           lua_tostring(L_, -1));
    lua_pop(L_, 1);
}

// A fiber that waits for a message keeps its context running, if messages can
// come from elsewhere.
void lua_vm::keep_context_busy() {
    const bool wanted =
        inbox_->awaited() && vm_registry::instance().several_contexts();
    if (wanted && !work_)
        work_.emplace(io().get_executor());
    else if (!wanted)
        work_.reset();
}

void lua_vm::close() {
    closed_ = true;
    work_.reset();
    if (master_vm() == this) master_vm() = nullptr;
    doomed = true;
    lua_close(L_);
    L_ = nullptr;
    std::fflush(stdout);
    inbox_->orphan(reason_);
    vm_registry::instance().remove(*this);
    if (options_.on_end) options_.on_end(exit_code_);
    self_.reset();
}

} // namespace emilua::lua
