// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/tls/tls_socket.hpp"

#include "core/peer.hpp"
#include "modules/tls/openssl.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>

#include <openssl/err.h>

namespace emilua::tls {
namespace {

using boost::asio::error::operation_aborted;

struct read_attempt {
    connection* c;
    mutable_bytes buffer;
    std::size_t received = 0;
    attempt operator()(int fd, error_code& ec) {
        return c->read(fd, buffer, received, ec);
    }
};

struct write_attempt {
    connection* c;
    const_bytes buffer;
    std::size_t taken = 0;
    attempt operator()(int fd, error_code& ec) {
        return c->write(fd, buffer, taken, ec);
    }
};

struct handshake_attempt {
    connection* c;
    io_direction here = io_direction::read;
    io_direction next = io_direction::read;
    bool elsewhere = false;
    attempt operator()(int fd, error_code& ec) {
        const auto outcome = c->handshake(fd, next, ec);
        if (outcome != attempt::would_block || next == here) return outcome;
        elsewhere = true;
        return attempt::done;
    }
};

/// What an attempt, or its cancellation, came to.
failure failure_of(connection& c, const error_code& ec, const char* syscall) {
    if (ec.category() != ssl_category())
        return lost_connection(ec, syscall,
                               c.tcp ? c.tcp->native_handle() : -1);
    failure f{ec};
    f.expected = ec == no_handshake() ? before_handshake : c.explanation();
    return f;
}

template <class Handler>
void fail(Handler& h, connection& c, const error_code& ec,
          const char* syscall) {
    h.fail(failure_of(c, ec, syscall));
}

/// What `io_descriptor::start` calls in the end: `then(handler, ec, attempt)`.
template <class Handler, class Then> struct completion {
    using allocator_type = typename Handler::allocator_type;

    Handler h;
    Then then;

    allocator_type get_allocator() const noexcept { return h.get_allocator(); }
    operation& op() const noexcept { return h.op(); }
    template <class Attempt> void operator()(const error_code& ec, Attempt& a) {
        then(h, ec, a);
    }
};
template <class Handler, class Then>
completion(Handler, Then) -> completion<Handler, Then>;

void read_done(handler<std::size_t>& h, const error_code& ec, read_attempt& a) {
    if (ec)
        fail(h, *a.c, ec, "recv");
    else
        h({}, a.received);
}

void write_done(handler<std::size_t>& h, const error_code& ec,
                write_attempt& a) {
    if (ec)
        fail(h, *a.c, ec, "send");
    else
        h({}, a.taken);
}

/// Of a write that waited. One that is canceled in the middle of a record has
/// happened: the peer cannot do without the rest.
void write_waited(handler<std::size_t>& h, const error_code& ec,
                  write_attempt& a) {
    if (ec != operation_aborted || a.taken == 0) return write_done(h, ec, a);
    h.continue_later([c = a.c, n = a.taken](handler<std::size_t>& h) {
        if (!c->is_open()) return h.fail(error_code{operation_aborted}, "send");
        c->flush_in_background();
        h({}, n);
    });
}

void go_on(handler<> h, handshake_attempt a, bool first);

void step_done(handler<>& h, const error_code& ec, handshake_attempt& a) {
    if (ec) return fail(h, *a.c, ec, "recv");
    if (!a.elsewhere) return h({});
    // On the VM's turn, because a cancellation comes there.
    h.continue_later([a](handler<>& h) mutable {
        if (h.op().cancel_requested || !a.c->is_open())
            return h.fail(error_code{operation_aborted}, "recv");
        a.elsewhere = false;
        a.here = a.next;
        go_on(std::move(h), a, false);
    });
}

void go_on(handler<> h, handshake_attempt a, bool first) {
    auto& io = a.c->tcp->io();
    auto begin = first_step::attempt;
    // Its first message waits for nobody.
    if (first && h.may_complete_inline()) {
        error_code ec;
        if (a(io.get(), ec) != attempt::would_block) return step_done(h, ec, a);
        begin = after_vain_attempt(h.owner());
    }
    io.start(a.here, begin, a, completion{std::move(h), step_done});
}

} // namespace

double session::lifetime() const noexcept {
    return static_cast<double>(SSL_SESSION_get_timeout(session_.get()));
}

parcel session::pack() {
    parcel p;
    p.shared = session_;
    return p;
}

session session::unpack(vm&, parcel p) {
    return session{std::static_pointer_cast<SSL_SESSION>(p.shared)};
}

const transport& tls_socket::tcp() const {
    if (!is_open())
        throw failure{error_code{EBADF, boost::system::system_category()}};
    return *connection_->tcp;
}

void tls_socket::handshake(role r, handler<> h) {
    auto& c = *connection_;
    if (!c.is_open()) return h.fail(bad_descriptor(), "recv");
    if (c.excludes(r)) {
        // As OpenSSL would in the end; the socket is as it was.
        failure f{ssl_error(ERR_LIB_SSL, ERR_R_SHOULD_NOT_HAVE_BEEN_CALLED)};
        f.expected = r == role::server
                         ? "The context is for clients only: a server's needs "
                           "the method \"tls\" or one of \"_server\""
                         : "The context is for servers only: a client's needs "
                           "the method \"tls\" or one of \"_client\"";
        return h.fail(std::move(f));
    }
    // Two at once would wait for each other's answers; a client is no server.
    if (!c.become(r) || c.established())
        return h.fail(error_code{boost::asio::error::already_connected});
    auto& io = c.tcp->io();
    if (io.pending(io_direction::read) != 0 ||
        io.pending(io_direction::write) != 0)
        return h.fail(error_code{boost::asio::error::already_started});
    go_on(std::move(h), handshake_attempt{&c}, true);
}

void tls_socket::client_handshake(handler<> h) {
    handshake(role::client, std::move(h));
}

void tls_socket::server_handshake(handler<> h) {
    handshake(role::server, std::move(h));
}

void tls_socket::read_some(mutable_bytes buffer, handler<std::size_t> h) {
    auto& c = *connection_;
    if (!c.is_open()) return h.fail(bad_descriptor(), "recv");
    if (buffer.size() == 0) return h({}, 0);
    auto& io = c.tcp->io();
    read_attempt a{&c, buffer};
    auto first = first_step::attempt;
    // What OpenSSL has already, no event tells of.
    if (c.has_data() && io.pending(io_direction::read) == 0) {
        const bool at_once = h.may_complete_inline();
        error_code ec;
        if (a(io.get(), ec) != attempt::would_block) {
            if (at_once) return read_done(h, ec, a);
            if (!ec) return h.complete_later({}, a.received);
            return h.continue_later([a, ec](handler<std::size_t>& h) mutable {
                read_done(h, ec, a);
            });
        }
        first = after_vain_attempt(h.owner());
    }
    io.start(io_direction::read, first, a, completion{std::move(h), read_done});
}

void tls_socket::write_some(const_bytes buffer, handler<std::size_t> h) {
    auto& c = *connection_;
    if (!c.is_open()) return h.fail(bad_descriptor(), "send");
    if (buffer.size() == 0) return h({}, 0);
    auto& io = c.tcp->io();
    write_attempt a{&c, buffer};
    auto first = first_step::attempt;
    if (io.pending(io_direction::write) == 0 && h.may_complete_inline()) {
        error_code ec;
        if (a(io.get(), ec) != attempt::would_block)
            return write_done(h, ec, a);
        first = after_vain_attempt(h.owner());
    }
    io.start(io_direction::write, first, a,
             completion{std::move(h), write_waited});
}

prompt_write tls_socket::write_at_once(vm& owner,
                                       std::span<const std::byte> bytes) {
    prompt_write r;
    auto& c = *connection_;
    if (bytes.empty() || !c.is_open() || owner.inline_budget == 0) return r;
    auto& io = c.tcp->io();
    if (io.pending(io_direction::write) != 0) return r;
    const const_bytes buffer{const_cast<std::byte*>(bytes.data()),
                             bytes.size()};
    error_code ec;
    const auto outcome = c.write(io.get(), buffer, r.size, ec);
    if (outcome == attempt::would_block) {
        if (r.size == 0) return r;
        // The rest of a record, which belongs to the connection.
        c.flush_in_background();
    }
    r.done = true;
    --owner.inline_budget;
    if (ec) r.error = failure_of(c, ec, "send");
    return r;
}

void tls_socket::set_server_name(const c_string& hostname) {
    if (hostname.text.empty() || hostname.text.size() > 255)
        throw_invalid_argument("hostname", "a name of 1 to 255 bytes");
    error_code ec;
    boost::asio::ip::make_address(hostname.text, ec);
    auto name = hostname.text;
    if (name.ends_with('.')) name.pop_back();
    const char* const sent = ec ? name.c_str() : nullptr;
    connection_->with_ssl([&](SSL* ssl) {
        if (SSL_set_tlsext_host_name(ssl, sent) != 1) throw_ssl_error();
    });
}

void tls_socket::set_verify_callback(verify_callback,
                                     const c_string& hostname) {
    connection_->with_ssl(
        [&](SSL* ssl) { expect_host(SSL_get0_param(ssl), hostname.text); });
}

void tls_socket::set_verify_depth(ranged<0, 1000> depth) {
    connection_->with_ssl(
        [&](SSL* ssl) { SSL_set_verify_depth(ssl, static_cast<int>(depth)); });
}

void tls_socket::set_verify_mode(verify_mode mode) {
    connection_->with_ssl([&](SSL* ssl) {
        SSL_set_verify(ssl, verify_flags(mode), note_verification);
    });
}

void tls_socket::set_session(const session& s) {
    connection_->with_ssl([&](SSL* ssl) {
        if (!SSL_set_session(ssl, s.get())) throw_ssl_error();
    });
}

void tls_socket::shutdown(socket::shutdown_type what) {
    if (what != socket::shutdown_type::receive) connection_->end_writing();
    if (what != socket::shutdown_type::send &&
        ::shutdown(tcp().native_handle(), SHUT_RD) != 0)
        throw_errno("shutdown");
}

std::optional<std::string> tls_socket::alpn_protocol() const {
    return connection_->with_ssl([](SSL* ssl) -> std::optional<std::string> {
        const unsigned char* data = nullptr;
        unsigned size = 0;
        SSL_get0_alpn_selected(ssl, &data, &size);
        if (size == 0) return {};
        return std::string{reinterpret_cast<const char*>(data), size};
    });
}

std::optional<std::string> tls_socket::protocol() const {
    if (!connection_->established()) return {};
    return connection_->with_ssl(
        [](SSL* ssl) { return std::string{SSL_get_version(ssl)}; });
}

std::optional<std::string> tls_socket::cipher() const {
    if (!connection_->established()) return {};
    return connection_->with_ssl(
        [](SSL* ssl) { return std::string{SSL_get_cipher_name(ssl)}; });
}

std::optional<std::string> tls_socket::server_name() const {
    return connection_->with_ssl([](SSL* ssl) -> std::optional<std::string> {
        const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
        if (!name) return {};
        return std::string{name};
    });
}

std::optional<value::bytes> tls_socket::peer_certificate() const {
    return connection_->with_ssl([](SSL* ssl) -> std::optional<value::bytes> {
        const x509_ptr x{SSL_get1_peer_certificate(ssl)};
        if (!x) return {};
        unsigned char* data = nullptr;
        const int size = i2d_X509(x.get(), &data);
        if (size < 0) throw_ssl_error();
        value::bytes b{
            {reinterpret_cast<char*>(data), static_cast<std::size_t>(size)}};
        OPENSSL_free(data);
        return b;
    });
}

std::optional<session> tls_socket::current_session() const {
    return connection_->with_ssl([](SSL* ssl) -> std::optional<tls::session> {
        session_ptr s{SSL_get1_session(ssl)};
        if (!s || !SSL_SESSION_is_resumable(s.get())) return {};
        return tls::session{std::move(s)};
    });
}

bool tls_socket::session_reused() const {
    return connection_->with_ssl(
        [](SSL* ssl) { return SSL_session_reused(ssl) == 1; });
}

parcel tls_socket::pack() {
    parcel p;
    if (is_open()) p.descriptors.push_back(connection_->detach());
    p.shared = std::move(connection_);
    return p;
}

tls_socket tls_socket::unpack(vm& owner, parcel p) {
    auto c = std::static_pointer_cast<connection>(std::move(p.shared));
    if (!p.descriptors.empty())
        c->attach(transport{ip::tcp_socket::unpack(owner, std::move(p))});
    return tls_socket{std::move(c)};
}

} // namespace emilua::tls
