// SPDX-License-Identifier: MIT OR BSL-1.0
// Names: what is asked of whom.
#include "ip_sockets.hpp"

#include "core/blocking_pool.hpp"
#include "modules/ip/resolve.hpp"

#include <boost/asio/error.hpp>

#include <future>

using namespace emilua;
using namespace emilua::ip;
using namespace emilua::test;

namespace {

const error_code aborted = boost::asio::error::operation_aborted;

/// Occupies every thread of the resolver's pool.
class busy_pool {
public:
    explicit busy_pool(test_vm& v) {
        const auto answer = answer_.get_future().share();
        for (int i = 0; i < threads; ++i) {
            std::promise<void> started;
            auto running = started.get_future();
            jobs_.push_back(start_blocking<>(
                v, resolver_pool(), blocking_policy::abandon,
                question{std::move(started), answer}, ignored{}));
            running.wait();
        }
    }
    ~busy_pool() {
        for (auto& j : jobs_) j->cancel();
        answer_.set_value();
    }
    static constexpr int threads = 16;

private:
    struct question {
        std::promise<void> started;
        std::shared_future<void> answer;
        void operator()() {
            started.set_value();
            answer.wait();
        }
    };
    struct ignored {
        void operator()(blocking_outcome<>&) {}
    };
    std::promise<void> answer_;
    std::vector<std::shared_ptr<blocking_call<question, ignored>>> jobs_;
};

using entries = std::vector<address_entry>;

void forward(test_vm& v, host_argument host, service_argument service,
             resolver_flags flags, pending<entries>& op) {
    get_address_info<SOCK_STREAM, AF_UNSPEC>(
        v, std::move(host), std::move(service), flags, op.completion());
}

// All threads are busy, so whoever needs one would have to wait.
void numbers_are_not_looked_up(test_vm& v) {
    busy_pool busy{v};
    auto at_once = [&](auto host, auto service, resolver_flags flags) {
        pending<entries> op{v};
        forward(v, host, service, flags, op);
        CHECK(op.done() && !op.error());
        return std::move(op.value());
    };
    const auto loopback = address::parse("127.0.0.1", "host");
    auto r = at_once(loopback, port_number{80}, {});
    CHECK(r.size() == 1 && r[0].port == 80 && !r[0].canonical_name);
    CHECK(r[0].address == loopback.get());
    r = at_once(std::string{"::1"}, std::string{"8080"}, {});
    CHECK(r[0].address.is_v6() && r[0].port == 8080);
    CHECK(at_once(loopback, port_number{0},
                  flags_of<resolver_flag>{
                      static_cast<unsigned>(resolver_flag::canonical_name)})
              .front()
              .canonical_name == "127.0.0.1");
    CHECK(!at_once(std::string{}, port_number{80}, {}).empty());

    // Mapped unless the flags say otherwise.
    pending<entries> mapped{v}, refused{v};
    get_address_info<SOCK_STREAM, AF_INET6>(v, loopback, port_number{1}, {},
                                            mapped.completion());
    CHECK(mapped.done() && mapped.value()[0].address.is_v6());
    get_address_info<SOCK_STREAM, AF_INET6>(v, loopback, port_number{1},
                                            flags_of<resolver_flag>{},
                                            refused.completion());
    CHECK(refused.error() == boost::asio::error::host_not_found);
    CHECK(refused.op().argument == std::string_view{"host"});

    auto a = listen_anywhere(v);
    pending<tcp_socket> dialed{v};
    dial_tcp(v, "127.0.0.1:" + std::to_string(a.local_port()),
             dialed.completion());
    dialed.wait();
    CHECK(!dialed.error());

    // A budget that is spent means a turn for others first.
    v.inline_budget = 0;
    pending<entries> later{v};
    forward(v, loopback, port_number{80}, {}, later);
    CHECK(!later.done());
    later.wait();
    v.inline_budget = vm::default_inline_budget;
}

void names_are(test_vm& v) {
    pending<entries> op{v};
    forward(v, std::string{"localhost"}, port_number{80},
            flags_of<resolver_flag>{
                static_cast<unsigned>(resolver_flag::canonical_name)},
            op);
    CHECK(!op.done());
    op.wait();
    CHECK(!op.error());
    CHECK(op.value()[0].address.is_loopback());
    CHECK(op.value()[0].port == 80);
    CHECK(op.value()[0].canonical_name.has_value());

    pending<entries> unknown{v};
    forward(v, std::string{"127.0.0.1"}, std::string{"no-such-service"}, {},
            unknown);
    unknown.wait();
    CHECK(unknown.error() == boost::asio::error::service_not_found);
    CHECK(unknown.op().argument == std::string_view{"service"});
    CHECK(is_invalid(failure_of([&] {
                         forward(v, std::string("a\0b", 3), port_number{1}, {},
                                 unknown);
                     }),
                     "host"));

    pending<std::vector<name_entry>> reverse{v};
    get_name_info<SOCK_STREAM>(v, address::parse("127.0.0.1", "a"),
                               port_number{80}, reverse.completion());
    CHECK(!reverse.done());
    reverse.wait();
    CHECK(reverse.value().size() == 1);
    CHECK(!reverse.value()[0].host_name.empty());
    CHECK(!reverse.value()[0].service_name.empty());
}

void canceled_lookups_are_left_behind(test_vm& v) {
    busy_pool busy{v};
    pending<entries> op{v};
    forward(v, std::string{"localhost"}, port_number{80}, {}, op);
    pending<tcp_socket> dialing{v};
    dial_tcp(v, "localhost:http", dialing.completion());
    pending<std::vector<name_entry>> reverse{v};
    get_name_info<SOCK_DGRAM>(v, address::parse("::1", "a"), port_number{53},
                              reverse.completion());
    CHECK(!op.done() && !dialing.done() && !reverse.done());
    op.cancel();
    dialing.cancel();
    dialing.cancel();
    reverse.cancel();
    op.wait();
    dialing.wait();
    reverse.wait();
    CHECK(op.error() == aborted);
    CHECK(dialing.error() == aborted);
    CHECK(reverse.error() == aborted);
}

// A name server that does not answer holds up nothing but names.
void files_do_not_wait_for_names(test_vm& v) {
    busy_pool busy{v};
    pending<int> op{v};
    run_blocking(blocking_policy::finish, op.completion(), [] { return 1; });
    op.wait();
    CHECK(op.value() == 1);
}

} // namespace

int main() {
    const auto before = open_descriptors();
    {
        thread_pool ctx{1};
        test_vm v{ctx};
        for (auto* test :
             {numbers_are_not_looked_up, names_are,
              canceled_lookups_are_left_behind, files_do_not_wait_for_names}) {
            v.inline_budget = vm::default_inline_budget;
            test(v);
            CHECK(v.outstanding == 0);
        }
    }
    CHECK(open_descriptors() == before);
    return failures != 0;
}
