// SPDX-License-Identifier: MIT OR BSL-1.0
// Names: what is asked of whom, and what becomes of questions nobody waits
// for any more.
#include "ip_sockets.hpp"

#include "modules/ip/resolve.hpp"

#include <boost/asio/error.hpp>

#include <fstream>
#include <future>
#include <thread>

using namespace emilua;
using namespace emilua::ip;
using namespace emilua::test;

namespace {

const error_code aborted = boost::asio::error::operation_aborted;

/// Questions that are answered when the test says so.
class slow_questions {
public:
    std::function<void()> ask() {
        return [this, answer = answer_.get_future().share()] {
            ++asked_;
            asked_.notify_all();
            answer.wait();
            ++ended_;
            ended_.notify_all();
        };
    }
    void wait_asked(int n) { wait(asked_, n); }
    void wait_ended(int n) { wait(ended_, n); }
    void answer() { answer_.set_value(); }

private:
    static void wait(std::atomic<int>& a, int n) {
        for (int now = a; now < n; now = a) a.wait(now);
    }
    std::promise<void> answer_;
    std::atomic<int> asked_ = 0, ended_ = 0;
};

/// Occupies every thread of the pool.
class busy_pool {
public:
    explicit busy_pool(test_vm& v) {
        auto answer = release_.get_future().share();
        for (int i = 0; i < threads; ++i) {
            auto started = std::make_shared<std::promise<void>>();
            auto running = started->get_future();
            jobs_.push_back(lookup::start(
                v,
                [started, answer] {
                    started->set_value();
                    answer.wait();
                },
                [this] { ++answered_; }));
            running.wait();
        }
    }
    ~busy_pool() {
        for (auto& j : jobs_) j->cancel();
        release();
    }
    void release() {
        if (!std::exchange(released_, true)) release_.set_value();
    }
    int answered() const { return answered_; }
    static constexpr int threads = 4;

private:
    std::promise<void> release_;
    std::vector<std::shared_ptr<lookup>> jobs_;
    bool released_ = false;
    int answered_ = 0;
};

using entries = std::vector<address_entry>;

void forward(test_vm& v, host_argument host, service_argument service,
             resolver_flags flags, pending<entries>& op) {
    get_address_info<SOCK_STREAM, AF_UNSPEC>(
        v, std::move(host), std::move(service), flags, op.completion());
}

// All threads are busy, so whoever needs one would have to wait.
void numbers_are_not_looked_up(test_vm& v) {
    busy_pool busy{v};
    auto at_once = [&](auto host, auto service, resolver_flags flags) {
        pending<entries> op{v};
        forward(v, host, service, flags, op);
        CHECK(op.done() && !op.error());
        return std::move(op.value());
    };
    const auto loopback = address::parse("127.0.0.1", "host");
    auto r = at_once(loopback, port_number{80}, {});
    CHECK(r.size() == 1 && r[0].port == 80 && !r[0].canonical_name);
    CHECK(r[0].address == loopback.get());
    r = at_once(std::string{"::1"}, std::string{"8080"}, {});
    CHECK(r[0].address.is_v6() && r[0].port == 8080);
    CHECK(at_once(loopback, port_number{0},
                  flags_of<resolver_flag>{
                      static_cast<unsigned>(resolver_flag::canonical_name)})
              .front()
              .canonical_name == "127.0.0.1");
    CHECK(!at_once(std::string{}, port_number{80}, {}).empty());

    // Mapped unless the flags say otherwise.
    pending<entries> mapped{v}, refused{v};
    get_address_info<SOCK_STREAM, AF_INET6>(v, loopback, port_number{1}, {},
                                            mapped.completion());
    CHECK(mapped.done() && mapped.value()[0].address.is_v6());
    get_address_info<SOCK_STREAM, AF_INET6>(v, loopback, port_number{1},
                                            flags_of<resolver_flag>{},
                                            refused.completion());
    CHECK(refused.error() == boost::asio::error::host_not_found);
    CHECK(refused.op().argument == std::string_view{"host"});

    auto a = listen_anywhere(v);
    pending<tcp_socket> dialed{v};
    dial_tcp(v, "127.0.0.1:" + std::to_string(a.local_port()),
             dialed.completion());
    dialed.wait();
    CHECK(!dialed.error());

    // A budget that is spent means a turn for others first.
    v.inline_budget = 0;
    pending<entries> later{v};
    forward(v, loopback, port_number{80}, {}, later);
    CHECK(!later.done());
    later.wait();
    v.inline_budget = vm::default_inline_budget;
}

void names_are(test_vm& v) {
    pending<entries> op{v};
    forward(v, std::string{"localhost"}, port_number{80},
            flags_of<resolver_flag>{
                static_cast<unsigned>(resolver_flag::canonical_name)},
            op);
    CHECK(!op.done());
    op.wait();
    CHECK(!op.error());
    CHECK(op.value()[0].address.is_loopback());
    CHECK(op.value()[0].port == 80);
    CHECK(op.value()[0].canonical_name.has_value());

    pending<entries> unknown{v};
    forward(v, std::string{"127.0.0.1"}, std::string{"no-such-service"}, {},
            unknown);
    unknown.wait();
    CHECK(unknown.error() == boost::asio::error::service_not_found);
    CHECK(unknown.op().argument == std::string_view{"service"});
    CHECK(is_invalid(failure_of([&] {
                         forward(v, std::string("a\0b", 3), port_number{1}, {},
                                 unknown);
                     }),
                     "host"));

    pending<std::vector<name_entry>> reverse{v};
    get_name_info<SOCK_STREAM>(v, address::parse("127.0.0.1", "a"),
                               port_number{80}, reverse.completion());
    CHECK(!reverse.done());
    reverse.wait();
    CHECK(reverse.value().size() == 1);
    CHECK(!reverse.value()[0].host_name.empty());
    CHECK(!reverse.value()[0].service_name.empty());
}

void canceled_lookups_are_left_behind(test_vm& v) {
    busy_pool busy{v};
    pending<entries> op{v};
    forward(v, std::string{"localhost"}, port_number{80}, {}, op);
    pending<tcp_socket> dialing{v};
    dial_tcp(v, "localhost:http", dialing.completion());
    pending<std::vector<name_entry>> reverse{v};
    get_name_info<SOCK_DGRAM>(v, address::parse("::1", "a"), port_number{53},
                              reverse.completion());
    CHECK(!op.done() && !dialing.done() && !reverse.done());
    op.cancel();
    dialing.cancel();
    dialing.cancel();
    reverse.cancel();
    op.wait();
    dialing.wait();
    reverse.wait();
    CHECK(op.error() == aborted);
    CHECK(dialing.error() == aborted);
    CHECK(reverse.error() == aborted);
}

void answers_beat_cancellation(test_vm& v) {
    std::promise<void> asked;
    int answered = 0;
    auto job = lookup::start(
        v, [&] { asked.set_value(); }, [&] { ++answered; });
    asked.get_future().wait();
    // Runs what the thread posts, but not yet the VM's own queue.
    v.io().restart();
    while (v.io().run_one_for(std::chrono::milliseconds{1}) == 0) {
    }
    CHECK(!job->cancel());
    v.io().restart();
    v.io().run();
    CHECK(answered == 1);
    CHECK(!job->cancel());
}

// The VM and its context are gone when the system answers at last.
void lookups_outlive_their_program() {
    slow_questions questions;
    {
        thread_pool ctx{1};
        test_vm v{ctx};
        auto job = lookup::start(v, questions.ask(), [] { CHECK(false); });
        questions.wait_asked(1);
        CHECK(job->cancel());
        // Nothing keeps the context running any more.
        ctx.io().restart();
        CHECK(ctx.io().run() == 0);
    }
    questions.answer();
    questions.wait_ended(1);
}

int pool_threads() {
    int n = 0;
    for (auto& t : std::filesystem::directory_iterator{"/proc/self/task"}) {
        std::string name;
        std::getline(std::ifstream{t.path() / "comm"}, name);
        n += name == "emilua-lookup";
    }
    return n;
}

void threads_are_few(test_vm& v) {
    busy_pool busy{v};
    std::atomic<int> asked = 0;
    std::vector<std::shared_ptr<lookup>> more;
    for (int i = 0; i < 8; ++i) {
        more.push_back(lookup::start(
            v, [&] { ++asked; }, [] {}));
    }
    CHECK(pool_threads() == busy_pool::threads);
    // Who gave up before its turn is not asked for any more.
    for (auto& job : more) CHECK(job->cancel());
    busy.release();
    while (busy.answered() < busy_pool::threads) {
        v.io().restart();
        v.io().run_one();
    }
    CHECK(asked == 0);
}

} // namespace

int main() {
    const auto before = open_descriptors();
    {
        thread_pool ctx{1};
        test_vm v{ctx};
        for (auto* test : {numbers_are_not_looked_up, names_are,
                           canceled_lookups_are_left_behind,
                           answers_beat_cancellation, threads_are_few}) {
            v.inline_budget = vm::default_inline_budget;
            test(v);
            CHECK(v.outstanding == 0);
        }
    }
    lookups_outlive_their_program();
    CHECK(open_descriptors() == before);
    // With a question still open: the end of the process waits for nobody.
    thread_pool ctx{1};
    test_vm v{ctx};
    std::promise<void> asked;
    auto job = lookup::start(
        v,
        [&asked] {
            asked.set_value();
            std::promise<void> never;
            never.get_future().wait();
        },
        [] {});
    asked.get_future().wait();
    job->cancel();
    return failures != 0;
}
