// SPDX-License-Identifier: MIT OR BSL-1.0
// Lets each system call of UNIX sockets and of terminals fail in turn.
#include "faults.hpp"
#include "modules/serial_port/serial_port.hpp"
#include "modules/unix/unix.hpp"

#include <cstdarg>

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <termios.h>

extern "C" {
/// Not what the reactor wakes itself with.
static bool is_ours(int fd) {
    struct stat s;
    return ::fstat(fd, &s) == 0 && (S_ISSOCK(s.st_mode) || S_ISCHR(s.st_mode));
}

FAILING_CALL(int, socket, (int domain, int type, int protocol),
             (domain, type, protocol))
FAILING_CALL(int, socketpair, (int domain, int type, int protocol, int* fds),
             (domain, type, protocol, fds))
FAILING_CALL(int, bind, (int fd, const sockaddr* a, socklen_t n), (fd, a, n))
FAILING_CALL(int, listen, (int fd, int n), (fd, n))
FAILING_CALL(int, accept4, (int fd, sockaddr* a, socklen_t* n, int how),
             (fd, a, n, how))
FAILING_CALL(int, connect, (int fd, const sockaddr* a, socklen_t n), (fd, a, n))
FAILING_CALL(int, shutdown, (int fd, int how), (fd, how))
FAILING_CALL(int, getsockname, (int fd, sockaddr* a, socklen_t* n), (fd, a, n))
FAILING_CALL(int, getpeername, (int fd, sockaddr* a, socklen_t* n), (fd, a, n))
FAILING_CALL(int, getsockopt,
             (int fd, int level, int name, void* v, socklen_t* n),
             (fd, level, name, v, n))
FAILING_CALL(int, setsockopt,
             (int fd, int level, int name, const void* v, socklen_t n),
             (fd, level, name, v, n))
FAILING_CALL(ssize_t, send, (int fd, const void* p, size_t n, int how),
             (fd, p, n, how))
FAILING_CALL(ssize_t, sendto,
             (int fd, const void* p, size_t n, int how, const sockaddr* a,
              socklen_t size),
             (fd, p, n, how, a, size))
FAILING_CALL(ssize_t, sendmsg, (int fd, const msghdr* m, int how), (fd, m, how))
FAILING_CALL(ssize_t, recvfrom,
             (int fd, void* p, size_t n, int how, sockaddr* a, socklen_t* size),
             (fd, p, n, how, a, size))
FAILING_CALL(ssize_t, recvmsg, (int fd, msghdr* m, int how), (fd, m, how))
FAILING_CALL(int, fchmod, (int fd, mode_t mode), (fd, mode))
FAILING_CALL(int, chmod, (const char* path, mode_t mode), (path, mode))

FAILING_CALL(int, posix_openpt, (int how), (how))
FAILING_CALL(int, unlockpt, (int fd), (fd))
FAILING_CALL(int, tcgetattr, (int fd, termios* t), (fd, t))
FAILING_CALL(int, tcsetattr, (int fd, int when, const termios* t),
             (fd, when, t))
FAILING_CALL(int, tcsendbreak, (int fd, int n), (fd, n))
FAILING_CALL(pid_t, tcgetpgrp, (int fd), (fd))
FAILING_CALL(ssize_t, preadv2,
             (int fd, const iovec* v, int n, off_t o, int how),
             (fd, v, n, o, how))
FAILING_CALL(ssize_t, pwritev2,
             (int fd, const iovec* v, int n, off_t o, int how),
             (fd, v, n, o, how))
FAILING_CALL(int, poll, (pollfd * p, nfds_t n, int ms), (p, n, ms))

ssize_t __real_read(int fd, void* p, size_t n);
ssize_t __wrap_read(int fd, void* p, size_t n) {
    return is_ours(fd) && fails("read") ? -1 : __real_read(fd, p, n);
}
ssize_t __real_write(int fd, const void* p, size_t n);
ssize_t __wrap_write(int fd, const void* p, size_t n) {
    return is_ours(fd) && fails("write") ? -1 : __real_write(fd, p, n);
}
// What is registered can be taken out again.
int __real_epoll_ctl(int e, int what, int fd, epoll_event* v);
int __wrap_epoll_ctl(int e, int what, int fd, epoll_event* v) {
    return is_ours(fd) && what == EPOLL_CTL_ADD && fails("epoll_ctl")
               ? -1
               : __real_epoll_ctl(e, what, fd, v);
}

int __real_open(const char* path, int how, ...);
int __wrap_open(const char* path, int how, ...) {
    return fails("open") ? -1 : __real_open(path, how);
}
int __real_fcntl(int fd, int what, ...);
int __wrap_fcntl(int fd, int what, ...) {
    va_list more;
    va_start(more, what);
    const auto argument = va_arg(more, long);
    va_end(more);
    return fails("fcntl") ? -1 : __real_fcntl(fd, what, argument);
}
int __real_ioctl(int fd, unsigned long what, ...);
int __wrap_ioctl(int fd, unsigned long what, ...) {
    va_list more;
    va_start(more, what);
    const auto argument = va_arg(more, void*);
    va_end(more);
    return fails("ioctl") ? -1 : __real_ioctl(fd, what, argument);
}
}

