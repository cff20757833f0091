// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/vm.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <tuple>
#include <utility>

/// Calls that block, made on a thread of a pool while the VM goes on.

namespace emilua {

/// What a cancellation does to a call that was not delivered yet.
enum class blocking_policy : std::uint8_t {
    /// For pure questions: the operation ends at once, and the answer, should
    /// one come, is dropped.
    abandon,
    /// For effects: what is still queued is taken back, but a call that is
    /// being made is waited for, and its result delivered. So is the end of
    /// its VM.
    finish,
};

class blocking_job;

/// Threads that run jobs, first come first served.
class blocking_pool {
public:
    /// Queues `job`. Throws `failure` when there is no thread to run it.
    virtual void submit(blocking_job& job) = 0;
    /// True when `job` was still queued, and now is no more.
    virtual bool take_back(blocking_job& job) noexcept = 0;
    /// Nobody waits for `job` any more: the thread that is at it, if one is,
    /// keeps no other job waiting.
    virtual void disown(blocking_job& job) noexcept = 0;

protected:
    ~blocking_pool() = default;
};

/// For files and whatever else blocks: as many threads as the environment
/// variable EMILUA_POOL_THREADS says (1 to 1024), or 16, started on demand.
blocking_pool& general_pool();

/// One call on its way through a pool. Owned by itself from its submission to
/// its delivery or cancellation.
class blocking_job : public queue_node,
                     public std::enable_shared_from_this<blocking_job> {
public:
    blocking_job(vm& owner, blocking_pool& pool, blocking_policy policy)
        : owner_{owner}, pool_{pool},
          guard_{std::in_place, owner.io().get_executor()}, policy_{policy} {
        run = [](vm&, queue_node& node) {
            static_cast<blocking_job&>(node).arrive();
        };
    }
    blocking_job(const blocking_job&) = delete;
    blocking_job& operator=(const blocking_job&) = delete;
    virtual ~blocking_job() = default;

    /// On the VM's turn, once.
    void submit() {
        self_ = shared_from_this();
        try {
            pool_.submit(*this);
        } catch (...) {
            self_.reset();
            throw;
        }
    }

    /// What a thread of the pool does.
    void execute() {
        const auto keep = shared_from_this();
        work();
        // Held while posting: whoever abandons a call may destroy its VM next,
        // and whoever takes the delivery, too.
        const std::lock_guard lock{mutex_};
        if (canceled_) return self_.reset();
        posted_ = true;
        owner_.post(*this);
    }

    /// Neighbours in the queue of the pool, which alone touches them.
    blocking_job *before = nullptr, *behind = nullptr;
    bool queued = false;
    /// Of the pool as well: what its thread has to know when it is done.
    bool* disowned = nullptr;

protected:
    /// On the VM's turn. True, once: it will not be delivered. False: it was,
    /// will be, or was canceled before.
    bool take_back() noexcept {
        const auto keep = shared_from_this();
        const bool was_queued = pool_.take_back(*this);
        {
            const std::lock_guard lock{mutex_};
            if (was_queued)
                self_.reset();
            else if (policy_ == blocking_policy::finish || posted_)
                return false;
            if (std::exchange(canceled_, true)) return false;
            guard_.reset();
        }
        if (!was_queued) pool_.disown(*this);
        return true;
    }

private:
    /// On a thread of the pool.
    virtual void work() noexcept = 0;
    /// On the VM's turn.
    virtual void deliver() = 0;

    void arrive() {
        std::shared_ptr<blocking_job> keep;
        {
            const std::lock_guard lock{mutex_};
            keep = std::move(self_);
        }
        guard_.reset();
        deliver();
    }

    vm& owner_;
    blocking_pool& pool_;
    /// Keeps the context running.
    std::optional<boost::asio::executor_work_guard<
        boost::asio::io_context::executor_type>>
        guard_;
    /// Held while the pool or the VM's queue points at this.
    std::shared_ptr<blocking_job> self_;
    std::mutex mutex_;
    const blocking_policy policy_;
    bool posted_ = false, canceled_ = false;
};

/// What a call came to: its results, or what it threw.
template <class... R> struct blocking_outcome {
    std::optional<std::tuple<R...>> values;
    std::optional<failure> error;
};

/// `F` gives the results, as `run_blocking` describes; `Done` takes a
/// `blocking_outcome<R...>&` on the VM's turn.
template <class F, class Done, class... R>
class blocking_call final : public blocking_job {
public:
    blocking_call(vm& owner, blocking_pool& pool, blocking_policy policy, F&& f,
                  Done&& done)
        : blocking_job{owner, pool, policy}, f_{std::move(f)}, done_{std::move(
                                                                   done)} {}

    /// On the VM's turn. Gives `done` back, which then will not be called, or
    /// nothing when it was, will be, or was given back before.
    std::optional<Done> cancel() {
        if (!take_back()) return std::nullopt;
        return std::exchange(done_, std::nullopt);
    }

private:
    void work() noexcept override {
        try {
            if constexpr (sizeof...(R) == 0) {
                (*f_)();
                outcome_.values.emplace();
            } else {
                outcome_.values.emplace((*f_)());
            }
        } catch (failure& e) {
            outcome_.error.emplace(std::move(e));
        } catch (const std::exception& e) {
            outcome_.error.emplace(error_of(e));
        } catch (...) {
            outcome_.error.emplace(unexpected_error("unknown exception"));
        }
        f_.reset();
    }
    void deliver() override {
        auto done = std::exchange(done_, std::nullopt);
        (*done)(outcome_);
    }

    std::optional<F> f_;
    std::optional<Done> done_;
    blocking_outcome<R...> outcome_;
};

/// Calls `f()` on a thread of `pool`, then `done(outcome)` on the VM's turn,
/// never before this returns. For what is only a part of an operation. Throws
/// `failure` (EAGAIN) when no thread can be had.
template <class... R, class F, class Done>
auto start_blocking(vm& owner, blocking_pool& pool, blocking_policy policy, F f,
                    Done done) {
    auto job = std::make_shared<blocking_call<F, Done, R...>>(
        owner, pool, policy, std::move(f), std::move(done));
    job->submit();
    return job;
}

/// Calls `f()` on a thread of `pool` and completes `h` with what it gives: a
/// value, nothing for a `handler<>`, a tuple for several results. What it
/// throws, a `failure` or as `error_of` says, is how the operation fails.
///
/// `f` is moved there and called once. It owns all that it touches, and does
/// not touch the VM. Throws `failure` (EAGAIN) when no thread can be had.
template <class F, class... R>
void run_blocking(blocking_pool& pool, blocking_policy policy, handler<R...> h,
                  F f) {
    struct complete {
        handler<R...> h;

        void operator()(blocking_outcome<R...>& o) {
            if (o.error) return h.fail(std::move(*o.error));
            std::apply([this](R&... r) { h({}, std::move(r)...); }, *o.values);
        }
    };
    auto& owner = h.owner();
    auto slot = h.get_cancellation_slot();
    auto job = start_blocking<R...>(owner, pool, policy, std::move(f),
                                    complete{std::move(h)});
    slot.assign([job = std::move(job)](boost::asio::cancellation_type) {
        // Not at once: the completion may end what is calling.
        if (auto done = job->cancel())
            done->h.fail_later(boost::asio::error::operation_aborted);
    });
}

template <class F, class... R>
void run_blocking(blocking_policy policy, handler<R...> h, F f) {
    run_blocking(general_pool(), policy, std::move(h), std::move(f));
}

} // namespace emilua
