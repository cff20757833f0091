// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/tls/connection.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <netinet/tcp.h>
#include <openssl/err.h>

namespace emilua::tls {

/// The BIO between OpenSSL and the descriptor.
struct wire {
    /// OpenSSL writes no more than a flight of a handshake before it is asked
    /// to go on, so this is for peers that make it write without reading.
    static constexpr std::size_t most_output = std::size_t{1} << 20;

    static connection& of(BIO* b) noexcept {
        return *static_cast<connection*>(BIO_get_data(b));
    }

    static int read(BIO* b, char* data, int size) {
        auto& c = of(b);
        BIO_clear_retry_flags(b);
        std::size_t received = 0;
        error_code ec;
        const auto done = retry(received, ec, [&] {
            return ::recv(c.fd_, data, static_cast<std::size_t>(size),
                          MSG_DONTWAIT);
        });
        if (done == attempt::would_block) {
            BIO_set_retry_read(b);
            return -1;
        }
        c.errno_ = ec.value();
        if (ec) return -1;
        c.at_end_ = received == 0;
        c.short_read_ = received < static_cast<std::size_t>(size);
        return static_cast<int>(received);
    }

    static int write(BIO* b, const char* data, int size) {
        auto& c = of(b);
        BIO_clear_retry_flags(b);
        const auto n = static_cast<std::size_t>(size);
        std::size_t sent = 0;
        if (c.output_.empty()) {
            error_code ec;
            retry(sent, ec, [&] {
                return ::send(c.fd_, data, n, MSG_DONTWAIT | MSG_NOSIGNAL);
            });
            c.errno_ = ec.value();
            if (ec) return -1;
        } else if (c.output_.size() > most_output) {
            BIO_set_retry_write(b);
            return -1;
        }
        if (sent < n) c.output_.append(data + sent, n - sent);
        return size;
    }

    static long control(BIO* b, int what, long, void*) {
        if (what == BIO_CTRL_EOF) return of(b).at_end_;
        return what == BIO_CTRL_FLUSH;
    }

