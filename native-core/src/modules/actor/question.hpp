// SPDX-License-Identifier: MIT OR BSL-1.0
// What asking an actor takes, wherever it is.
#pragma once

#include "core/mailbox.hpp"

#include <emilua/describe.hpp>
#include <emilua/value.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <mutex>
#include <optional>

namespace emilua::actor {

/// Shared by an operation and who ends it, on any thread, and maybe after the
/// program that waits: an actor that is watched, or asked. Whoever takes the
/// handler completes it.
template <class... R> class outside_wait {
public:
    struct pending {
        boost::asio::executor_work_guard<boost::asio::io_context::executor_type>
            busy;
        handler<R...> complete;
    };

    explicit outside_wait(handler<R...> h)
        : pending_{
              {boost::asio::make_work_guard(h.owner().io()), std::move(h)}} {}

    /// Nothing but an actor of this process will end it, and it was not
    /// taken. The owner's turn.
    void count() {
        waits_ = pending_->complete.owner().inbox();
        waits_->begin_other_wait();
    }

    std::optional<pending> take() {
        const std::lock_guard lock{mutex_};
        if (pending_ && waits_) waits_->end_other_wait();
        return std::exchange(pending_, std::nullopt);
    }

protected:
    boost::asio::io_context& context() {
        return pending_->complete.owner().io();
    }

private:
    std::mutex mutex_;
    std::optional<pending> pending_;
    /// Where it is counted.
    std::shared_ptr<mailbox> waits_;
};

/// A wait for an answer, with a time limit.
class asking : public outside_wait<value> {
public:
    explicit asking(handler<value> h)
        : outside_wait{std::move(h)}, io{this->context()}, deadline_{io} {}
    virtual ~asking() = default;

    /// The way of the answer is closed: nobody waits. Any thread.
    virtual void give_up() noexcept = 0;

    /// Fails with ETIMEDOUT after so many seconds, in which `who` has not
    /// answered. The owner's turn.
    static void limit(const std::shared_ptr<asking>& a, double seconds,
                      std::string who);
    /// Ends the wait as canceled. The owner's turn.
    static void cancel(const std::shared_ptr<asking>& a);
    /// Whoever has the result: nothing is in the way of another end. Any
    /// thread.
    static void stop_clock(const std::shared_ptr<asking>& a);

    boost::asio::io_context& io;

private:
    boost::asio::steady_timer deadline_;
};

/// Throws EINVAL unless `message` has named fields, or none, and `seconds` is a
/// duration.
void check_question(const value& message, double seconds);
/// `message` with `reply`, the address for the answer.
value::record question(value message, value reply);

} // namespace emilua::actor
