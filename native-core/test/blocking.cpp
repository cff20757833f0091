// SPDX-License-Identifier: MIT OR BSL-1.0
// Calls that block: what they give, how they fail, what a cancellation and the
// end of a VM do to them.
#include "core/blocking_pool.hpp"
#include "test_vm.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <set>
#include <thread>

using namespace emilua;
using namespace emilua::test;

namespace {

constexpr int threads = 3;
const error_code aborted = boost::asio::error::operation_aborted;

error_code system_error(int code) {
    return {code, boost::system::system_category()};
}

/// A door that calls stop at until the test opens it.
class door {
public:
    /// For one call; `wait_inside` waits until it came here.
    void pass() {
        ++inside_;
        inside_.notify_all();
        opened_.wait();
    }
    void wait_inside(int n) {
        for (int now = inside_; now < n; now = inside_) inside_.wait(now);
    }
    void open() { open_.set_value(); }

private:
    std::promise<void> open_;
    std::shared_future<void> opened_ = open_.get_future().share();
    std::atomic<int> inside_ = 0;
};

/// Occupies every thread of the general pool until the door is opened.
class busy_pool {
public:
    explicit busy_pool(test_vm& v) {
        for (int i = 0; i < threads; ++i) {
            auto& op = *ops_.emplace_back(std::make_unique<pending<>>(v));
            run_blocking(blocking_policy::finish, op.completion(),
                         [d = door_] { d->pass(); });
        }
        door_->wait_inside(threads);
    }
    ~busy_pool() {
        if (!opened_) open();
        for (auto& op : ops_) op->wait();
    }
    void open() {
        opened_ = true;
        door_->open();
    }

private:
    std::shared_ptr<door> door_ = std::make_shared<door>();
    std::vector<std::unique_ptr<pending<>>> ops_;
    bool opened_ = false;
};

void results_arrive_on_the_turn(test_vm& v) {
    pending<> none{v};
    pending<int> one{v};
    pending<int, std::string> two{v};
    std::thread::id where;
    run_blocking(blocking_policy::abandon, none.completion(),
                 [&] { where = std::this_thread::get_id(); });
    run_blocking(blocking_policy::abandon, one.completion(), [] { return 7; });
    // What a call owns may be moved only.
    run_blocking(blocking_policy::finish, two.completion(),
                 [text = std::make_unique<std::string>("seven")] {
                     return std::tuple{7, *text};
                 });
    CHECK(!none.done() && !one.done() && !two.done());
    none.wait();
    one.wait();
    two.wait();
    CHECK(where != std::thread::id{} && where != std::this_thread::get_id());
    CHECK(one.value() == 7);
    CHECK(two.value() == 7 && two.value<1>() == "seven");
}

void failures_arrive_whole(test_vm& v) {
    auto fail_with = [&](auto e, auto look) {
        pending<int> op{v};
        run_blocking(blocking_policy::finish, op.completion(),
                     [e]() -> int { throw e; });
        op.wait();
        look(op.op());
    };
    failure f{system_error(EXDEV), "rename", "to"};
    f.expected = "a path in the same file system";
    fail_with(f, [](const operation& op) {
        CHECK(op.error == system_error(EXDEV));
        CHECK(op.syscall == std::string_view{"rename"});
        CHECK(op.argument == std::string_view{"to"});
        CHECK(op.expected && *op.expected == "a path in the same file system");
    });
    fail_with(boost::system::system_error{system_error(EIO)},
              [](const operation& op) {
                  CHECK(op.error == system_error(EIO));
                  CHECK(!op.syscall && !op.argument && !op.expected);
              });
    fail_with(std::bad_alloc{}, [](const operation& op) {
        CHECK(op.error == system_error(ENOMEM));
    });
    fail_with(
        std::filesystem::filesystem_error{
            "x", std::error_code{EXDEV, std::system_category()}},
        [](const operation& op) { CHECK(op.error == system_error(EXDEV)); });
    fail_with(std::logic_error{"out of luck"}, [](const operation& op) {
        CHECK(op.error == unexpected_error("out of luck"));
        CHECK(op.error.message() == "out of luck");
    });
    fail_with(5, [](const operation& op) {
        CHECK(op.error == unexpected_error("unknown exception"));
    });
}

void queued_calls_are_taken_back(test_vm& v) {
    std::atomic<int> made = 0;
    auto owned = std::make_shared<int>(0);
    {
        busy_pool busy{v};
        for (auto policy :
             {blocking_policy::abandon, blocking_policy::finish}) {
            pending<> op{v};
            run_blocking(policy, op.completion(), [&made, owned] { ++made; });
            op.cancel();
            op.cancel();
            CHECK(!op.done());
            op.wait();
            CHECK(op.error() == aborted);
        }
        // Given back at once, not when a thread finds it.
        CHECK(owned.use_count() == 1);
    }
    CHECK(made == 0);
}

void running_questions_are_abandoned(test_vm& v) {
    auto d = std::make_shared<door>();
    auto over = std::make_shared<std::promise<void>>();
    struct witness {
        std::shared_ptr<std::promise<void>> over;
        witness(std::shared_ptr<std::promise<void>> o) : over{std::move(o)} {}
        witness(witness&&) = default;
        ~witness() {
            if (over) over->set_value();
        }
    };
    auto ended = over->get_future();
    pending<int> op{v};
    run_blocking(blocking_policy::abandon, op.completion(),
                 [d, w = witness{std::move(over)}] {
                     d->pass();
                     return 1;
                 });
    d->wait_inside(1);
    op.cancel();
    op.wait();
    CHECK(op.error() == aborted);
    // Nothing keeps the context running any more.
    v.io().restart();
    CHECK(v.io().run() == 0);
    d->open();
    ended.wait();
}

void running_effects_are_waited_for(test_vm& v) {
    auto d = std::make_shared<door>();
    pending<int> op{v};
    run_blocking(blocking_policy::finish, op.completion(), [d] {
        d->pass();
        return 1;
    });
    d->wait_inside(1);
    op.cancel();
    v.io().restart();
    v.io().poll();
    CHECK(!op.done());
    d->open();
    op.wait();
    CHECK(!op.error() && op.value() == 1);
}

// The answer is on its way when the cancellation comes.
void results_beat_cancellation(test_vm& v) {
    for (auto policy : {blocking_policy::abandon, blocking_policy::finish}) {
        pending<int> op{v};
        const int before = v.posts();
        run_blocking(policy, op.completion(), [] { return 1; });
        // Nobody runs the context meanwhile.
        v.wait_post(before);
        op.cancel();
        op.wait();
        CHECK(!op.error() && op.value() == 1);
    }
}

void many_run_on_few_threads(test_vm& v) {
    constexpr int calls = 1000;
    // Calls that were abandoned may still be made when the test is over.
    struct threads_seen {
        std::mutex mutex;
        std::set<std::thread::id> ids;
    };
    auto seen = std::make_shared<threads_seen>();
    std::vector<std::unique_ptr<pending<int>>> ops;
    for (int i = 0; i < calls; ++i) {
        auto& op = *ops.emplace_back(std::make_unique<pending<int>>(v));
        run_blocking(i % 2 ? blocking_policy::abandon : blocking_policy::finish,
                     op.completion(), [seen, i] {
                         const std::lock_guard lock{seen->mutex};
                         seen->ids.insert(std::this_thread::get_id());
                         return i;
                     });
    }
    for (int i = 0; i < calls; i += 3) ops[i]->cancel();
    for (int i = 0; i < calls; ++i) {
        ops[i]->wait();
        if (ops[i]->error())
            CHECK(i % 3 == 0 && ops[i]->error() == aborted);
        else
            CHECK(ops[i]->value() == i);
    }
    const std::lock_guard lock{seen->mutex};
    CHECK(seen->ids.size() <= threads);
}

int pool_threads() {
    int n = 0;
    for (auto& t : std::filesystem::directory_iterator{"/proc/self/task"}) {
        std::string name;
        std::getline(std::ifstream{t.path() / "comm"}, name);
        n += name == "emilua-pool";
    }
    return n;
}

// A VM ends by canceling all it waits for, as the faces do.
void programs_end_with_calls_under_way() {
    auto questions = std::make_shared<door>(),
         effects = std::make_shared<door>();
    {
        thread_pool ctx{1};
        test_vm v{ctx};
        pending<int> question{v}, effect{v}, queued{v}, late{v};
        run_blocking(blocking_policy::abandon, question.completion(),
                     [questions] {
                         questions->pass();
                         return 1;
                     });
        run_blocking(blocking_policy::finish, effect.completion(), [effects] {
            effects->pass();
            return 2;
        });
        run_blocking(blocking_policy::finish, late.completion(), [effects] {
            effects->pass();
            return 3;
        });
        questions->wait_inside(1);
        effects->wait_inside(2);
        run_blocking(blocking_policy::finish, queued.completion(),
                     [] { return 4; });
        v.doomed = true;
        // First what is queued: a thread whose question is given up is
        // replaced.
        for (auto* op : {&queued, &question, &effect, &late}) op->cancel();
        question.wait();
        queued.wait();
        CHECK(question.error() == aborted && queued.error() == aborted);
        CHECK(!effect.done() && !late.done());
        effects->open();
        effect.wait();
        late.wait();
        CHECK(effect.value() == 2 && late.value() == 3);
    }
    // The question is still being asked, of a program that is gone.
    questions->open();
}

void measure(test_vm& v) {
    constexpr int rounds = 200, at_once = 500;
    const auto begun = std::chrono::steady_clock::now();
    for (int r = 0; r < rounds; ++r) {
        std::vector<std::unique_ptr<pending<int>>> ops;
        for (int i = 0; i < at_once; ++i) {
            auto& op = *ops.emplace_back(std::make_unique<pending<int>>(v));
            run_blocking(blocking_policy::finish, op.completion(),
                         [i] { return i; });
        }
        for (auto& op : ops) op->wait();
    }
    const std::chrono::duration<double> took =
        std::chrono::steady_clock::now() - begun;
    std::printf("%.0f calls a second\n", rounds * at_once / took.count());
}

} // namespace

int main(int argc, char**) {
    ::setenv("EMILUA_POOL_THREADS", std::to_string(threads).c_str(), 1);
    thread_pool ctx{1};
    test_vm v{ctx};
    if (argc > 1) {
        measure(v);
        return 0;
    }
    for (auto* test :
         {results_arrive_on_the_turn, failures_arrive_whole,
          queued_calls_are_taken_back, running_questions_are_abandoned,
          running_effects_are_waited_for, results_beat_cancellation,
          many_run_on_few_threads}) {
        test(v);
        CHECK(v.outstanding == 0);
    }
    CHECK(pool_threads() == threads);
    programs_end_with_calls_under_way();
    // With a call still being made: the end of the process waits for nobody.
    auto never = std::make_shared<door>();
    pending<> op{v};
    run_blocking(blocking_policy::abandon, op.completion(),
                 [never] { never->pass(); });
    never->wait_inside(1);
    op.cancel();
    op.wait();
    return failures != 0;
}
