// SPDX-License-Identifier: MIT OR BSL-1.0
// A program with an io_context of its own, in which a Lua program runs beside
// its own work.
#include <emilua/state.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <csignal>
#include <functional>
#include <iostream>
#include <lua.hpp>

namespace asio = boost::asio;

int main(int argc, char **argv) {
  // Actors in processes of their own come from this executable.
  if (const int status = emilua::serve_actor_processes(argc, argv);
      status != -1)
    return status;
  if (argc < 2) {
    std::cerr << "usage: embedder PROGRAM.lua [ARGUMENTS...]\n";
    return 2;
  }
  // Lua programs expect EPIPE of writes instead.
  std::signal(SIGPIPE, SIG_IGN);

  // For `emilua --fibers PID`.
  emilua::let_observe();

  // Longer than the io_context.
  emilua::app_context app;
  app.app_args.assign(argv, argv + argc);
  const auto program = std::filesystem::absolute(argv[1]);
  // A module that is found before files are.
  app.modules_cache_registry[program.parent_path() / "place.lua"] =
      "return 'in memory'";

  asio::io_context io{1};
  asio::make_service<emilua::properties_service>(io, 1);

  // Work of our own, which the Lua program keeps from nothing.
  int ticks = 0;
  asio::steady_timer timer{io};
  std::function<void()> tick = [&] {
    timer.expires_after(std::chrono::milliseconds{1});
    timer.async_wait([&](auto) {
      if (++ticks < 5)
        tick();
    });
  };
  tick();

  const auto vm = emilua::make_vm(io, app, program);
  app.master_vm = vm;
  asio::post(vm->strand(), [vm] {
    lua_pushliteral(vm->L(), "embedder");
    lua_setglobal(vm->L(), "host");
    vm->fiber_resume();
  });
  app.run_to_the_end(io);
  std::cout << ticks << " ticks, exit code " << app.exit_code << std::endl;
  return app.exit_code;
}
