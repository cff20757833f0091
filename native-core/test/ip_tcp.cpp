// SPDX-License-Identifier: MIT OR BSL-1.0
// What goes through TCP without a language: what a program may rely on, and
// what it costs.
#include "ip_sockets.hpp"

#include <boost/asio/error.hpp>

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>

#include <atomic>
#include <deque>
#include <thread>

using namespace emilua;
using namespace emilua::ip;
using namespace emilua::test;
using socket::option_named;

// These stand in front of libc's, so that a test can count what is asked of
// the system.
namespace {
struct {
    std::atomic<int> recv, send, accept, epoll_ctl;
} calls;

void forget_calls() {
    calls.recv = calls.send = calls.accept = calls.epoll_ctl = 0;
}

template <class F> F behind(const char* name) {
    return reinterpret_cast<F>(::dlsym(RTLD_NEXT, name));
}
} // namespace

extern "C" {
ssize_t recv(int fd, void* p, size_t n, int flags) {
    static const auto next = behind<decltype(&recv)>("recv");
    ++calls.recv;
    return next(fd, p, n, flags);
}
ssize_t send(int fd, const void* p, size_t n, int flags) {
    static const auto next = behind<decltype(&send)>("send");
    ++calls.send;
    return next(fd, p, n, flags);
}
int accept4(int fd, sockaddr* a, socklen_t* n, int flags) {
    static const auto next = behind<decltype(&accept4)>("accept4");
    ++calls.accept;
    return next(fd, a, n, flags);
}
int epoll_ctl(int epfd, int op, int fd, epoll_event* e) noexcept {
    static const auto next = behind<decltype(&epoll_ctl)>("epoll_ctl");
    ++calls.epoll_ctl;
    return next(epfd, op, fd, e);
}
}

