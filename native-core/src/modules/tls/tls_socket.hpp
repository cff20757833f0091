// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/tls/connection.hpp"

namespace emilua::tls {

/// What a client needs to begin where an earlier connection ended.
class session {
public:
    explicit session(session_ptr s) noexcept
        : session_{s.release(), SSL_SESSION_free} {}

    SSL_SESSION* get() const noexcept { return session_.get(); }
    /// How long the server will know it, in seconds.
    double lifetime() const noexcept;

    parcel pack();
    static session unpack(vm&, parcel p);

private:
    explicit session(std::shared_ptr<SSL_SESSION> s) noexcept
        : session_{std::move(s)} {}

    std::shared_ptr<SSL_SESSION> session_;
};

/// The class of programs.
class tls_socket {
public:
    tls_socket(ip::tcp_socket&& tcp, std::shared_ptr<context_state> context)
        : connection_{std::make_shared<connection>(transport{std::move(tcp)},
                                                   std::move(context))} {}
    tls_socket(tls_socket&&) noexcept = default;
    ~tls_socket() {
        if (connection_) connection_->close();
    }

    void client_handshake(handler<> h);
    void server_handshake(handler<> h);
    void read_some(mutable_bytes buffer, handler<std::size_t> h);
    void write_some(const_bytes buffer, handler<std::size_t> h);
    /// The first attempt of `write_some`, within the budget of what completes
    /// at once.
    prompt_write write_at_once(vm& owner, std::span<const std::byte> bytes);

    void set_server_name(const c_string& hostname);
    void set_verify_callback(verify_callback which, const c_string& hostname);
    void set_verify_depth(ranged<0, 1000> depth);
    void set_verify_mode(verify_mode mode);
    void set_session(const session& s);

    void shutdown(socket::shutdown_type what);
    void close() { connection_->close(); }
    void cancel() { connection_->cancel(); }

    bool is_open() const { return connection_->is_open(); }
    std::optional<std::string> alpn_protocol() const;
    std::optional<std::string> protocol() const;
    std::optional<std::string> cipher() const;
    std::optional<std::string> server_name() const;
    std::optional<value::bytes> peer_certificate() const;
    std::optional<tls::session> current_session() const;
    bool session_reused() const;
    ip::address local_address() const { return tcp().local_address(); }
    std::uint16_t local_port() const { return tcp().local_port(); }
    ip::address remote_address() const { return tcp().remote_address(); }
    std::uint16_t remote_port() const { return tcp().remote_port(); }

    bool busy() const { return is_open() && connection_->busy(); }
    parcel pack();
    static tls_socket unpack(vm& owner, parcel p);

private:
    explicit tls_socket(std::shared_ptr<connection> c) noexcept
        : connection_{std::move(c)} {}
    const transport& tcp() const;
    void handshake(role r, handler<> h);

    std::shared_ptr<connection> connection_;
};

} // namespace emilua::tls

template <> struct emilua::described_in<emilua::tls::tls_socket> {
    static constexpr const char* module = "tls";
};
template <> struct emilua::described_in<emilua::tls::session> {
    static constexpr const char* module = "tls";
};
