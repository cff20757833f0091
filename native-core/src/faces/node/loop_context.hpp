// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/asio_queue.hpp"
#include "core/lookout.hpp"

#include <emilua/vm.hpp>

#include <uv.h>

#include <boost/asio/executor_work_guard.hpp>

#include <mutex>

namespace emilua::node {

/// Who has work to do on the thread of a libuv loop.
class loop_client {
public:
    /// Something may be ready.
    virtual void turn() = 0;
    /// Whether the calling thread is that of the loop.
    virtual bool is_on_turn() const noexcept = 0;
    /// Whether there is, apart from what Asio has.
    virtual bool has_work() = 0;
    /// Somebody woke the loop, before the turn that follows.
    virtual void woken() = 0;
    /// The loop begins another round.
    virtual void round() = 0;
    /// There is nothing to do: the loop goes to sleep, or ends.
    virtual void sleeps() = 0;
    /// Nothing of the loop refers to the context any more.
    virtual void closed() = 0;

protected:
    ~loop_client() = default;
};

/// A context that is polled on the thread of a libuv loop, whenever the epoll
/// descriptor of Asio's reactor has something to say.
///
/// That descriptor says nothing of what is in Asio's queue already: operations
/// that completed as they started, and posts. So the loop looks there, too,
/// before it sleeps, and `wake` is how other threads make it look.
class loop_context final : public emilua::context, public listening_context {
public:
    loop_context(uv_loop_t& loop, loop_client& client);
    ~loop_context() override;

    void post(std::function<void()> f) override;
    void message_comes() noexcept override;
    void message_came() noexcept override { lookout_.message_came(); }

    /// Makes a turn come soon. Any thread; the lock makes sure that nobody is
    /// still in here when the context is destroyed.
    void wake();
    /// The same in a signal handler, while the context cannot be destroyed.
    void wake_from_handler() noexcept { uv_async_send(&wake_); }

    /// Runs what is ready, but at most `limit` handlers: one may post the next
    /// without end. How many.
    std::size_t poll(std::size_t limit) { return queue_.poll(limit); }

    /// Whether the loop goes on for the sake of this context.
    void keep_alive(bool yes) noexcept;

    /// Milliseconds: what the loop's timers go by. Asks no clock.
    std::uint64_t now() const noexcept { return uv_now(readable_.loop); }

    /// Whether anything keeps the loop going.
    bool alive() const noexcept { return uv_loop_alive(readable_.loop) != 0; }
    /// Whether anything else does.
    bool alive_for_others() noexcept {
        const bool own = alive_;
        keep_alive(false);
        const bool others = alive();
        keep_alive(own);
        return others;
    }

    /// Gives the handles back to the loop; `loop_client::closed` follows.
    void close();

private:
    static constexpr int rounds_before_sleep = 4;

    bool ready();
    void wake_while_locked();
    /// Looks for a while whether another thread hands something in; whether
    /// something is ready.
    bool look_out();
    void stay_awake(bool yes);

    static void on_readable(uv_poll_t* handle, int status, int events);
    static void on_prepare(uv_prepare_t* handle);
    static void on_check(uv_check_t* handle);
    static void on_idle(uv_idle_t* handle);
    static void on_wake(uv_async_t* handle);
    static void on_close(uv_handle_t* handle);

    loop_client& client_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type>
        work_;
    asio_queue queue_;
    std::mutex wake_mutex_;
    lookout lookout_;
    /// Whoever hands something in need not wake the loop.
    std::atomic<bool> looking_out_ = false;
    /// While the loop does not sleep, once a message has come.
    std::optional<busy_thread> works_;
    uv_poll_t readable_;
    uv_prepare_t prepare_;
    uv_idle_t idle_;
    uv_check_t check_;
    uv_async_t wake_;
    int open_handles_ = 0;
    bool awake_ = false;
    bool alive_ = false;
};

} // namespace emilua::node
