// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/tls/context.hpp"

#include "modules/tls/pem.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

namespace emilua::tls {
namespace {

struct protocol {
    const SSL_METHOD* method;
    /// 0 is any.
    int version;
};

protocol protocol_of(method m) noexcept {
    const auto roles = [](int version, int role) -> protocol {
        return {role == 0   ? TLS_method()
                : role == 1 ? TLS_client_method()
                            : TLS_server_method(),
                version};
    };
    // Three each, in the order of the enumeration.
    const int n = static_cast<int>(m);
    switch (static_cast<method>(n - n % 3)) {
    case method::tls1:
        return roles(TLS1_VERSION, n % 3);
    case method::tls11:
        return roles(TLS1_1_VERSION, n % 3);
    case method::tls12:
        return roles(TLS1_2_VERSION, n % 3);
    case method::tls13:
        return roles(TLS1_3_VERSION, n % 3);
    case method::ssl23:
    case method::tls:
        return roles(0, n % 3);
    default:
        return {nullptr, 0};
    }
}

role role_of(method m) noexcept {
    return static_cast<role>(static_cast<int>(m) % 3);
}

std::uint64_t options_of(flags_of<context_flag> flags) noexcept {
    using f = context_flag;
    std::uint64_t o = 0;
    for (const auto& [flag, option] :
         {std::pair<f, std::uint64_t>{f::default_workarounds, SSL_OP_ALL},
          {f::no_compression, SSL_OP_NO_COMPRESSION},
          {f::no_sslv2, SSL_OP_NO_SSLv2},
          {f::no_sslv3, SSL_OP_NO_SSLv3},
          {f::no_tlsv1, SSL_OP_NO_TLSv1},
          {f::no_tlsv1_1, SSL_OP_NO_TLSv1_1},
          {f::no_tlsv1_2, SSL_OP_NO_TLSv1_2},
          {f::no_tlsv1_3, SSL_OP_NO_TLSv1_3},
          {f::single_dh_use, SSL_OP_SINGLE_DH_USE}})
        if (flags.has(flag)) o |= option;
    return o;
}

/// The first of the server's names that the client has, too.
int select_protocol(SSL*, const unsigned char** out, unsigned char* size,
                    const unsigned char* in, unsigned int in_size,
                    void* state) {
    const auto& own = static_cast<context_state*>(state)->protocols;
    unsigned char* selected = nullptr;
    if (SSL_select_next_proto(
            &selected, size, reinterpret_cast<const unsigned char*>(own.data()),
            static_cast<unsigned>(own.size()), in,
            in_size) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = selected;
    return SSL_TLSEXT_ERR_OK;
}

/// Where systems keep whom they trust, if not where OpenSSL looks.
constexpr const char* trusted_files[] = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
};

bool exists(const char* path) noexcept { return ::access(path, R_OK) == 0; }

void trust_whom_the_system_trusts(SSL_CTX* ctx) {
    if (!SSL_CTX_set_default_verify_paths(ctx)) throw_ssl_error();
    if (::getenv(X509_get_default_cert_file_env()) ||
        ::getenv(X509_get_default_cert_dir_env()) ||
        exists(X509_get_default_cert_file()) ||
        exists(X509_get_default_cert_dir()))
        return;
    for (const auto* file : trusted_files)
        if (exists(file) && SSL_CTX_load_verify_file(ctx, file)) return;
    ERR_clear_error();
}

/// Of a file that OpenSSL did not like, which one it was.
template <class Use>
void with_content(const filesystem::path& filename, Use use) {
    const file_content content{filename};
    try {
        use(content.bytes());
    } catch (failure& f) {
        if (f.code.category() == ssl_category()) {
            if (f.expected.empty()) f.expected = f.code.message();
            f.expected += ", '" + filename.get().native() + '\'';
            f.path = filename.get().native();
        }
        throw;
    }
}

std::shared_ptr<context_state> make_state(method m) {
    prepare_openssl();
    const auto [method, version] = protocol_of(m);
    if (!method)
        throw failure{error_code{boost::asio::error::operation_not_supported}};
    auto s = std::make_shared<context_state>();
    s->ctx.reset(SSL_CTX_new(method));
    if (!s->ctx) throw_ssl_error();
    s->only = role_of(m);
    auto* const ctx = s->ctx.get();
    // The system may ask for more, by its openssl.cnf.
    const bool set =
        version != 0 ? SSL_CTX_set_min_proto_version(ctx, version) &&
                           SSL_CTX_set_max_proto_version(ctx, version)
        : SSL_CTX_get_min_proto_version(ctx) < TLS1_2_VERSION
            ? SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 0
            : true;
    if (!set) throw_ssl_error();
    // Renegotiation is a way to make a server work for nothing.
    SSL_CTX_set_options(ctx, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
                              SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // A record is there with one recv(2), not with two.
    SSL_CTX_set_read_ahead(ctx, 1);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, note_verification);
    // Without one, whoever asks clients for certificates cannot resume.
    constexpr unsigned char id[] = "emilua";
    SSL_CTX_set_session_id_context(ctx, id, sizeof(id) - 1);
    return s;
}

} // namespace

context context::make(method m) { return context{make_state(m)}; }

const std::shared_ptr<context_state>& context::common() {
    static const auto state = [] {
        auto s = make_state(method::tls);
        trust_whom_the_system_trusts(s->ctx.get());
        return s;
    }();
    return state;
}

parcel context::pack() {
    state_->shared = true;
    parcel p;
    p.shared = state_;
    return p;
}

context context::unpack(vm&, parcel p) {
    return context{std::static_pointer_cast<context_state>(p.shared)};
}

SSL_CTX* context::change() {
    if (state_->shared)
        throw failure{error_code{EBUSY, boost::system::system_category()}};
    ERR_clear_error();
    return state_->ctx.get();
}

void context::add_certificate_authority(const secret& data) {
    auto* const ctx = change();
    trust(ctx, view(data));
}

void context::load_verify_file(const filesystem::path& filename) {
    auto* const ctx = change();
    with_content(filename, [&](auto pem) { trust(ctx, pem); });
}

void context::add_verify_path(const filesystem::path& path) {
    auto* const ctx = change();
    struct stat status;
    if (::stat(path.get().c_str(), &status) != 0) throw_errno("stat");
    if (!S_ISDIR(status.st_mode)) {
        errno = ENOTDIR;
        throw_errno("stat");
    }
    if (!SSL_CTX_load_verify_dir(ctx, path.get().c_str())) throw_ssl_error();
}

void context::set_default_verify_paths() {
    trust_whom_the_system_trusts(change());
}

void context::set_options(flags_of<context_flag> flags) {
    SSL_CTX_set_options(change(), options_of(flags));
}

void context::clear_options(flags_of<context_flag> flags) {
    SSL_CTX_clear_options(change(), options_of(flags));
}

void context::set_verify_callback(verify_callback, const c_string& host) {
    expect_host(SSL_CTX_get0_param(change()), host.text);
}

void context::set_verify_depth(ranged<0, 1000> depth) {
    SSL_CTX_set_verify_depth(change(), static_cast<int>(depth));
}

void context::set_verify_mode(verify_mode mode) {
    SSL_CTX_set_verify(change(), verify_flags(mode), note_verification);
}

void context::set_alpn_protocols(const protocol_names& protocols) {
    auto* const ctx = change();
    std::string wire;
    for (const auto& p : protocols) {
        if (p.empty() || p.size() > 255)
            throw_invalid_argument("protocols", "names of 1 to 255 bytes");
        wire += static_cast<char>(p.size());
        wire += p;
    }
    if (wire.size() > 65535)
        throw_invalid_argument("protocols", "at most 65535 bytes of names");
    // Zero is a success here.
    if (SSL_CTX_set_alpn_protos(
            ctx, reinterpret_cast<const unsigned char*>(wire.data()),
            static_cast<unsigned>(wire.size())) != 0)
        throw_ssl_error();
    state_->protocols = std::move(wire);
    SSL_CTX_set_alpn_select_cb(
        ctx, state_->protocols.empty() ? nullptr : select_protocol,
        state_.get());
}

namespace {

void use(SSL_CTX* ctx, const x509_ptr& x) {
    if (!SSL_CTX_use_certificate(ctx, x.get())) throw_ssl_error();
}

void use(SSL_CTX* ctx, const pkey_ptr& key) {
    if (!SSL_CTX_use_PrivateKey(ctx, key.get())) throw_ssl_error();
}

void use_chain(SSL_CTX* ctx, std::string_view pem) {
    const auto chain = read_chain(pem);
    use(ctx, chain.front());
    if (!SSL_CTX_clear_chain_certs(ctx)) throw_ssl_error();
    for (std::size_t i = 1; i < chain.size(); ++i)
        if (!SSL_CTX_add1_chain_cert(ctx, chain[i].get())) throw_ssl_error();
}

void use_rsa(SSL_CTX* ctx, const pkey_ptr& key) {
    if (!EVP_PKEY_is_a(key.get(), "RSA"))
        throw failure{ssl_error(ERR_LIB_EVP, EVP_R_EXPECTING_AN_RSA_KEY)};
    use(ctx, key);
}

void use_dh(SSL_CTX* ctx, std::string_view pem) {
    auto p = read_parameters(pem);
    if (!SSL_CTX_set0_tmp_dh_pkey(ctx, p.get())) throw_ssl_error();
    static_cast<void>(p.release());
}

} // namespace

void context::use_certificate(const secret& data, data_format fmt) {
    auto* const ctx = change();
    use(ctx, read_certificate(view(data), fmt));
}

void context::use_certificate_file(const filesystem::path& filename,
                                   data_format fmt) {
    auto* const ctx = change();
    with_content(filename,
                 [&](auto data) { use(ctx, read_certificate(data, fmt)); });
}

void context::use_certificate_chain(const secret& data) {
    auto* const ctx = change();
    use_chain(ctx, view(data));
}

void context::use_certificate_chain_file(const filesystem::path& filename) {
    auto* const ctx = change();
    with_content(filename, [&](auto pem) { use_chain(ctx, pem); });
}

void context::use_private_key(const secret& data, data_format fmt,
                              password_callback password) {
    auto* const ctx = change();
    use(ctx, read_private_key(view(data), fmt, password));
}

void context::use_private_key_file(const filesystem::path& filename,
                                   data_format fmt,
                                   password_callback password) {
    auto* const ctx = change();
    with_content(filename, [&](auto data) {
        use(ctx, read_private_key(data, fmt, password));
    });
}

void context::use_rsa_private_key(const secret& data, data_format fmt,
                                  password_callback password) {
    auto* const ctx = change();
    use_rsa(ctx, read_private_key(view(data), fmt, password));
}

void context::use_rsa_private_key_file(const filesystem::path& filename,
                                       data_format fmt,
                                       password_callback password) {
    auto* const ctx = change();
    with_content(filename, [&](auto data) {
        use_rsa(ctx, read_private_key(data, fmt, password));
    });
}

void context::use_tmp_dh(const secret& data) {
    auto* const ctx = change();
    use_dh(ctx, view(data));
}

void context::use_tmp_dh_file(const filesystem::path& filename) {
    auto* const ctx = change();
    with_content(filename, [&](auto pem) { use_dh(ctx, pem); });
}

int verify_flags(verify_mode mode) noexcept {
    switch (mode) {
    case verify_mode::none:
        break;
    case verify_mode::peer:
        return SSL_VERIFY_PEER;
    // Nothing by itself for OpenSSL.
    case verify_mode::fail_if_no_peer_cert:
        return SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    case verify_mode::client_once:
        return SSL_VERIFY_PEER | SSL_VERIFY_CLIENT_ONCE;
    }
    return SSL_VERIFY_NONE;
}

void expect_host(X509_VERIFY_PARAM* param, const std::string& host) {
    if (host.empty()) throw_invalid_argument("hostname", "the name of a host");
    error_code ec;
    boost::asio::ip::make_address(host, ec);
    X509_VERIFY_PARAM_set_hostflags(param,
                                    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    // Either one replaces the other.
    const bool named = !!ec;
    // The dot of a name that is complete is in no certificate.
    const auto size = host.size() - (named && host.ends_with('.') ? 1 : 0);
    if (!X509_VERIFY_PARAM_set1_host(param, named ? host.c_str() : nullptr,
                                     named ? size : 0) ||
        !(named ? X509_VERIFY_PARAM_set1_ip(param, nullptr, 0)
                : X509_VERIFY_PARAM_set1_ip_asc(param, host.c_str())))
        throw_ssl_error();
}

} // namespace emilua::tls
