// SPDX-License-Identifier: MIT OR BSL-1.0
#include "test_vm.hpp"

#include "modules/time/timer.hpp"

#include <boost/asio/error.hpp>

#include <cmath>
#include <ctime>

using namespace emilua;
using namespace emilua::time;
using namespace emilua::test;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;
using boost::asio::error::operation_aborted;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

void durations() {
    CHECK(to_duration(1.5e-9) == 2ns);
    CHECK(to_duration(2.5e-9) == 2ns);
    CHECK(to_duration(3.5e-9) == 4ns);
    CHECK(to_duration(-1.5e-9) == -2ns);
    CHECK(to_duration(-2.5e-9) == -2ns);
    CHECK(to_duration(1e9 + 0.5) == 1'000'000'000'500'000'000ns);
    CHECK(to_duration(infinity) == std::chrono::nanoseconds::max());
    CHECK(to_duration(-infinity) == std::chrono::nanoseconds::min());
    CHECK(to_duration(9.3e9) == std::chrono::nanoseconds::max());
    CHECK(is_invalid(failure_of([] { to_duration(std::nan("")); }), "secs"));
}

void time_points() {
    using point = time_point<steady>;
    auto p = point::epoch();
    CHECK(p.seconds_since_epoch() == 0);
    p.add(2);
    p.sub(0.5);
    CHECK(p.seconds_since_epoch() == 1.5);
    CHECK(std::get<double>(p.minus(point::epoch())) == 1.5);
    CHECK(std::get<point>(p.minus(1.5)) == point::epoch());
    CHECK(p.plus(1).seconds_since_epoch() == 2.5);
    CHECK(point::epoch().less(p) && p.less_equal(p) && !p.less(p));

    p.add(infinity);
    CHECK(p.since_epoch() == std::chrono::nanoseconds::max());
    p.add(1);
    CHECK(p.since_epoch() == std::chrono::nanoseconds::max());
    const auto earliest = point{std::chrono::nanoseconds::min()};
    CHECK(std::get<double>(earliest.minus(p)) < -9.2e9);

    // The last nanosecond survives a journey through another language.
    CHECK(wire_traits<point>::from_wire(wire_traits<point>::to_wire(p)) == p);

    auto before = point::now();
    for (int i = 0; i < 100'000; ++i) {
        const auto now = point::now();
        CHECK(!now.less(before));
        before = now;
    }
    const auto wall = time_point<std::chrono::system_clock>::now();
    CHECK(std::abs(wall.seconds_since_epoch() -
                   static_cast<double>(std::time(nullptr))) < 2);
}

void sleeping(test_vm& vm) {
    for (double negative : {-1.0, -1e-300, -infinity}) {
        pending<> op{vm};
        const auto f =
            failure_of([&] { sleep(vm, negative, op.completion()); });
        CHECK(is_invalid(f, "secs"));
        op.wait();
    }
    {
        pending<> op{vm};
        sleep(vm, 0, op.completion());
        CHECK(!op.done());
        op.wait();
        CHECK(!op.error());
    }
    {
        const auto start = steady::now();
        pending<> longer{vm}, shorter{vm};
        // In this order the deadlines are, too, however slow the machine.
        sleep(vm, 0.02, shorter.completion());
        sleep(vm, 0.04, longer.completion());
        shorter.wait();
        CHECK(steady::now() - start >= 20ms);
        CHECK(!longer.done());
        longer.wait();
        CHECK(steady::now() - start >= 40ms);
        CHECK(!longer.error() && !shorter.error());
    }
    {
        pending<> op{vm};
        sleep(vm, infinity, op.completion());
        op.cancel();
        op.wait();
        CHECK(op.error() == operation_aborted);
    }
    {
        pending<> op{vm};
        const auto f =
            failure_of([&] { sleep(vm, std::nan(""), op.completion()); });
        CHECK(is_invalid(f, "secs"));
        // Its handler went with the exception.
        op.wait();
    }
}

template <class Clock> void timers(test_vm& vm) {
    using point = time_point<Clock>;
    timer<Clock> t{vm};
    CHECK(t.expiry() == point::epoch());
    {
        pending<> op{vm};
        t.wait(op.completion());
        CHECK(op.done() && !op.error());
    }
    {
        vm.inline_budget = 0;
        pending<> op{vm};
        t.wait(op.completion());
        CHECK(!op.done());
        op.wait();
        CHECK(!op.error());
        vm.inline_budget = vm::default_inline_budget;
    }
    CHECK(t.expires_after(60) == 0);
    {
        pending<> a{vm}, b{vm};
        t.wait(a.completion());
        t.wait(b.completion());
        CHECK(t.expires_at(point::now().plus(60)) == 2);
        a.wait();
        b.wait();
        CHECK(a.error() == operation_aborted && b.error() == operation_aborted);
    }
    {
        pending<> canceled{vm}, other{vm};
        t.wait(canceled.completion());
        t.wait(other.completion());
        canceled.cancel();
        canceled.wait();
        CHECK(canceled.error() == operation_aborted);
        CHECK(!other.done());
        const auto expiry = t.expiry();
        CHECK(t.cancel() == 1);
        CHECK(t.cancel() == 0);
        CHECK(t.expiry() == expiry);
        other.wait();
        CHECK(other.error() == operation_aborted);
    }
    {
        const auto soon = point::now().plus(0.2);
        t.expires_at(soon);
        pending<> op{vm};
        t.wait(op.completion());
        CHECK(!op.done());
        op.wait();
        CHECK(!op.error() && soon <= point::now());
        CHECK(t.expiry() == soon);
    }
    t.expires_after(infinity);
    CHECK(point::now().less(t.expiry()));
    CHECK(
        is_invalid(failure_of([&] { t.expires_after(std::nan("")); }), "secs"));
}

} // namespace

int main() {
    thread_pool pool{1};
    test_vm vm{pool};
    durations();
    time_points();
    sleeping(vm);
    timers<steady>(vm);
    timers<std::chrono::system_clock>(vm);
    CHECK(vm.outstanding == 0);
    return failures != 0;
}
