// SPDX-License-Identifier: MIT OR BSL-1.0
// What private members of Asio say, of the Boost that this is built with.
#include "test_vm.hpp"

#include "core/asio_queue.hpp"

#include <boost/asio/steady_timer.hpp>

#include <poll.h>

#include <functional>
#include <stdexcept>

namespace emilua::test {
namespace {

bool is_readable(int descriptor, int milliseconds) {
    pollfd asked{descriptor, POLLIN, 0};
    return ::poll(&asked, 1, milliseconds) == 1;
}

void ready_until_run(boost::asio::io_context& io, const asio_queue& queue) {
    CHECK(!queue.has_ready());
    int runs = 0;
    for (int i = 0; i < 3; ++i) boost::asio::post(io, [&] { ++runs; });
    for (int i = 1; i <= 3; ++i) {
        CHECK(queue.has_ready());
        CHECK(io.poll_one() == 1 && runs == i);
    }
    CHECK(!queue.has_ready());
}

void what_waits_is_not_ready(boost::asio::io_context& io,
                             const asio_queue& queue) {
    boost::asio::steady_timer timer{io, std::chrono::milliseconds{1}};
    bool done = false;
    timer.async_wait([&](const error_code&) { done = true; });
    CHECK(!queue.has_ready() && !done);
    // The descriptor says when to poll.
    CHECK(is_readable(queue.descriptor(), 10000));
    CHECK(io.poll() == 1 && done);
    CHECK(!queue.has_ready() && !is_readable(queue.descriptor(), 0));
}

void after_a_poll_of_nothing(boost::asio::io_context& io,
                             const asio_queue& queue) {
    for (int i = 0; i < 3; ++i) {
        CHECK(io.poll() == 0);
        CHECK(!queue.has_ready());
    }
}

void endless_handlers_have_a_limit(boost::asio::io_context& io,
                                   asio_queue& queue) {
    int runs = 0;
    bool on = true;
    std::function<void()> next = [&] {
        ++runs;
        if (on) boost::asio::post(io, [&] { next(); });
    };
    next();
    CHECK(queue.poll(5) == 5 && runs == 6 && queue.has_ready());
    on = false;
    CHECK(queue.poll(5) == 1 && runs == 7 && !queue.has_ready());
    CHECK(queue.poll(5) == 0);
}

void failures_of_handlers_pass_through(boost::asio::io_context& io,
                                       asio_queue& queue) {
    int runs = 0;
    boost::asio::post(io, [] { throw std::runtime_error{"a handler"}; });
    boost::asio::post(io, [&] { ++runs; });
    bool thrown = false;
    try {
        queue.poll(5);
    } catch (const std::runtime_error&) {
        thrown = true;
    }
    CHECK(thrown && runs == 0);
    CHECK(queue.poll(5) == 1 && runs == 1);
}

} // namespace
} // namespace emilua::test

int main() {
    using namespace emilua::test;
    boost::asio::io_context io{1};
    const auto work = boost::asio::make_work_guard(io);
    emilua::asio_queue queue{io};
    for (int i = 0; i < 2; ++i) {
        ready_until_run(io, queue);
        what_waits_is_not_ready(io, queue);
        after_a_poll_of_nothing(io, queue);
        endless_handlers_have_a_limit(io, queue);
        failures_of_handlers_pass_through(io, queue);
    }
    return failures == 0 ? 0 : 1;
}
