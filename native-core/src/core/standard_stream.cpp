// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/standard_stream.hpp"

#include "core/byte_stream.hpp"
#include "core/shared_calls.hpp"

#include <emilua/bytes.hpp>

#include <fcntl.h>
#include <unistd.h>

namespace emilua {

namespace {

struct read_attempt : receive_attempt<shared_calls> {
    static constexpr auto direction = io_direction::read;
    static constexpr auto syscall = shared_calls::read_name;

    std::size_t size() const noexcept { return received; }
};

struct write_attempt : send_attempt<shared_calls> {
    static constexpr auto direction = io_direction::write;
    static constexpr auto syscall = shared_calls::write_name;

    std::size_t size() const noexcept { return sent; }
};

bool is_failure(const error_code& ec) noexcept {
    return ec && ec != boost::asio::error::eof;
}

failure failure_of(const error_code& ec, const char* syscall, int fd) {
    failure f{ec, syscall};
    if (fd == STDIN_FILENO) f.path = "/dev/stdin";
    if (fd == STDOUT_FILENO) f.path = "/dev/stdout";
    if (fd == STDERR_FILENO) f.path = "/dev/stderr";
    return f;
}

template <class Attempt>
void finish(handler<std::size_t>& h, const error_code& ec, const Attempt& a,
            int fd) {
    if (is_failure(ec))
        h.fail(failure_of(ec, Attempt::syscall, fd));
    else
        h(ec, a.size());
}

template <class Attempt> class waiter {
public:
    using allocator_type = handler<std::size_t>::allocator_type;

    waiter(handler<std::size_t> h, int fd) noexcept
        : handler_{std::move(h)}, fd_{fd} {}

    allocator_type get_allocator() const noexcept {
        return handler_.get_allocator();
    }

    void operator()(const error_code& ec, const Attempt& a) {
        finish(handler_, ec, a, fd_);
    }

private:
    handler<std::size_t> handler_;
    /// The stream's number, for what it is called.
    int fd_;
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

    template <class Attempt>
    void start(Attempt a, handler<std::size_t> h, int fd) {
        descriptor_.start(Attempt::direction, first_step::rearm, std::move(a),
                          waiter<Attempt>{std::move(h), fd});
    }

    void operator()(boost::asio::cancellation_type) { descriptor_.cancel(); }

private:
    io_descriptor descriptor_;
};

template <class Attempt> void run(int fd, Attempt a, handler<std::size_t> h) {
    error_code ec;
    if (a(fd, ec) != attempt::would_block) {
        if (h.may_complete_inline()) return finish(h, ec, a, fd);
        if (is_failure(ec))
            return h.continue_later(
                [ec, a, fd](handler<std::size_t>& h) { finish(h, ec, a, fd); });
        return h.complete_later(ec, a.size());
    }
    // A descriptor of our own: the reactor forgets it with the wait, whatever
    // becomes of the stream's number meanwhile.
    unique_descriptor own{::fcntl(fd, F_DUPFD_CLOEXEC, 3)};
    if (!own) throw_errno("fcntl");
    h.get_cancellation_slot()
        .emplace<watched>(h.owner().io(), std::move(own))
        .start(std::move(a), std::move(h), fd);
}

} // namespace

void read_shared(int fd, mutable_bytes buffer, handler<std::size_t> h) {
    run(fd, read_attempt{{buffer}}, std::move(h));
}

void write_shared(int fd, const_bytes buffer, handler<std::size_t> h) {
    run(fd, write_attempt{{buffer}}, std::move(h));
}

} // namespace emilua
