// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/ip/tcp.hpp"
#include "modules/tls/context.hpp"

#include <memory>
#include <mutex>

namespace emilua::tls {

/// The TCP socket underneath.
class transport : public ip::tcp_socket {
public:
    explicit transport(ip::tcp_socket&& s) noexcept
        : tcp_socket{std::move(s)} {}
    io_descriptor& io() noexcept { return io_; }
};

/// A TLS connection over a descriptor: what the attempts of its operations
/// share. They may run on several threads, so each holds the mutex.
///
/// What OpenSSL wants to send is sent at once, and kept where the system has no
/// room for it: so a record is either begun and goes out whole, or not begun.
class connection : public std::enable_shared_from_this<connection> {
public:
    connection(transport tcp, std::shared_ptr<context_state> context);
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    /// One attempt each, for the reactor to repeat. `ec` is set when it
    /// failed: for good then, as every later attempt does.
    attempt read(int fd, mutable_bytes buffer, std::size_t& received,
                 error_code& ec);
    /// `taken` are the bytes in records that were begun; done when those are
    /// out.
    attempt write(int fd, const_bytes buffer, std::size_t& taken,
                  error_code& ec);
    attempt flush(int fd, error_code& ec);
    /// When it would block, `next` is what it has to wait for.
    attempt handshake(int fd, io_direction& next, error_code& ec);

    /// Decides who this is, as the first call did. False when that was other.
    bool become(role r);
    /// Says to the peer that nothing more will be sent. Throws.
    void end_writing();
    /// Ends it: tells the peer, as far as the system has room for that, and
    /// closes the descriptor when everything is out.
    void close();
    void cancel();
    /// On the VM's turn: sends what is left of a write that was canceled.
    void flush_in_background(bool then_close = false);

    /// Takes the descriptor out, and puts one in.
    unique_descriptor detach();
    void attach(transport tcp);

    bool is_open() const noexcept { return !closed_ && tcp && tcp->is_open(); }
    /// Whether the context's method leaves only the other role.
    bool excludes(role r) const noexcept {
        return context_->only != role::undecided && context_->only != r;
    }
    bool established() const noexcept { return established_; }
    /// Whether an operation is pending or something is still to be sent.
    bool busy() noexcept;
    /// Whether a read need not wait, because there may be data already.
    bool has_data() const noexcept { return has_data_; }
    /// What to tell about the failure, beyond its number.
    std::string explanation();

    /// Calls `f(SSL*)` while no attempt runs. EBADF when it is closed.
    template <class F> auto with_ssl(F f) {
        const std::lock_guard lock{mutex_};
        if (!is_open())
            throw failure{error_code{EBADF, boost::system::system_category()}};
        return f(ssl_.get());
    }

    std::optional<transport> tcp;

private:
    friend int note_verification(int, X509_STORE_CTX*);
    friend struct wire;

    /// What OpenSSL's last call came to, when it was no success.
    attempt outcome(int result, error_code& ec);
    bool flush_output(error_code& ec);
    attempt fail(error_code ec, error_code& out);
    error_code refusal();
    error_code refusal(long why);
    /// A session may be of another host, or have begun where nobody checked or
    /// others were trusted: OpenSSL takes it for an answer to all of this.
    error_code check_resumed();

    std::mutex mutex_;
    std::shared_ptr<context_state> context_;
    ssl_ptr ssl_;
    role role_ = role::undecided;
    std::atomic<bool> established_ = false;
    std::atomic<bool> has_data_ = false;
    std::atomic<bool> closed_ = false;

    /// Of the attempt that runs.
    int fd_ = -1;
    /// The last read gave less than was asked for.
    bool short_read_ = false;
    bool at_end_ = false;
    int errno_ = 0;

    /// What OpenSSL wrote and the system had no room for.
    std::string output_;
    std::size_t output_begin_ = 0;
    bool flushing_ = false;

    error_code failed_;
    std::string explanation_;
    std::string refused_;
};

/// Of what comes before a handshake, and what to tell of it: OpenSSL's
/// "uninitialized" says nothing.
error_code no_handshake() noexcept;
constexpr auto before_handshake = "Uninitialized: the handshake comes first";

} // namespace emilua::tls
