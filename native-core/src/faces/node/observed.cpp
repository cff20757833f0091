// SPDX-License-Identifier: MIT OR BSL-1.0
#include "faces/node/observed.hpp"

#include "core/mailbox.hpp"
#include "faces/node/environment.hpp"

namespace emilua::node {

observed_environments& observed_environments::instance() {
    // Never destroyed: a worker may end while the process does.
    static auto& all = *std::make_unique<observed_environments>().release();
    return all;
}

void observed_environments::add(environment& e) {
    const std::lock_guard lock{mutex_};
    all_.insert(&e);
}

void observed_environments::remove(environment& e) {
    const std::lock_guard lock{mutex_};
    all_.erase(&e);
}

void observed_environments::ask(std::uint64_t token) noexcept {
    for (auto* e : all_) e->be_asked(token);
}

void observed_environments::describe(observation_sink& to) {
    for (const auto* e : all_) to.tell(e->observe());
}

observed_vm environment::observe() const {
    observed_vm r{"thread " + std::to_string(thread_id_), "javascript",
                  master_ ? "main" : "worker", "running"};
    if (!program_.empty()) r.program = program_;
    if (const auto n = inbox_ ? inbox_->size_now() : std::nullopt)
        r.messages = static_cast<double>(*n);
    return r;
}

std::optional<double> environment::waited(std::uint32_t id) const noexcept {
    if (id >= pending_.size() || !pending_[id].op) return {};
    return static_cast<double>(loop_.now() - pending_[id].since) / 1000;
}

void environment::woken() {
    const auto token = asked_.exchange(0);
    if (token == 0 || doomed) return;
    auto own = observe();
    own.state = "waiting";
    auto text = encode(own);
    const handle_scope scope{env_};
    try {
        if (observe_) {
            napi_value global, fibers;
            check(napi_get_global(env_, &global));
            check(napi_call_function(env_, global, value_of(observe_), 0,
                                     nullptr, &fibers));
            text.append(read_string(env_, fibers));
        }
    } catch (const javascript_error& e) {
        // Whoever asked is told what is known without.
        take_exception(env_, e);
    }
    answer_observer(token, std::move(text));
}

} // namespace emilua::node