using namespace emilua;
using namespace emilua::test;

namespace {

using descriptor = file_descriptor::file_descriptor;
using unix::cut_off;
using unix::descriptor_count;
using unix::received_fds;

const std::string path = "/tmp/emilua-faults-" + std::to_string(::getpid());

unix::message_data message(std::string_view s) {
    return {const_bytes{const_cast<char*>(s.data()), s.size()}, {}};
}

/// One operation of `Object`, until it is over.
template <class... R, class F> void done(test_vm& v, F start) {
    started<R...> op{v};
    start(op.completion());
    op.expect();
}

/// The same, that waits before `then` ends it.
template <class... R, class F, class Then>
void waits(test_vm& v, F start, Then then) {
    started<R...> op{v};
    start(op.completion());
    then();
    op.expect();
}

template <class Socket>
void with_descriptors(test_vm& v, Socket& a, Socket& b) {
    char bytes[8];
    descriptor some{unique_descriptor{::dup(0)}};
    const std::vector<ref<descriptor>> two{some, some};
    auto receive = [&](auto h) {
        if constexpr (std::is_same_v<Socket, unix::stream_socket>)
            b.receive_with_fds({bytes, 8}, descriptor_count{1}, std::move(h));
        else
            b.receive_with_fds({bytes, 8}, descriptor_count{1},
                               cut_off::success, std::move(h));
    };
    waits<std::size_t, received_fds>(v, receive, [&] {
        done<std::size_t>(v, [&](auto h) {
            a.send_with_fds(message("waited"), {two}, std::move(h));
        });
    });
    // Without a budget it is copied first.
    v.inline_budget = 0;
    done<std::size_t>(v, [&](auto h) {
        a.send_with_fds(message("copied"), {two}, std::move(h));
    });
    v.inline_budget = vm::default_inline_budget;
    done<std::size_t, received_fds>(v, receive);
}

void use_streams(test_vm& v) {
    ::unlink(path.c_str());
    char bytes[8];
    auto acceptor = unix::listen<unix::stream_acceptor>(v, path, 0600);
    CHECK(acceptor.local_path().to_string() == path);
    started<unix::stream_socket> dialing{v};
    waits<>(
        v,
        [&](auto h) { acceptor.wait(socket::wait_type::read, std::move(h)); },
        [&] {
            unix::dial(v, path, dialing.completion());
            dialing.expect();
        });
    auto a = dialing.take();
    started<unix::stream_socket> accepting{v};
    acceptor.accept(accepting.completion());
    accepting.expect();
    auto b = accepting.take();
    CHECK(a.remote_path().to_string() == path);
    a.set_option(static_cast<unix::stream_option>(1), {std::int64_t{4096}});
    a.get_option(static_cast<unix::stream_state>(5)); // credentials
    waits<std::size_t>(
        v,
        [&](auto h) {
            b.read_some({bytes, 8}, std::move(h));
        },
        [&] {
            done<std::size_t>(v, [&](auto h) {
                a.write_some({bytes, 4}, std::move(h));
            });
        });
    with_descriptors(v, a, b);
    CHECK(b.io_control(socket::io_command::bytes_readable) == 0);
    a.shutdown(socket::shutdown_type::send);
    auto fd = a.release();
    fd.set_non_blocking(false);
    unix::stream_socket again{v};
    again.assign(consumed<descriptor>{fd});
    ::unlink(path.c_str());
}

void use_packets(test_vm& v) {
    auto [a, b] = unix::pair<unix::seqpacket_socket>(v);
    char bytes[8];
    waits<std::size_t>(
        v,
        [&](auto h) {
            b.receive({bytes, 8}, {}, cut_off::success, std::move(h));
        },
        [&] {
            done<std::size_t>(
                v, [&](auto h) { a.send(message("hello"), {}, std::move(h)); });
        });
    with_descriptors(v, a, b);
}

void use_datagrams(test_vm& v) {
    char bytes[8];
    unix::datagram_socket a{v}, b{v};
    a.bind(std::string{});
    b.bind(std::string{});
    const auto to = b.local_path();
    descriptor some{unique_descriptor{::dup(0)}};
    done<std::size_t>(
        v, [&](auto h) { a.send_to(message("hello"), to, {}, std::move(h)); });
    done<std::size_t, filesystem::path>(v, [&](auto h) {
        b.receive_from({bytes, 8}, {}, cut_off::error, std::move(h));
    });
    done<std::size_t>(v, [&](auto h) {
        a.send_to_with_fds(message("hello"), to, {{some}}, std::move(h));
    });
    done<std::size_t, filesystem::path, received_fds>(v, [&](auto h) {
        b.receive_from_with_fds({bytes, 8}, descriptor_count{1}, cut_off::error,
                                std::move(h));
    });
    done<>(v, [&](auto h) { a.connect(to, std::move(h)); });
    with_descriptors(v, a, b);
    a.disconnect();

    // Others fill the receiver; what is connected to nobody cannot wait.
    unix::datagram_socket other{v};
    done<>(v, [&](auto h) { other.connect(to, std::move(h)); });
    for (;;) {
        v.inline_budget = vm::default_inline_budget;
        pending<std::size_t> op{v};
        other.send(message("x"), {}, op.completion());
        if (!op.done()) {
            op.cancel();
            op.wait();
            break;
        }
        if (op.error()) throw failure{op.error(), op.op().syscall};
    }
    pending<std::size_t> full{v};
    a.send_to(message("y"), to, {}, full.completion());
    full.wait();
    if (full.error() != error_code{EAGAIN, boost::system::system_category()})
        throw failure{full.error(), full.op().syscall};
}

void use_a_terminal(test_vm& v) {
    char bytes[8] = "a line\n";
    auto [master, slave] = serial_port::ptypair(v);
    serial_port::serial_port by_name{v}, port{v};
    by_name.open({"/proc/self/fd/" + std::to_string(slave.get())});
    port.assign(consumed<descriptor>{slave});
    waits<std::size_t>(
        v,
        [&](auto h) {
            port.read_some({bytes, 8}, std::move(h));
        },
        [&] {
            done<std::size_t>(v, [&](auto h) {
                master.write_some({bytes, 7}, std::move(h));
            });
        });
    done<std::size_t>(v, [&](auto h) {
        port.write_some({bytes, 7}, std::move(h));
    });
    port.set_baud_rate(115200);
    CHECK(port.get_baud_rate() == 115200);
    port.set_parity(serial_port::parity::even);
    port.set_window_size({{24}, {80}});
    CHECK(port.get_window_size().columns.value == 80);
    port.send_break();
    done<>(v, [&](auto h) { port.send_break_meanwhile(std::move(h)); });
    CHECK(master.tcgetpgrp() == 0);
    auto fd = master.release();
    serial_port::serial_port again{v};
    again.assign(consumed<descriptor>{fd});
}

// A name that exists has its permissions already: first those of the socket,
// then those of the file.
void listens_in_order(test_vm& v) {
    std::string order;
    for (int n = 1;; ++n) {
        ::unlink(path.c_str());
        made = 0;
        failed = nullptr;
        failing = n;
        const auto f = failure_of(
            [&] { unix::listen<unix::stream_acceptor>(v, path, 0600); });
        failing = 0;
        if (!failed) break;
        order += std::string{failed.load()} + ' ';
    }
    CHECK(order == "socket epoll_ctl fchmod bind chmod listen ");
    ::unlink(path.c_str());
}

/// A linger that cannot be asked for is none.
bool of_sockets(std::string_view name) { return name == "getsockopt"; }

/// What tells whether a terminal would wait, or has a master.
bool of_terminals(std::string_view name) {
    return name == "ioctl" || name == "fcntl" || name == "open";
}

} // namespace

int main() {
    {
        thread_pool ctx{1};
        test_vm v{ctx};
        listens_in_order(v);
    }
    each_call_fails("streams", use_streams, of_sockets);
    ::unlink(path.c_str());
    each_call_fails("packets", use_packets, of_sockets);
    each_call_fails("datagrams", use_datagrams, of_sockets);
    each_call_fails("terminal", use_a_terminal, of_terminals);
    return failures != 0;
}
