// SPDX-License-Identifier: MIT OR BSL-1.0
#include <emilua/plugin.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>

namespace {

using emilua::fn;

void end(emilua::handler<> h) { h(boost::asio::error::eof); }

void throw_end() { throw boost::system::system_error{boost::asio::error::eof}; }

void throw_closed() {
    throw emilua::failure{make_error_code(emilua::errc::channel_closed)};
}

std::string either(std::variant<double, std::string> v) {
    return v.index() == 0 ? "number" : "string";
}

/// A handler that keeps its timer.
struct waiter {
    using allocator_type = emilua::handler<>::allocator_type;
    using cancellation_slot_type = emilua::handler<>::cancellation_slot_type;

    allocator_type get_allocator() const { return h.get_allocator(); }
    cancellation_slot_type get_cancellation_slot() const {
        return h.get_cancellation_slot();
    }
    void operator()(const emilua::error_code& ec) {
        timer.reset();
        h(ec);
    }

    emilua::handler<> h;
    std::unique_ptr<boost::asio::steady_timer> timer;
};

void wait(double milliseconds, emilua::handler<> h) {
    using duration = std::chrono::duration<double, std::milli>;
    auto timer = std::make_unique<boost::asio::steady_timer>(
        h.owner().io(),
        std::chrono::duration_cast<std::chrono::steady_clock::duration>(
            duration{milliseconds}));
    auto& t = *timer;
    t.async_wait(waiter{std::move(h), std::move(timer)});
}

void describe(emilua::module_builder& m) {
    m.async("end", fn<&end>, {}, "Fails with Asio's end of file.");
    m.sync("throw_end", fn<&throw_end>, {}, "Throws it.");
    m.sync("throw_closed", fn<&throw_closed>, {}, "Throws Emilua's own.");
    m.sync("either", fn<&either>, {"value"}, "Takes one of two types.");
    m.async("wait", fn<&wait>, {"milliseconds"}, "Waits on Asio's timer.");
}

} // namespace

EMILUA_PLUGIN_MODULE("corners", describe);
