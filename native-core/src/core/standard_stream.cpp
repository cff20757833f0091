// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/standard_stream.hpp"

#include "core/perform.hpp"

#include <emilua/bytes.hpp>

#include <boost/asio/error.hpp>

#include <algorithm>
#include <climits>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/uio.h>

namespace emilua {

namespace {

bool is_ready(int fd, short events) noexcept {
    pollfd p{fd, events, 0};
    return ::poll(&p, 1, 0) == 1;
}

/// Files never make anybody wait in the sense of poll().
bool is_file(int fd) noexcept {
    struct stat s;
    return ::fstat(fd, &s) == 0 && (S_ISREG(s.st_mode) || S_ISBLK(s.st_mode));
}

/// `call` is preadv2 or pwritev2 with RWF_NOWAIT; `plain` the same without it,
/// for where the kernel does not know the flag.
template <class Call, class Plain>
ssize_t without_waiting(int fd, short events, Call call, Plain plain) {
    const ssize_t n = call();
    if (n != -1 || !(errno == EAGAIN ? is_file(fd)
                                     : errno == EOPNOTSUPP || errno == ENOSYS))
        return n;
    if (is_ready(fd, events)) return plain();
    errno = EAGAIN;
    return -1;
}

struct read_attempt {
    static constexpr auto direction = io_direction::read;
    static constexpr auto syscall = "read";

    mutable_bytes buffer;
    std::size_t size = 0;

    attempt operator()(int fd, error_code& ec) {
        if (buffer.size() == 0) return attempt::done;
        const auto b = buffer.now(ec);
        if (ec) return attempt::done;
        const iovec v{b.data(), b.size()};
        const auto outcome = retry(size, ec, [&] {
            return without_waiting(
                fd, POLLIN,
                [&] { return ::preadv2(fd, &v, 1, -1, RWF_NOWAIT); },
                [&] { return ::read(fd, b.data(), b.size()); });
        });
        if (outcome == attempt::done && !ec && size == 0)
            ec = boost::asio::error::eof;
        return outcome;
    }
};

struct write_attempt {
    static constexpr auto direction = io_direction::write;
    static constexpr auto syscall = "write";

    const_bytes buffer;
    std::size_t size = 0;

    attempt operator()(int fd, error_code& ec) {
        if (buffer.size() == 0) return attempt::done;
        const auto b = buffer.now(ec);
        if (ec) return attempt::done;
        const iovec v{const_cast<void*>(b.data()), b.size()};
        return retry(size, ec, [&] {
            return without_waiting(
                fd, POLLOUT,
                [&] { return ::pwritev2(fd, &v, 1, -1, RWF_NOWAIT); },
                [&] {
                    // What poll() promises room for.
                    const auto most =
                        is_file(fd) ? b.size()
                                    : std::min<std::size_t>(b.size(), PIPE_BUF);
                    return ::write(fd, b.data(), most);
                });
        });
    }
};

template <class Attempt>
void finish(handler<std::size_t>& h, const error_code& ec, const Attempt& a) {
    if (!ec || ec == boost::asio::error::eof)
        h(ec, a.size);
    else
        h.fail(ec, Attempt::syscall);
}

template <class Attempt> class waiter {
public:
    using allocator_type = handler<std::size_t>::allocator_type;

    explicit waiter(handler<std::size_t> h) noexcept : handler_{std::move(h)} {}

    allocator_type get_allocator() const noexcept {
        return handler_.get_allocator();
    }

    void operator()(const error_code& ec, const Attempt& a) {
        finish(handler_, ec, a);
    }

private:
    handler<std::size_t> handler_;
};

/// What an operation waits on in the reactor. Lives in its cancellation slot,
/// so it ends where that is cleared, on the VM's turn: the completion may run
/// on another thread, just while the VM cancels.
class watched {
public:
    watched(boost::asio::io_context& io, unique_descriptor own)
        : descriptor_{io} {
        descriptor_.open(std::move(own), true);
    }

    template <class Attempt> void start(Attempt a, handler<std::size_t> h) {
        descriptor_.start(Attempt::direction, first_step::rearm, std::move(a),
                          waiter<Attempt>{std::move(h)});
    }

    void operator()(boost::asio::cancellation_type) { descriptor_.cancel(); }

private:
    io_descriptor descriptor_;
};

template <class Attempt> void run(int fd, Attempt a, handler<std::size_t> h) {
    error_code ec;
    if (a(fd, ec) != attempt::would_block) {
        if (h.may_complete_inline()) return finish(h, ec, a);
        return h.complete_later(ec, a.size);
    }
    // A descriptor of our own: the reactor forgets it with the wait, whatever
    // becomes of the stream's number meanwhile.
    unique_descriptor own{::fcntl(fd, F_DUPFD_CLOEXEC, 3)};
    if (!own) throw_errno("fcntl");
    h.get_cancellation_slot()
        .emplace<watched>(h.owner().io(), std::move(own))
        .start(std::move(a), std::move(h));
}

} // namespace

void read_shared(int fd, mutable_bytes buffer, handler<std::size_t> h) {
    run(fd, read_attempt{buffer}, std::move(h));
}

void write_shared(int fd, const_bytes buffer, handler<std::size_t> h) {
    run(fd, write_attempt{buffer}, std::move(h));
}

} // namespace emilua