    static BIO* make(connection& c) {
        // Lives as long as the process.
        static BIO_METHOD* const method = [] {
            auto* const m = BIO_meth_new(
                BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "emilua");
            if (!m || !BIO_meth_set_read(m, read) ||
                !BIO_meth_set_write(m, write) || !BIO_meth_set_ctrl(m, control))
                throw std::bad_alloc{};
            return m;
        }();
        auto* const b = BIO_new(method);
        if (!b) throw std::bad_alloc{};
        BIO_set_data(b, &c);
        BIO_set_init(b, 1);
        return b;
    }
};

int note_verification(int ok, X509_STORE_CTX* store) {
    if (ok) return ok;
    const auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(
        store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto* const x = X509_STORE_CTX_get_current_cert(store);
    if (!ssl || !x) return ok;
    auto& c = *static_cast<connection*>(SSL_get_app_data(ssl));
    const bio_ptr text{BIO_new(BIO_s_mem())};
    if (!text) return ok;
    X509_NAME_print_ex(text.get(), X509_get_subject_name(x), 0,
                       XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
    char* p = nullptr;
    const auto n = BIO_get_mem_data(text.get(), &p);
    if (n > 0) c.refused_.assign(p, static_cast<std::size_t>(n));
    return ok;
}

connection::connection(transport t, std::shared_ptr<context_state> context)
    : tcp{std::move(t)}, context_{std::move(context)},
      ssl_{SSL_new(context_->ctx.get())} {
    if (!ssl_) throw_ssl_error();
    SSL_set_app_data(ssl_.get(), this);
    auto* const b = wire::make(*this);
    SSL_set_bio(ssl_.get(), b, b);
}

error_code no_handshake() noexcept {
    return ssl_error(ERR_LIB_SSL, SSL_R_UNINITIALIZED);
}

error_code connection::refusal() {
    const auto e = ERR_peek_error();
    const long why = SSL_get_verify_result(ssl_.get());
    if (ERR_GET_LIB(e) != ERR_LIB_SSL ||
        ERR_GET_REASON(e) != SSL_R_CERTIFICATE_VERIFY_FAILED ||
        why == X509_V_OK)
        return take_error();
    ERR_clear_error();
    return refusal(why);
}

error_code connection::refusal(long why) {
    const auto ec = verification_error(why);
    explanation_ = "Certificate";
    auto* const param = SSL_get0_param(ssl_.get());
    if (const char* host = X509_VERIFY_PARAM_get0_host(param, 0)) {
        explanation_ += " of ";
        explanation_ += host;
    } else if (char* ip = X509_VERIFY_PARAM_get1_ip_asc(param)) {
        explanation_ += " of ";
        explanation_ += ip;
        OPENSSL_free(ip);
    }
    auto reason = ec.message();
    if (!reason.empty() && reason[0] >= 'A' && reason[0] <= 'Z' &&
        !(reason.size() > 1 && reason[1] >= 'A' && reason[1] <= 'Z'))
        reason[0] = static_cast<char>(reason[0] - 'A' + 'a');
    explanation_ += " refused: " + reason;
    if (!refused_.empty()) explanation_ += " (" + refused_ + ')';
    return ec;
}

error_code connection::check_resumed() {
    SSL* const ssl = ssl_.get();
    const int mode = SSL_get_verify_mode(ssl);
    if (!SSL_session_reused(ssl) || !(mode & SSL_VERIFY_PEER)) return {};
    X509* const peer = SSL_get0_peer_certificate(ssl);
    if (role_ == role::server) {
        // Of its own context, which trusts whom it did.
        if (!peer && mode & SSL_VERIFY_FAIL_IF_NO_PEER_CERT)
            return ssl_error(ERR_LIB_SSL,
                             SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE);
        const long why = SSL_get_verify_result(ssl);
        return why == X509_V_OK ? error_code{} : refusal(why);
    }
    if (!peer) return refusal(X509_V_ERR_UNSPECIFIED);
    // As OpenSSL does it in a handshake that is not resumed.
    const std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> check{
        X509_STORE_CTX_new(), X509_STORE_CTX_free};
    if (!check ||
        !X509_STORE_CTX_init(check.get(),
                             SSL_CTX_get_cert_store(context_->ctx.get()), peer,
                             SSL_get_peer_cert_chain(ssl)) ||
        !X509_STORE_CTX_set_ex_data(
            check.get(), SSL_get_ex_data_X509_STORE_CTX_idx(), ssl) ||
        !X509_STORE_CTX_set_default(check.get(), "ssl_server"))
        return take_error();
    auto* const param = X509_STORE_CTX_get0_param(check.get());
    X509_VERIFY_PARAM_set_auth_level(param, SSL_get_security_level(ssl));
    if (!X509_VERIFY_PARAM_set1(param, SSL_get0_param(ssl)))
        return take_error();
    X509_STORE_CTX_set_verify_cb(check.get(), note_verification);
    const bool good = X509_verify_cert(check.get()) > 0;
    ERR_clear_error();
    if (good) return {};
    const int why = X509_STORE_CTX_get_error(check.get());
    return refusal(why == X509_V_OK ? X509_V_ERR_UNSPECIFIED : why);
}

namespace {

/// SSL_get_error looks at what is noted for the thread. To clear nothing takes
/// OpenSSL a tenth of an echo.
void forget_errors() noexcept {
    if (ERR_peek_error() != 0) ERR_clear_error();
}

} // namespace

attempt connection::fail(error_code ec, error_code& out) {
    out = failed_ = ec;
    has_data_ = true;
    return attempt::done;
}

attempt connection::outcome(int result, error_code& ec) {
    switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return attempt::would_block;
    case SSL_ERROR_ZERO_RETURN:
        ec = boost::asio::error::eof;
        has_data_ = true;
        return attempt::done;
    case SSL_ERROR_SYSCALL:
        ERR_clear_error();
        return fail(
            {errno_ != 0 ? errno_ : EPROTO, boost::system::system_category()},
            ec);
    default:
        return fail(refusal(), ec);
    }
}

attempt connection::read(int fd, mutable_bytes buffer, std::size_t& received,
                         error_code& ec) {
    const auto b = buffer.now(ec);
    if (b.size() == 0) return attempt::done;
    const std::lock_guard lock{mutex_};
    if (failed_) {
        ec = failed_;
        return attempt::done;
    }
    if (!established_) {
        ec = no_handshake();
        return attempt::done;
    }
    fd_ = fd;
    short_read_ = false;
    forget_errors();
    const int ok = SSL_read_ex(ssl_.get(), b.data(), b.size(), &received);
    has_data_ = SSL_has_pending(ssl_.get());
    if (!ok) return outcome(ok, ec);
    return short_read_ && !has_data_ ? attempt::drained : attempt::done;
}

bool connection::flush_output(error_code& ec) {
    while (output_begin_ < output_.size()) {
        std::size_t sent = 0;
        const auto done = retry(sent, ec, [&] {
            return ::send(fd_, output_.data() + output_begin_,
                          output_.size() - output_begin_,
                          MSG_DONTWAIT | MSG_NOSIGNAL);
        });
        if (done == attempt::would_block) return false;
        if (ec) {
            fail(ec, ec);
            return false;
        }
        output_begin_ += sent;
    }
    output_begin_ = 0;
    output_.clear();
    // A flight or a record fits; what is longer was an exception.
    if (output_.capacity() > 65536) output_.shrink_to_fit();
    return true;
}

attempt connection::write(int fd, const_bytes buffer, std::size_t& taken,
                          error_code& ec) {
    // What is under way needs the program's memory no more.
    boost::asio::const_buffer b;
    if (taken == 0) {
        b = buffer.now(ec);
        if (ec) return attempt::done;
    }
    const std::lock_guard lock{mutex_};
    if (failed_) {
        ec = failed_;
        return attempt::done;
    }
    if (!established_) {
        ec = no_handshake();
        return attempt::done;
    }
    fd_ = fd;
    if (!flush_output(ec)) return ec ? attempt::done : attempt::would_block;
    if (taken == 0 && SSL_get_shutdown(ssl_.get()) & SSL_SENT_SHUTDOWN) {
        ec.assign(EPIPE, boost::system::system_category());
        return attempt::done;
    }
    // Others want a turn, too.
    constexpr std::size_t most = std::size_t{1} << 18;
    const auto end = std::min(b.size(), most);
    const auto* const data = static_cast<const char*>(b.data());
    while (taken < end) {
        // A record at a time: OpenSSL would make all of them, and each stays
        // in memory that the system has no room for.
        const auto n =
            std::min<std::size_t>(end - taken, SSL3_RT_MAX_PLAIN_LENGTH);
        std::size_t written = 0;
        forget_errors();
        const int ok = SSL_write_ex(ssl_.get(), data + taken, n, &written);
        if (!ok) {
            const auto result = outcome(ok, ec);
            // Those before went out, and the next attempt says why no more do.
            if (taken != 0) ec.clear();
            return result;
        }
        taken += written;
        if (!output_.empty()) return attempt::would_block;
    }
    return attempt::done;
}

attempt connection::flush(int fd, error_code& ec) {
    const std::lock_guard lock{mutex_};
    fd_ = fd;
    return flush_output(ec) || ec ? attempt::done : attempt::would_block;
}

attempt connection::handshake(int fd, io_direction& next, error_code& ec) {
    const std::lock_guard lock{mutex_};
    if (failed_) {
        ec = failed_;
        return attempt::done;
    }
    fd_ = fd;
    next = io_direction::write;
    if (!flush_output(ec)) return ec ? attempt::done : attempt::would_block;
    if (established_) return attempt::done;
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1) {
        if (const auto refused = check_resumed()) return fail(refused, ec);
        established_ = true;
        has_data_ = SSL_has_pending(ssl_.get());
        return output_.empty() ? attempt::done : attempt::would_block;
    }
    const auto outcome = this->outcome(result, ec);
    if (ec == boost::asio::error::eof)
        fail(ssl_error(ERR_LIB_SSL, SSL_R_UNEXPECTED_EOF_WHILE_READING), ec);
    if (output_.empty()) next = io_direction::read;
    return outcome;
}

bool connection::become(role r) {
    const std::lock_guard lock{mutex_};
    if (role_ == role::undecided) {
        role_ = r;
        if (r == role::client)
            SSL_set_connect_state(ssl_.get());
        else
            SSL_set_accept_state(ssl_.get());
    }
    return role_ == r;
}

void connection::end_writing() {
    bool left = false;
    with_ssl([&](SSL* ssl) {
        if (!established_) {
            failure f{no_handshake()};
            f.expected = before_handshake;
            throw f;
        }
        if (failed_) return;
        fd_ = tcp->native_handle();
        ERR_clear_error();
        error_code ec;
        const int r = SSL_shutdown(ssl);
        if (r < 0) outcome(r, ec);
        left = !output_.empty();
    });
    if (left) flush_in_background();
}

namespace {

struct flush_attempt {
    std::shared_ptr<connection> c;
    attempt operator()(int fd, error_code& ec) { return c->flush(fd, ec); }
};

} // namespace

void connection::flush_in_background(bool then_close) {
    {
        const std::lock_guard lock{mutex_};
        if (output_.empty() || failed_ || flushing_) return;
        flushing_ = true;
    }
    // Not with the mutex: attempts take it while they have the reactor's.
    tcp->io().start(io_direction::write, first_step::attempt,
                    flush_attempt{shared_from_this()},
                    [then_close](const error_code& ec, flush_attempt& a) {
                        // Another one was started in its place, or nothing is
                        // left.
                        if (ec == boost::asio::error::operation_aborted) return;
                        {
                            const std::lock_guard lock{a.c->mutex_};
                            a.c->flushing_ = false;
                        }
                        if (then_close) a.c->tcp->io().close();
                    });
}

namespace {

/// Closing what has unread bytes resets the connection, and there are some
/// wherever a server of TLS 1.3 sent its sessions to a client that only writes.
void drop_input(int fd) noexcept {
    char unread[16384];
    for (int i = 0; i < 16; ++i)
        if (::recv(fd, unread, sizeof(unread), MSG_DONTWAIT) <= 0) return;
}

} // namespace

void connection::close() {
    if (!is_open()) return;
    {
        const std::lock_guard lock{mutex_};
        if (established_ && !failed_) {
            fd_ = tcp->native_handle();
            ERR_clear_error();
            SSL_shutdown(ssl_.get());
            ERR_clear_error();
        }
    }
    // Whoever waits for it must not wait for what follows.
    tcp->io().cancel();
    bool left;
    {
        const std::lock_guard lock{mutex_};
        closed_ = true;
        flushing_ = false;
        left = !output_.empty() && !failed_;
        // Its keys are overwritten.
        ssl_.reset();
    }
    drop_input(tcp->native_handle());
    if (!left) {
        tcp->close();
        return;
    }
    // A peer that reads no more is given up as a dead one would be.
    constexpr unsigned patience = 30000;
    ::setsockopt(tcp->native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &patience,
                 sizeof(patience));
    flush_in_background(true);
}

void connection::cancel() {
    if (!is_open())
        throw failure{error_code{EBADF, boost::system::system_category()}};
    tcp->io().cancel();
    {
        const std::lock_guard lock{mutex_};
        if (!flushing_) return;
        flushing_ = false;
    }
    flush_in_background();
}

unique_descriptor connection::detach() {
    auto fd = tcp->io().release();
    tcp.reset();
    return fd;
}

void connection::attach(transport t) { tcp.emplace(std::move(t)); }

bool connection::busy() noexcept {
    if (!tcp) return false;
    if (tcp->busy()) return true;
    const std::lock_guard lock{mutex_};
    return !output_.empty();
}

std::string connection::explanation() {
    const std::lock_guard lock{mutex_};
    return explanation_;
}

} // namespace emilua::tls
