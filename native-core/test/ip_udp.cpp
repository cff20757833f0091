// SPDX-License-Identifier: MIT OR BSL-1.0
// Datagrams without a language.
#include "ip_sockets.hpp"

#include <boost/asio/error.hpp>

using namespace emilua;
using namespace emilua::ip;
using namespace emilua::test;

namespace {

struct received {
    std::string data;
    std::uint16_t port = 0;
    error_code ec{};
};

received receive_from(test_vm& v, udp_socket& s, std::size_t size = 64) {
    received r{std::string(size, '\0')};
    pending<std::size_t, address, std::uint16_t> op{v};
    s.receive_from(writable(r.data), {}, cut_off::success, op.completion());
    op.wait();
    r.ec = op.error();
    r.data.resize(r.ec ? 0 : op.value());
    if (!r.ec) r.port = op.value<2>();
    return r;
}

udp_socket bound(test_vm& v) {
    udp_socket s{v};
    s.open(ip_family::v4);
    s.bind(std::string{"127.0.0.1"}, port_number{0});
    return s;
}

void send_to(test_vm& v, udp_socket& from, std::string_view data,
             const udp_socket& to) {
    pending<std::size_t> op{v};
    from.send_to(readable(data), to.local_address(),
                 port_number{to.local_port()}, {}, op.completion());
    op.wait();
    CHECK(!op.error() && op.value() == data.size());
}

// Two that arrive as one event are both received.
void none_is_forgotten(test_vm& v) {
    auto a = bound(v), b = bound(v);
    for (int round = 0; round < 3; ++round) {
        std::string first(64, '\0'), second(64, '\0');
        pending<std::size_t> op{v}, next{v};
        b.receive(writable(first), {}, cut_off::success, op.completion());
        CHECK(!op.done());
        send_to(v, a, "one", b);
        send_to(v, a, "", b);
        send_to(v, a, "three", b);
        op.wait();
        CHECK(op.value() == 3);
        b.receive(writable(second), {}, cut_off::success, next.completion());
        next.wait();
        CHECK(next.value() == 0);
        const auto r = receive_from(v, b);
        CHECK(r.data == "three" && r.port == a.local_port());
    }
}

void what_does_not_fit_is_lost(test_vm& v) {
    auto a = bound(v), b = bound(v);
    send_to(v, a, "longer than four", b);
    send_to(v, a, "next", b);
    CHECK(receive_from(v, b, 4).data == "long");
    CHECK(receive_from(v, b, 4).data == "next");
}

void canceled_and_closed(test_vm& v) {
    auto a = bound(v);
    std::string b(4, '\0');
    pending<std::size_t> first{v}, second{v}, third{v};
    a.receive(writable(b), {}, cut_off::success, first.completion());
    a.receive(writable(b), {}, cut_off::success, second.completion());
    first.cancel();
    first.wait();
    CHECK(first.error() == boost::asio::error::operation_aborted);
    CHECK(!second.done() && a.busy());
    a.close();
    second.wait();
    CHECK(second.error() == boost::asio::error::operation_aborted);
    a.receive(writable(b), {}, cut_off::success, third.completion());
    CHECK(third.error() == boost::asio::error::bad_descriptor);
}

void dialed(test_vm& v) {
    auto b = bound(v);
    pending<udp_socket> op{v};
    dial_udp(v, "127.0.0.1:" + std::to_string(b.local_port()), op.completion());
    op.wait();
    auto& c = op.value();
    pending<std::size_t> sent{v};
    c.send(readable("hello"), {}, sent.completion());
    sent.wait();
    CHECK(receive_from(v, b).data == "hello");
    CHECK(c.remote_port() == b.local_port());
    c.disconnect();
    CHECK(failure_of([&] { c.remote_port(); }).code ==
          boost::asio::error::not_connected);
}

} // namespace

int main() {
    const auto before = open_descriptors();
    {
        thread_pool ctx{1};
        test_vm v{ctx};
        for (auto* test : {none_is_forgotten, what_does_not_fit_is_lost,
                           canceled_and_closed, dialed}) {
            v.inline_budget = vm::default_inline_budget;
            test(v);
            CHECK(v.outstanding == 0);
        }
    }
    CHECK(open_descriptors() == before);
    return failures != 0;
}
