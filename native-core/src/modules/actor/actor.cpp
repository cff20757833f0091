// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/actor/actor.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include <mutex>

namespace emilua::actor {
namespace {

// Shared by the operation and the actor that is watched, which may end on any
// thread, and after the one that watches. Whoever takes the handler completes
// it.
class watching {
public:
    struct pending {
        boost::asio::executor_work_guard<boost::asio::io_context::executor_type>
            busy;
        handler<std::string> complete;
    };

    explicit watching(handler<std::string> h)
        : pending_{
              {boost::asio::make_work_guard(h.owner().io()), std::move(h)}} {}

    std::optional<pending> take() {
        const std::lock_guard lock{mutex_};
        return std::exchange(pending_, std::nullopt);
    }

private:
    std::mutex mutex_;
    std::optional<pending> pending_;
};

} // namespace

void channel::send(value message) {
    if (!to_ || !to_->box()->send(std::move(message)))
        throw failure{make_error_code(errc::channel_closed)};
}

void channel::closed(handler<std::string> h) {
    auto slot = h.get_cancellation_slot();
    auto w = std::make_shared<watching>(std::move(h));
    // Weak: what is dropped by the mailbox must not be kept by the operation
    // that waits for it.
    slot.assign([weak = std::weak_ptr{w}](auto) {
        const auto w = weak.lock();
        if (!w) return;
        if (auto p = w->take())
            p->complete(boost::asio::error::operation_aborted, {});
    });
    box_->watch([w](const std::string& reason) {
        if (auto p = w->take()) p->complete.complete_later({}, reason);
    });
}

} // namespace emilua::actor