namespace {

const error_code aborted = boost::asio::error::operation_aborted;
const error_code eof = boost::asio::error::eof;

error_code system_error(int e) { return {e, boost::system::system_category()}; }

void wait_readable(int fd, short events = POLLIN) {
    pollfd p{fd, events, 0};
    CHECK(::poll(&p, 1, 10'000) == 1);
}

void echo(test_vm& v) {
    auto [client, server] = connected_pair(v);
    for (const char* word : {"one", "two", "three", "four"}) {
        CHECK(write_once(v, client, word) == std::strlen(word));
        CHECK(read_once(v, server) == word);
        CHECK(write_once(v, server, word) == std::strlen(word));
        CHECK(read_once(v, client) == word);
    }
    CHECK(server.remote_port() == client.local_port());
    CHECK(client.remote_address().to_string() == "127.0.0.1");
    client.shutdown(socket::shutdown_type::send);
    CHECK(read_once(v, server) == "[" + eof.message() + "]");
    // The end stays where it is.
    CHECK(read_once(v, server) == "[" + eof.message() + "]");
    CHECK(read_once(v, server) == "[" + eof.message() + "]");
}

// A parked read, one write: the read's system call is made once, after the
// data came.
void echo_costs_two_calls(test_vm& v) {
    auto [client, server] = connected_pair(v);
    std::string a(64, 'a'), b(128, 'b');
    auto round = [&](tcp_socket& from, tcp_socket& to) {
        v.inline_budget = vm::default_inline_budget;
        pending<std::size_t> in{v}, out{v};
        to.read_some(writable(b), in.completion());
        CHECK(!in.done());
        from.write_some(readable(a), out.completion());
        CHECK(out.done());
        in.wait();
        CHECK(in.value() == a.size());
    };
    // The first two reads find out that nothing is there, and ask to be told
    // of the end.
    for (int i = 0; i < 2; ++i) round(client, server);
    forget_calls();
    for (int i = 0; i < 100; ++i) round(client, server);
    CHECK(calls.recv == 100);
    CHECK(calls.send == 100);
    CHECK(calls.epoll_ctl == 0);
}

// While the reader is parked the peer sends and closes, so that one event
// tells both. Whoever then believes that a short read emptied the socket
// waits forever.
void end_announced_with_data(test_vm& v) {
    auto [client, server] = connected_pair(v);
    for (int i = 0; i < 3; ++i) {
        write_once(v, client, "x");
        CHECK(read_once(v, server) == "x");
    }
    std::string b(64, '\0');
    pending<std::size_t> in{v};
    server.read_some(writable(b), in.completion());
    CHECK(!in.done());
    write_once(v, client, "bye");
    client.close();
    wait_readable(server.native_handle(), POLLRDHUP);
    in.wait();
    CHECK(in.value() == 3);
    CHECK(read_once(v, server) == "[" + eof.message() + "]");
}

void reset_announced_with_data(test_vm& v) {
    auto [client, server] = connected_pair(v);
    for (int i = 0; i < 3; ++i) {
        write_once(v, client, "x");
        CHECK(read_once(v, server) == "x");
    }
    std::string b(64, '\0');
    pending<std::size_t> in{v};
    server.read_some(writable(b), in.completion());
    write_once(v, client, "bye");
    client.set_option(option_named<tcp_socket_option>("linger"), true,
                      socket::seconds{0});
    client.close();
    wait_readable(server.native_handle(), POLLHUP);
    in.wait();
    // Linux keeps what arrived before the reset, or drops it: both end.
    if (!in.error()) {
        CHECK(read_once(v, server) ==
              "[" + system_error(ECONNRESET).message() + "]");
    }
    CHECK(read_once(v, server) == "[" + eof.message() + "]");
}

void full_buffers_are_read_at_once(test_vm& v) {
    auto [client, server] = connected_pair(v);
    write_once(v, client, "abcdefgh");
    wait_readable(server.native_handle());
    CHECK(read_once(v, server, 4) == "abcd");
    std::string b(4, '\0');
    pending<std::size_t> in{v};
    server.read_some(writable(b), in.completion());
    CHECK(in.done());
    CHECK(b == "efgh");
    pending<std::size_t> none{v};
    server.read_some(writable(b), none.completion());
    CHECK(!none.done());
    none.cancel();
    none.wait();
    // Without a budget it has to wait for its turn.
    write_once(v, client, "12345678");
    CHECK(read_once(v, server, 4) == "1234");
    v.inline_budget = 0;
    pending<std::size_t> later{v};
    server.read_some(writable(b), later.completion());
    CHECK(!later.done());
    later.wait();
    CHECK(b == "5678");
    v.inline_budget = vm::default_inline_budget;
}

void empty_buffers(test_vm& v) {
    auto [client, server] = connected_pair(v);
    pending<std::size_t> in{v}, out{v};
    client.read_some({}, in.completion());
    client.write_some({}, out.completion());
    CHECK(in.done() && in.value() == 0);
    CHECK(out.done() && out.value() == 0);
}

// JavaScript may take a buffer away while its operation waits: that fails, and
// costs nobody else a byte.
void lost_buffers(test_vm& v) {
    auto [client, server] = connected_pair(v);
    std::string memory(8, '\0');
    pending<std::size_t> in{v}, out{v};
    mutable_bytes to{memory.data(), memory.size(), 0};
    to.bind(in.op());
    server.read_some(to, in.completion());
    CHECK(!in.done());
    write_once(v, client, "kept");
    in.wait();
    CHECK(in.error() == system_error(EINVAL));
    CHECK(memory == std::string(8, '\0'));
    CHECK(read_once(v, server) == "kept");

    const_bytes from{memory.data(), memory.size(), 0};
    from.bind(out.op());
    client.write_some(from, out.completion());
    out.wait();
    CHECK(out.error() == system_error(EINVAL));
    CHECK(server.io_control(io_command::bytes_readable) == 0);
}

void cancel_one_of_two(test_vm& v) {
    auto [client, server] = connected_pair(v);
    std::string a(8, '\0'), b(8, '\0');
    pending<std::size_t> first{v}, second{v};
    server.read_some(writable(a), first.completion());
    server.read_some(writable(b), second.completion());
    CHECK(server.busy());
    first.cancel();
    first.wait();
    CHECK(first.error() == aborted);
    CHECK(!second.done());
    write_once(v, client, "still on");
    second.wait();
    CHECK(b == "still on");
    CHECK(!server.busy());
    // Too late: what succeeded stays so.
    second.cancel();
    CHECK(!second.error());
}

void close_and_cancel_abort(test_vm& v) {
    auto [client, server] = connected_pair(v);
    std::string b(8, '\0');
    {
        pending<std::size_t> in{v};
        pending<> ready{v};
        server.read_some(writable(b), in.completion());
        server.wait(wait_type::read, ready.completion());
        server.cancel();
        in.wait();
        ready.wait();
        CHECK(in.error() == aborted);
        CHECK(ready.error() == aborted);
    }
    CHECK(server.is_open());
    pending<std::size_t> in{v};
    server.read_some(writable(b), in.completion());
    server.close();
    server.close();
    in.wait();
    CHECK(in.error() == aborted);
    CHECK(!server.is_open());

    pending<std::size_t> after{v};
    server.read_some(writable(b), after.completion());
    after.wait();
    CHECK(after.error() == system_error(EBADF));
    CHECK(failure_of([&] { server.cancel(); }).code == system_error(EBADF));
    CHECK(failure_of([&] { server.local_port(); }).code == system_error(EBADF));

    auto a = listen_anywhere(v);
    pending<tcp_socket> accepting{v};
    a.accept(accepting.completion());
    a.close();
    accepting.wait();
    CHECK(accepting.error() == aborted);
    pending<tcp_socket> again{v};
    a.accept(again.completion());
    CHECK(again.error() == system_error(EBADF));
}

// What is written waits its turn: nothing overtakes a write that waits.
void writes_keep_their_order(test_vm& v) {
    auto [client, server] = connected_pair(v);
    client.set_option(option_named<tcp_socket_option>("send_buffer_size"),
                      std::int64_t{4096}, {});
    const std::string block(100'000, '0');
    std::size_t written = 0;
    while (true) {
        pending<std::size_t> out{v};
        client.write_some(readable(block), out.completion());
        if (!out.done()) {
            const std::string last(10, '2');
            pending<std::size_t> behind{v};
            client.write_some(readable(last), behind.completion());
            CHECK(!behind.done());
            std::string all;
            while (!out.done() || !behind.done()) {
                all += read_once(v, server, 65536);
                v.io().restart();
                v.io().poll();
            }
            written += out.value() + behind.value();
            while (all.size() < written) all += read_once(v, server, 65536);
            CHECK(all.size() == written);
            CHECK(all.ends_with("0" + last.substr(0, behind.value())));
            return;
        }
        written += out.value();
    }
}

void bursts_are_accepted_at_once(test_vm& v) {
    auto a = listen_anywhere(v);
    const sockaddr_in to = [&] {
        sockaddr_in s{};
        s.sin_family = AF_INET;
        s.sin_port = htons(a.local_port());
        s.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return s;
    }();
    std::vector<unique_descriptor> clients;
    for (int i = 0; i < 512; ++i) {
        clients.push_back(socket::open_socket(AF_INET, SOCK_STREAM, 0));
        ::connect(clients.back().get(), reinterpret_cast<const sockaddr*>(&to),
                  sizeof(to));
    }
    forget_calls();
    std::deque<tcp_socket> accepted;
    int waited = 0;
    while (accepted.size() < clients.size()) {
        pending<tcp_socket> op{v};
        // Connections that send all the time have spent it.
        v.inline_budget = 0;
        a.accept(op.completion());
        if (!op.done()) {
            ++waited;
            op.wait();
        }
        CHECK(!op.error());
        accepted.push_back(std::move(op.value()));
    }
    v.inline_budget = vm::default_inline_budget;
    // Others have their turn now and then.
    CHECK(waited >= 512 / 65);
    CHECK(waited <= 512 / 65 + 1);
    CHECK(calls.accept <= 512 + waited + 1);
    const int flags = ::fcntl(accepted.front().native_handle(), F_GETFD);
    CHECK(flags & FD_CLOEXEC);
}

// Completions on other threads than the one that starts operations.
void several_threads() {
    thread_pool ctx{3};
    test_vm v{ctx};
    auto guard = boost::asio::make_work_guard(ctx.io());
    ctx.add_threads(2);
    auto finished = [](auto& op) {
        while (!op.done()) std::this_thread::yield();
    };
    {
        pending<tcp_acceptor> listening{v};
        listen_tcp(v, "127.0.0.1:0", listening.completion());
        finished(listening);
        auto& a = listening.value();
        pending<tcp_socket> accepting{v};
        pending<> connecting{v};
        a.accept(accepting.completion());
        // Dialing has steps, which want the VM's turn.
        tcp_socket client{v};
        client.connect(address::parse("127.0.0.1", "addr"),
                       port_number{a.local_port()}, connecting.completion());
        finished(connecting);
        finished(accepting);
        auto& server = accepting.value();
        std::string b(64, '\0');
        for (int i = 0; i < 3000; ++i) {
            v.inline_budget = vm::default_inline_budget;
            // Now and then a read that fills its buffer.
            const std::string word(i % 3 == 0 ? b.size() : 5, 'w');
            pending<std::size_t> in{v}, out{v};
            if (i % 2) server.read_some(writable(b), in.completion());
            client.write_some(readable(word), out.completion());
            finished(out);
            if (!(i % 2)) server.read_some(writable(b), in.completion());
            finished(in);
            CHECK(in.value() == word.size());
            pending<std::size_t> parked{v};
            server.read_some(writable(b), parked.completion());
            parked.cancel();
            finished(parked);
            CHECK(parked.error() == aborted);
        }
        client.close();
        pending<std::size_t> end{v};
        server.read_some(writable(b), end.completion());
        finished(end);
        CHECK(end.error() == eof);
    }
    guard.reset();
    ctx.run();
}

} // namespace

int main() {
    const auto before = open_descriptors();
    {
        thread_pool ctx{1};
        test_vm v{ctx};
        for (auto* test :
             {echo, echo_costs_two_calls, end_announced_with_data,
              reset_announced_with_data, full_buffers_are_read_at_once,
              empty_buffers, lost_buffers, cancel_one_of_two,
              close_and_cancel_abort, writes_keep_their_order,
              bursts_are_accepted_at_once}) {
            v.inline_budget = vm::default_inline_budget;
            test(v);
            CHECK(v.outstanding == 0);
        }
    }
    several_threads();
    CHECK(open_descriptors() == before);
    return failures == 0 ? 0 : 1;
}
