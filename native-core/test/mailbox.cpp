// SPDX-License-Identifier: MIT OR BSL-1.0
// Messages between threads that look out for them, sleep or are about to: all
// come, once and in order, whenever they are sent. EMILUA_STORM multiplies how
// many.
#include "test_vm.hpp"

#include "core/mailbox.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <random>
#include <thread>
#include <vector>

namespace emilua::test {
namespace {

int times(int n) {
    const char* storm = std::getenv("EMILUA_STORM");
    return n * (storm ? std::atoi(storm) : 1);
}

void spend(std::chrono::nanoseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) continue;
}

struct own_thread {
    thread_pool pool;
    std::thread thread;
};

/// An actor that numbers what it receives and passes it on, on a thread of its
/// own.
class relay final : own_thread, public vm {
public:
    relay() : vm{pool} {}
    ~relay() override { inbox_->detach(); }

    /// Passes on so many messages, each as its number and `more`.
    void start(actor_address to, int count, int more, unsigned seed) {
        to_.emplace(std::move(to));
        count_ = count;
        more_ = more;
        random_.seed(seed);
        work_.emplace(io().get_executor());
        pool.post([this] { receive(); });
        thread = std::thread{[this] { pool.run(); }};
    }
    void join() { thread.join(); }

    void completed(operation& op) override {
        auto& received = static_cast<typed_operation<value>&>(op);
        const auto* number = std::get<0>(received.values.value()).as<double>();
        CHECK(!op.error && number && *number == next_);
        op.cancellation_slot().clear();
        op.destroy();
        // At every moment of the other thread's look, and after it.
        if (random_() % 4 == 0)
            spend(std::chrono::microseconds{random_() % 90});
        to_->box()->send(value{next_ + more_});
        if (++next_ == count_) return work_.reset();
        // Not from inside of what it waited for before.
        pool.post([this] { receive(); });
    }
    void post(queue_node& node) override {
        pool.post([this, &node] { node.run(*this, node); });
    }
    void escaped(std::exception_ptr) noexcept override { std::abort(); }
    std::span<std::byte> fetch_buffer(operation&, unsigned) override {
        return {};
    }
    bool is_master() const noexcept override { return true; }
    std::shared_ptr<mailbox> inbox() override { return inbox_; }

private:
    void receive() {
        inline_budget = random_() % 2;
        inbox_->receive(
            handler<value>{start_operation<typed_operation<value>>()});
    }

    const std::shared_ptr<mailbox> inbox_ = std::make_shared<mailbox>(*this);
    std::optional<actor_address> to_;
    std::optional<boost::asio::executor_work_guard<
        boost::asio::io_context::executor_type>>
        work_;
    std::minstd_rand random_;
    int next_ = 0, count_ = 0, more_ = 0;
};

/// Each member of a ring has passed on `count` messages, of which so many were
/// on their way at once.
void go_round(std::size_t members, int at_once, int count) {
    std::vector<std::unique_ptr<relay>> ring;
    for (std::size_t i = 0; i < members; ++i)
        ring.push_back(std::make_unique<relay>());
    // The last ones come to a member that has ended.
    for (int i = 0; i < at_once; ++i) ring.front()->inbox()->send(value{i});
    for (std::size_t i = 0; i < members; ++i)
        ring[i]->start(actor_address{ring[(i + 1) % members]->inbox()}, count,
                       i + 1 == members ? at_once : 0,
                       static_cast<unsigned>(i) + 1);
    for (auto& r : ring) r->join();
}

} // namespace
} // namespace emilua::test

int main() {
    using namespace emilua::test;
    const int count = times(6000);
    go_round(2, 1, count);
    go_round(2, 3, count);
    go_round(5, 2, count / 4);
    return failures == 0 ? 0 : 1;
}
