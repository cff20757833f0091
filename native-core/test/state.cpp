// SPDX-License-Identifier: MIT OR BSL-1.0
#include "test_vm.hpp"

#include <emilua/state.hpp>

#include <atomic>
#include <lua.hpp>
#include <thread>
#include <vector>

using namespace emilua;
namespace asio = boost::asio;

namespace {

/// An app, with programs that are in memory.
struct host {
    explicit host(std::map<std::string, std::string> sources) {
        for (auto& [name, text] : sources)
            app.modules_cache_registry["/host/" + name] = text;
    }
    std::shared_ptr<vm_context> make(asio::io_context& io,
                                     const char* name = "main.lua",
                                     ContextType type = ContextType::main) {
        return make_vm(io, app, std::string{"/host/"} + name, type);
    }
    static void start(const std::shared_ptr<vm_context>& vm) {
        asio::post(vm->strand(), [vm] { vm->fiber_resume(); });
    }
    app_context app;
};

void set(lua_State* L, const char* name, lua_CFunction f, void* p) {
    lua_pushlightuserdata(L, p);
    lua_pushcclosure(L, f, 1);
    lua_setglobal(L, name);
}

int count(lua_State* L) {
    ++*static_cast<std::atomic<int>*>(lua_touserdata(L, lua_upvalueindex(1)));
    return 0;
}

void beginning_and_end() {
    host h{{{"a.lua", "require('system').exit(count() or 7)"}}};
    std::atomic<int> calls = 0;
    asio::io_context io;
    auto vm = h.make(io, "a.lua");
    // What runs before the program does not end it.
    asio::post(vm->strand(), [&] { set(vm->L(), "count", count, &calls); });
    io.run();
    CHECK(vm->L() && calls == 0);
    io.restart();
    host::start(vm);
    h.app.run_to_the_end(io);
    CHECK(calls == 1 && h.app.exit_code == 7);
    CHECK(!vm->L());
    // It is destroyed, and not run.
    auto held = std::make_shared<int>();
    asio::post(vm->strand(), [held, &calls] { ++calls; });
    io.restart();
    io.run();
    CHECK(held.use_count() == 1 && calls == 1);
}

void never_started() {
    host h{{{"b.lua", "error('never')"}}};
    asio::io_context io;
    auto held = std::make_shared<int>();
    {
        const auto vm = h.make(io, "b.lua");
        asio::post(vm->strand(), [held] {});
    }
    io.run();
    CHECK(held.use_count() == 1);
    h.make(io, "b.lua");
}

void failures_are_reported() {
    host h{{{"c.lua", "error('expected')"},
            {"d.lua", ""},
            {"e.lua", "require('inbox'):receive()"}}};
    asio::io_context io;
    for (const char* name : {"c.lua", "absent.lua"}) {
        h.app.exit_code = 0;
        host::start(h.make(io, name));
        h.app.run_to_the_end(io);
        CHECK(h.app.exit_code == 1);
        io.restart();
    }
    const auto vm = h.make(io, "d.lua");
    asio::post(vm->strand(), [] { throw std::runtime_error{"expected"}; });
    host::start(vm);
    h.app.run_to_the_end(io);
    CHECK(h.app.exit_code == 1);
    io.restart();
    h.app.exit_code = 0;
    // Two that wait for each other, and one for what nobody sends.
    host h2{{{"f.lua", "local c = spawn_vm('./e') require('inbox'):receive()"},
             {"e.lua", "require('inbox'):receive()"}}};
    host::start(h2.make(io, "f.lua"));
    h2.app.run_to_the_end(io);
    CHECK(h2.app.exit_code == 1);
}

void several_threads() {
    host h{{{"g.lua", R"(
local inbox, time = require 'inbox', require 'time'
for i = 1, 8 do
  spawn(function () time.sleep(0.001) count() end):detach()
  local c = spawn_vm{ module = './h', inherit_context = i % 2 == 0 }
  c:send(inbox)
  inbox:receive()
end)"},
            {"h.lua", "require('inbox'):receive():send(1)"}}};
    std::atomic<int> calls = 0;
    asio::io_context io;
    std::vector<std::shared_ptr<vm_context>> vms;
    for (int i = 0; i < 4; ++i) {
        vms.push_back(h.make(io, "g.lua"));
        asio::post(vms.back()->strand(), [vm = vms.back(), &calls] {
            set(vm->L(), "count", count, &calls);
            vm->fiber_resume();
        });
    }
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([&io] { io.run(); });
    for (auto& t : threads) t.join();
    {
        // As the reference has it.
        std::unique_lock<std::mutex> lk{h.app.extra_threads_count_mtx};
        while (h.app.extra_threads_count > 0)
            h.app.extra_threads_count_empty_cond.wait(lk);
    }
    CHECK(calls == 32 && h.app.exit_code == 0);
    for (const auto& vm : vms) CHECK(!vm->L());
}

// Each actor blocks its thread until the other does, too.
void added_threads() {
    host h{{{"j.lua", R"(
local ffi, inbox = require 'ffi', require 'inbox'
ffi.cdef 'int eventfd(unsigned value, int flags); int close(int fd);'
spawn_context_threads(2)
local fds = { ffi.C.eventfd(0, 0), ffi.C.eventfd(0, 0) }
for i = 1, 2 do
  spawn_vm('./k'):send{ own = fds[i], other = fds[3 - i], to = inbox }
end
for _ = 1, 2 do assert(inbox:receive() == 1) end
for i = 1, 2 do ffi.C.close(fds[i]) end)"},
            {"k.lua", R"(
local ffi, order = require 'ffi', require('inbox'):receive()
ffi.cdef [[
  struct pollfd { int fd; short events, revents; };
  int poll(struct pollfd *fds, unsigned long n, int timeout);
  long write(int fd, const void *data, size_t size);
]]
ffi.C.write(order.own, ffi.new('uint64_t[1]', 1), 8)
local fds = ffi.new('struct pollfd[1]', { { order.other, 1 } })
order.to:send(ffi.C.poll(fds, 1, 10000)))"}}};
    asio::io_context io;
    host::start(h.make(io, "j.lua"));
    h.app.run_to_the_end(io);
    CHECK(h.app.exit_code == 0 && h.app.extra_threads_count == 0);
}

void one_thread() {
    host h{{{"i.lua", R"(
require('time').sleep(0.001)
local ok, e = pcall(spawn_context_threads, 1)
assert(not ok and e:togeneric() == require('generic_error').ENOTSUP)
assert(_CONTEXT == 'worker'))"}}};
    asio::io_context io{1};
    asio::make_service<properties_service>(io, 1);
    const auto vm = h.make(io, "i.lua", ContextType::worker);
    CHECK(!h.app.master_vm.lock());
    host::start(vm);
    h.app.run_to_the_end(io);
    CHECK(!vm->L() && h.app.exit_code == 0);
}

} // namespace

int main() {
    beginning_and_end();
    never_started();
    failures_are_reported();
    several_threads();
    added_threads();
    one_thread();
    return emilua::test::failures != 0;
}
