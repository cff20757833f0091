// SPDX-License-Identifier: MIT OR BSL-1.0
// TCP sockets without a language, apart from the bytes that go through them:
// options, errors, descriptors.
#include "ip_sockets.hpp"

#include <boost/asio/error.hpp>

#include <fcntl.h>

using namespace emilua;
using namespace emilua::ip;
using namespace emilua::test;
using socket::option_named;

namespace {

const error_code aborted = boost::asio::error::operation_aborted;

error_code system_error(int e) { return {e, boost::system::system_category()}; }

void nothing_is_inherited(test_vm& v) {
    tcp_socket s{v};
    s.open(ip_family::v4);
    auto a = listen_anywhere(v);
    auto [client, server] = connect_to(v, a);
    for (int fd :
         {s.native_handle(), client.native_handle(), server.native_handle()})
        CHECK(::fcntl(fd, F_GETFD) & FD_CLOEXEC);
    auto fd = a.release();
    CHECK(::fcntl(fd.get(), F_GETFD) & FD_CLOEXEC);
    CHECK(::fcntl(fd.dup().get(), F_GETFD) & FD_CLOEXEC);
}

void flags_and_commands(test_vm& v) {
    auto [client, server] = connected_pair(v);
    write_once(v, client, "peekaboo");
    pending<> ready{v};
    server.wait(wait_type::read, ready.completion());
    ready.wait();
    CHECK(server.io_control(io_command::bytes_readable) == 8);
    auto receive = [&](unsigned flags) {
        std::string b(64, '\0');
        pending<std::size_t> op{v};
        server.receive(writable(b), flags_of<message_flag>{flags},
                       op.completion());
        op.wait();
        b.resize(op.error() ? 0 : op.value());
        return b;
    };
    const auto peek = static_cast<unsigned>(message_flag::peek);
    const auto urgent = static_cast<unsigned>(message_flag::out_of_band);
    CHECK(receive(peek) == "peekaboo");
    CHECK(receive(peek) == "peekaboo");
    CHECK(receive(0) == "peekaboo");

    pending<std::size_t> sent{v};
    client.send(readable("!"), flags_of<message_flag>{urgent},
                sent.completion());
    pending<> alarmed{v};
    server.wait(wait_type::error, alarmed.completion());
    alarmed.wait();
    CHECK(!alarmed.error());
    CHECK(receive(urgent) == "!");
    CHECK(!client.at_mark());

    CHECK(failure_of([&] { tcp_socket{v}.io_control({}); }).code ==
          system_error(EBADF));
}

void options(test_vm& v) {
    tcp_socket s{v};
    using o = tcp_socket_option;
    using socket::linger_option;
    using socket::option_value;
    CHECK(failure_of([&] {
              s.get_option(option_named<o>("keep_alive"));
          }).code == system_error(EBADF));
    s.open(address::parse("::1", "addr"));
    for (auto opt :
         {option_named<o>("tcp_no_delay"), option_named<o>("keep_alive"),
          option_named<o>("out_of_band_inline"),
          option_named<o>("do_not_route"), option_named<o>("v6_only")}) {
        s.set_option(opt, true, {});
        CHECK(s.get_option(opt) == option_value{true});
        s.set_option(opt, false, {});
        CHECK(s.get_option(opt) == option_value{false});
        CHECK(is_invalid(
            failure_of([&] { s.set_option(opt, std::int64_t{1}, {}); }),
            "val"));
    }
    for (auto opt : {option_named<o>("send_buffer_size"),
                     option_named<o>("receive_buffer_size"),
                     option_named<o>("receive_low_watermark")}) {
        s.set_option(opt, std::int64_t{20000}, {});
        CHECK(std::get<std::int64_t>(s.get_option(opt)) >= 20000);
        CHECK(is_invalid(failure_of([&] { s.set_option(opt, true, {}); }),
                         "val"));
        CHECK(is_invalid(
            failure_of([&] { s.set_option(opt, std::int64_t{-1}, {}); }),
            "val"));
    }
    s.set_option(option_named<o>("linger"), true, socket::seconds{7});
    auto l = std::get<linger_option>(s.get_option(option_named<o>("linger")));
    CHECK(l.enabled && l.timeout == 7);
    s.set_option(option_named<o>("linger"), linger_option{false, 3}, {});
    CHECK(!std::get<linger_option>(s.get_option(option_named<o>("linger")))
               .enabled);
    CHECK(is_invalid(failure_of([&] {
                         s.set_option(option_named<o>("keep_alive"), true,
                                      socket::seconds{3});
                     }),
                     "timeout"));
    CHECK(failure_of([&] { s.open(ip_family::v4); }).code ==
          error_code{boost::asio::error::already_open});

    auto a = listen_anywhere(v);
    CHECK(a.get_option(option_named<tcp_acceptor_option>("reuse_address")));
    a.set_option(option_named<tcp_acceptor_option>("enable_connection_aborted"),
                 true);
    CHECK(a.get_option(
        option_named<tcp_acceptor_option>("enable_connection_aborted")));
}

void errors_name_the_call(test_vm& v) {
    auto a = listen_anywhere(v);
    const auto port = std::to_string(a.local_port());
    pending<tcp_acceptor> busy{v};
    listen_tcp(v, "127.0.0.1:" + port, busy.completion());
    CHECK(busy.error() == system_error(EADDRINUSE));
    CHECK(busy.op().syscall == std::string_view{"bind"});

    a.close();
    pending<tcp_socket> refused{v};
    dial_tcp(v, "127.0.0.1:" + port, refused.completion());
    refused.wait();
    CHECK(refused.error() == system_error(ECONNREFUSED));
    CHECK(refused.op().syscall == std::string_view{"connect"});

    tcp_socket s{v};
    pending<> unreachable{v};
    s.open(ip_family::v4);
    s.connect(address::parse("127.0.0.1", "addr"), port_number{std::stoi(port)},
              unreachable.completion());
    unreachable.wait();
    CHECK(unreachable.error() == system_error(ECONNREFUSED));
    CHECK(unreachable.op().syscall == std::string_view{"connect"});

    CHECK(is_invalid(
        failure_of([&] { s.bind(std::string{"localhost"}, port_number{0}); }),
        "addr"));
    CHECK(failure_of([&] { s.remote_port(); }).code == system_error(ENOTCONN));
    for (const char* ep : {"", "127.0.0.1", "::1:80", "[::1]", "[::1]80",
                           "[]:80", "a:b:c", "127.0.0.1:"}) {
        pending<tcp_socket> bad{v};
        CHECK(is_invalid(failure_of([&] { dial_tcp(v, ep, bad.completion()); }),
                         "ep"));
        bad.wait();
    }
}

void descriptors_change_hands(test_vm& v) {
    auto [client, server] = connected_pair(v);
    std::string b(8, '\0');
    pending<std::size_t> in{v};
    server.read_some(writable(b), in.completion());
    auto fd = server.release();
    in.wait();
    CHECK(in.error() == aborted);
    CHECK(!server.is_open());
    CHECK(failure_of([&] { server.release(); }).code == system_error(EBADF));
    {
        using namespace emilua::file_descriptor;
        CHECK(fd.is_socket(socket_family::inet, socket_kind::stream,
                           socket_protocol::tcp));
    }

    tcp_socket other{v};
    CHECK(
        is_invalid(failure_of([&] { other.assign(ip_family::v6, fd); }), "fd"));
    fd.set_non_blocking(false);
    other.assign(ip_family::v4, fd);
    CHECK(failure_of([&] { fd.type(); }).code == system_error(EBADF));
    write_once(v, client, "hello");
    CHECK(read_once(v, other) == "hello");
    pending<std::size_t> parked{v};
    other.read_some(writable(b), parked.completion());
    CHECK(!parked.done());
    parked.cancel();
    parked.wait();
    CHECK(parked.error() == aborted);
}

void disconnects(test_vm& v) {
    auto [client, server] = connected_pair(v);
    client.disconnect();
    CHECK(client.is_open());
    CHECK(failure_of([&] { client.remote_port(); }).code ==
          system_error(ENOTCONN));
    CHECK(read_once(v, server).starts_with("["));
}

} // namespace

int main() {
    const auto before = open_descriptors();
    {
        thread_pool ctx{1};
        test_vm v{ctx};
        for (auto* test :
             {nothing_is_inherited, flags_and_commands, options,
              errors_name_the_call, descriptors_change_hands, disconnects}) {
            v.inline_budget = vm::default_inline_budget;
            test(v);
            CHECK(v.outstanding == 0);
        }
    }
    CHECK(open_descriptors() == before);
    return failures == 0 ? 0 : 1;
}
