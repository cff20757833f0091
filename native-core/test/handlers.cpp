// SPDX-License-Identifier: MIT OR BSL-1.0
// A handler is called once or lost, and either completes its operation.
#include "core/blocking_pool.hpp"
#include "core/mailbox.hpp"
#include "core/signal_hub.hpp"
#include "core/standard_stream.hpp"
#include "modules/ip/dial.hpp"
#include "modules/time/timer.hpp"
#include "test_vm.hpp"

#include <boost/asio/error.hpp>

#include <csignal>
#include <functional>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

using namespace emilua;
using namespace emilua::test;

namespace {

const error_code aborted = boost::asio::error::operation_aborted;

/// Not at once, but on a turn of its own.
template <class... R> bool is_lost_later(pending<R...>& op) {
    if (op.done() || !op.op().lost) return false;
    op.wait();
    return op.error() == errc::broken_promise;
}

void dropped_at_once(test_vm& v) {
    pending<> op{v};
    op.completion();
    CHECK(is_lost_later(op));
}

void dropped_later(test_vm& v) {
    pending<int> op{v};
    boost::asio::post(v.io(), [h = op.completion()] {});
    CHECK(!op.op().lost);
    op.wait();
    CHECK(op.error() == errc::broken_promise);
}

void dropped_on_another_thread(test_vm& v) {
    pending<int> op{v};
    std::thread{[h = op.completion()] {}}.join();
    CHECK(is_lost_later(op));
}

void moved(test_vm& v) {
    pending<int> op{v}, other{v};
    auto from = op.completion();
    auto to = other.completion();
    {
        auto h = std::move(from);
        from = std::move(h);
    }
    CHECK(!op.op().lost);
    to = std::move(from);
    CHECK(!op.op().lost);
    CHECK(is_lost_later(other));
    to({}, 5);
    CHECK(op.done() && op.value() == 5);
}

void called(test_vm& v) {
    pending<int> op{v}, later{v}, failed{v}, failed_later{v};
    op.completion()({}, 1);
    later.completion().complete_later({}, 2);
    failed.completion().fail(aborted);
    failed_later.completion().fail_later(aborted);
    later.wait();
    failed_later.wait();
    CHECK(!op.op().lost && !later.op().lost && !failed.op().lost &&
          !failed_later.op().lost);
    CHECK(op.value() == 1 && later.value() == 2);
    CHECK(failed.error() == aborted && failed_later.error() == aborted);
}

void with_a_mailbox(test_vm& v) {
    pending<value> op{v};
    auto box = std::make_shared<mailbox>(v);
    box->receive(op.completion());
    box.reset();
    // Nothing is left that a cancellation could find.
    op.cancel();
    CHECK(is_lost_later(op));
}

void with_a_set_of_signals(test_vm& v) {
    pending<int> op{v};
    {
        signal_subscription set;
        set.add(SIGUSR1);
        set.wait(op.completion());
    }
    op.cancel();
    CHECK(is_lost_later(op));
}

// What waits for a timer ends as canceled when the timer goes.
void with_a_timer(test_vm& v) {
    pending<> sleep{v}, wait{v};
    time::sleep(v, 3600, sleep.completion());
    sleep.clear_slot();
    {
        time::steady_timer t{v};
        t.expires_after(3600);
        t.wait(wait.completion());
    }
    sleep.wait();
    wait.wait();
    CHECK(sleep.error() == aborted);
    CHECK(wait.error() == aborted);
}

void with_an_exception(test_vm& v) {
    pending<ip::tcp_socket> dial{v};
    CHECK(is_invalid(
        failure_of([&] { ip::dial_tcp(v, "nowhere", dial.completion()); }),
        "ep"));
    CHECK(is_lost_later(dial));

    struct : blocking_pool {
        void submit(blocking_job&) override {
            throw failure{error_code{EAGAIN, boost::system::system_category()}};
        }
        bool take_back(blocking_job&) noexcept override { return false; }
        void disown(blocking_job&) noexcept override {}
    } full;
    pending<> job{v};
    CHECK(failure_of([&] {
              run_blocking(full, blocking_policy::finish, job.completion(),
                           [] {});
          }).code.value() == EAGAIN);
    CHECK(is_lost_later(job));
}

void while_the_context_ends() {
    auto ctx = std::make_unique<thread_pool>(1);
    test_vm v{*ctx};
    v.tolerates_lost_handlers = true;
    v.doomed = true;
    pending<> op{v};
    boost::asio::post(v.io(), [h = op.completion()] {});
    ctx.reset();
    CHECK(op.op().lost);
}

/// How a process ends that loses a handler which nobody tolerates, and what it
/// says.
std::pair<int, std::string> end_of_loss(test_vm& v) {
    int ends[2];
    CHECK(::pipe(ends) == 0);
    const auto child = ::fork();
    if (child == 0) {
        ::dup2(ends[1], STDERR_FILENO);
        v.tolerates_lost_handlers = false;
        pending<> op{v};
        member m;
        m.name = "careless";
        op.op().what = &m;
        op.completion();
        ::_exit(0);
    }
    ::close(ends[1]);
    std::string said;
    char c;
    while (::read(ends[0], &c, 1) == 1) said += c;
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    return {status, said};
}

void debug_builds_abort(test_vm& v) {
    const auto [status, said] = end_of_loss(v);
#ifdef NDEBUG
    CHECK(status == 0 && said.empty());
#else
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    CHECK(said.find("careless lost its handler") != said.npos);
#endif
}

} // namespace

int main() {
    static_assert(!std::is_copy_constructible_v<handler<>> &&
                  !std::is_copy_assignable_v<handler<>>);
    thread_pool pool{1};
    test_vm v{pool};
    v.tolerates_lost_handlers = true;
    debug_builds_abort(v);
    dropped_at_once(v);
    dropped_later(v);
    dropped_on_another_thread(v);
    moved(v);
    called(v);
    with_a_mailbox(v);
    with_a_set_of_signals(v);
    with_a_timer(v);
    with_an_exception(v);
    while_the_context_ends();
    CHECK(v.outstanding == 0);
    return failures != 0;
}
