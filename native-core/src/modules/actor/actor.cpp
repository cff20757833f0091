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
        handler<std::string> complete;
        boost::asio::executor_work_guard<boost::asio::io_context::executor_type>
            busy;
    };

    explicit watching(const handler<std::string>& h)
        : pending_{{h, boost::asio::make_work_guard(h.owner().io())}} {}

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
    auto w = std::make_shared<watching>(h);
    h.get_cancellation_slot().assign([w](auto) {
        if (auto p = w->take())
            p->complete(boost::asio::error::operation_aborted, {});
    });
    box_->watch([w](const std::string& reason) {
        if (auto p = w->take()) p->complete.complete_later({}, reason);
    });
}

} // namespace emilua::actor
