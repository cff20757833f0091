// SPDX-License-Identifier: MIT OR BSL-1.0
#include "test_vm.hpp"

#include "core/signal_hub.hpp"

#include <csignal>
#include <set>

using namespace emilua;
using namespace emilua::test;

namespace {

class fake_source final : public signal_source {
public:
    void watch(int signo) override {
        CHECK(watched.insert(signo).second);
        ++changes;
    }
    void unwatch(int signo) override {
        CHECK(watched.erase(signo) == 1);
        ++changes;
    }

    std::set<int> watched;
    int changes = 0;
};

void hosts_handler(int) {}

} // namespace

/// Under a host, only its source touches a disposition.
int main() {
    fake_source source;
    auto& hub = signal_hub::instance();
    hub.use(source);
    std::signal(SIGINT, hosts_handler);

    thread_pool pool{1};
    test_vm vm{pool};
    {
        signal_subscription a, b;
        a.add(SIGINT);
        b.add(SIGINT);
        CHECK(source.changes == 1);
        hub.delivered(SIGINT);
        hub.delivered(SIGTERM);
        for (auto* s : {&a, &b}) {
            pending<int> op{vm};
            s->wait(op.completion());
            CHECK(op.done() && op.value() == SIGINT);
        }
        a.clear();
        CHECK(source.watched.contains(SIGINT));
    }
    CHECK(source.watched.empty());

    hub.ignore(SIGINT);
    hub.ignore(SIGINT);
    CHECK(source.watched.contains(SIGINT));
    {
        signal_subscription set;
        set.add(SIGINT);
        hub.delivered(SIGINT);
    }
    CHECK(source.watched.contains(SIGINT));
    hub.restore_default(SIGINT);
    hub.restore_default(SIGINT);
    CHECK(source.watched.empty());

    struct sigaction now {};
    ::sigaction(SIGINT, nullptr, &now);
    CHECK(now.sa_handler == hosts_handler);
    return failures != 0;
}
