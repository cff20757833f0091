// SPDX-License-Identifier: MIT OR BSL-1.0
// Lets each system call of TLS sockets fail in turn.
#include "faults.hpp"
#include "modules/ip/dial.hpp"
#include "modules/tls/tls_socket.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <sys/epoll.h>
#include <sys/stat.h>

extern "C" {
static bool is_socket(int fd) {
    struct stat s;
    return ::fstat(fd, &s) == 0 && S_ISSOCK(s.st_mode);
}

FAILING_CALL(int, socket, (int domain, int type, int protocol),
             (domain, type, protocol))
FAILING_CALL(int, bind, (int fd, const sockaddr* a, socklen_t n), (fd, a, n))
FAILING_CALL(int, listen, (int fd, int n), (fd, n))
FAILING_CALL(int, accept4, (int fd, sockaddr* a, socklen_t* n, int how),
             (fd, a, n, how))
FAILING_CALL(int, connect, (int fd, const sockaddr* a, socklen_t n), (fd, a, n))
FAILING_CALL(int, getsockname, (int fd, sockaddr* a, socklen_t* n), (fd, a, n))
FAILING_CALL(ssize_t, send, (int fd, const void* p, size_t n, int how),
             (fd, p, n, how))
FAILING_CALL(ssize_t, recv, (int fd, void* p, size_t n, int how),
             (fd, p, n, how))
// What is registered can be taken out again.
int __real_epoll_ctl(int e, int what, int fd, epoll_event* v);
int __wrap_epoll_ctl(int e, int what, int fd, epoll_event* v) {
    return is_socket(fd) && what == EPOLL_CTL_ADD && fails("epoll_ctl")
               ? -1
               : __real_epoll_ctl(e, what, fd, v);
}
}

using namespace emilua;
using namespace emilua::test;

namespace {

std::string text_of(BIO* b) {
    char* p = nullptr;
    const auto n = BIO_get_mem_data(b, &p);
    return {p, static_cast<std::size_t>(n)};
}

/// A certificate and its key, in PEM.
struct identity {
    std::string cert, key;

    identity() {
        tls::prepare_openssl();
        const tls::pkey_ptr pair{EVP_EC_gen("P-256")};
        const tls::x509_ptr x{X509_new()};
        X509_set_version(x.get(), 2);
        ASN1_INTEGER_set(X509_get_serialNumber(x.get()), 1);
        X509_gmtime_adj(X509_getm_notBefore(x.get()), 0);
        X509_gmtime_adj(X509_getm_notAfter(x.get()), 3600);
        X509_set_pubkey(x.get(), pair.get());
        auto* const name = X509_get_subject_name(x.get());
        X509_NAME_add_entry_by_txt(
            name, "CN", MBSTRING_ASC,
            reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
        X509_set_issuer_name(x.get(), name);
        X509_sign(x.get(), pair.get(), EVP_sha256());
        const tls::bio_ptr a{BIO_new(BIO_s_mem())}, b{BIO_new(BIO_s_mem())};
        PEM_write_bio_X509(a.get(), x.get());
        PEM_write_bio_PrivateKey(b.get(), pair.get(), nullptr, nullptr, 0,
                                 nullptr, nullptr);
        cert = text_of(a.get());
        key = text_of(b.get());
    }
};

const identity& somebody() {
    static const identity one;
    return one;
}

template <class... R, class F> void done(test_vm& v, F start) {
    started<R...> op{v};
    start(op.completion());
    op.expect();
}

/// One that fails leaves the other one waiting.
void shake(test_vm& v, tls::tls_socket& a, tls::tls_socket& b) {
    pending<> client{v}, server{v};
    a.client_handshake(client.completion());
    b.server_handshake(server.completion());
    const auto failed = [](pending<>& op) { return op.done() && op.error(); };
    while (!(client.done() && server.done()) && !failed(client) &&
           !failed(server)) {
        v.io().restart();
        v.io().run_one();
    }
    for (auto* op : {&client, &server}) {
        if (op->done()) continue;
        op->cancel();
        op->wait();
    }
    for (auto* op : {&client, &server})
        if (op->error() && op->error() != boost::asio::error::operation_aborted)
            throw failure{op->error(), op->op().syscall};
}

/// What sockets do in their end may fail without a word.
struct no_more {
    ~no_more() { failing = 0; }
};

void use(test_vm& v, tls::method m) {
    auto server_context = tls::context::make(m);
    server_context.use_certificate_chain(secret{somebody().cert});
    server_context.use_private_key(secret{somebody().key},
                                   tls::data_format::pem, {});
    auto client_context = tls::context::make(m);
    client_context.add_certificate_authority(secret{somebody().cert});
    client_context.set_verify_mode(tls::verify_mode::peer);

    started<ip::tcp_acceptor> listening{v};
    ip::listen_tcp(v, "127.0.0.1:0", listening.completion());
    listening.expect();
    auto acceptor = listening.take();
    started<ip::tcp_socket> dialing{v}, accepting{v};
    acceptor.accept(accepting.completion());
    ip::dial_tcp(v, "127.0.0.1:" + std::to_string(acceptor.local_port()),
                 dialing.completion());
    dialing.expect();
    accepting.expect();
    tls::tls_socket a{dialing.take(), client_context.state()};
    tls::tls_socket b{accepting.take(), server_context.state()};
    const no_more calls;

    shake(v, a, b);
    char out[20000] = {}, in[20000];
    for (int i = 0; i < 2; ++i) {
        started<std::size_t> reading{v};
        b.read_some({in, sizeof(in)}, reading.completion());
        done<std::size_t>(v, [&](auto h) {
            a.write_some({out, sizeof(out)}, std::move(h));
        });
        reading.expect();
    }
    // In other hands, in the middle.
    auto moved = tls::tls_socket::unpack(v, b.pack());
    done<std::size_t>(v, [&](auto h) {
        moved.read_some({in, 100}, std::move(h));
    });
    a.shutdown(socket::shutdown_type::send);
    failing = 0;
}

void use_newest(test_vm& v) { use(v, tls::method::tls); }
void use_tls12(test_vm& v) { use(v, tls::method::tls12); }

/// The alert at the end is told to nobody.
bool of_tls(std::string_view name) { return name == "send"; }

} // namespace

int main() {
    each_call_fails("TLS", use_newest, of_tls);
    each_call_fails("TLS 1.2", use_tls12, of_tls);
    return failures != 0;
}
