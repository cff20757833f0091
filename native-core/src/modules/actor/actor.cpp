// SPDX-License-Identifier: MIT OR BSL-1.0
#include "actor.hpp"

#include <boost/asio/error.hpp>

#include <mutex>

namespace emilua {
namespace {

// Shared by the operation and the actor that is watched, which may end on any
// thread, and after the one that watches.
struct watching {
    std::mutex mutex;
    emilua::context* context;
    std::optional<handler<std::string>> waiting;

    void finish(const error_code& ec, std::string reason) {
        std::optional<handler<std::string>> h;
        {
            const std::lock_guard lock{mutex};
            context = nullptr;
            h.swap(waiting);
        }
        if (!h) return;
        h->get_cancellation_slot().clear();
        (*h)(ec, std::move(reason));
    }
};

} // namespace

void channel::send(value message) {
    if (!to_ || !to_->box()->send(std::move(message)))
        throw failure{make_error_code(errc::channel_closed)};
}

void channel::closed(handler<std::string> h) {
    auto w = std::make_shared<watching>();
    w->context = &h.owner().context();
    w->waiting.emplace(h);
    h.get_cancellation_slot().assign(
        [w](auto) { w->finish(boost::asio::error::operation_aborted, {}); });
    box_->watch([w](const std::string& reason) {
        const std::lock_guard lock{w->mutex};
        if (!w->context) return;
        w->context->post([w, reason] { w->finish({}, reason); });
    });
}

} // namespace emilua
