// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/tls/pem.hpp"

#include <emilua/unique_descriptor.hpp>

#include <cstring>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

namespace emilua::tls {
namespace {

bio_ptr reader_of(std::string_view data) {
    bio_ptr bio{BIO_new_mem_buf(data.data(), static_cast<int>(data.size()))};
    if (!bio) throw_ssl_error();
    return bio;
}

/// Whether PEM ended where it may.
bool at_end() noexcept {
    const auto e = ERR_peek_last_error();
    if (ERR_GET_LIB(e) != ERR_LIB_PEM ||
        ERR_GET_REASON(e) != PEM_R_NO_START_LINE)
        return false;
    ERR_clear_error();
    return true;
}

/// Of data that is not `what`, which the words of OpenSSL do not say.
[[noreturn]] void throw_unreadable(const char* what, data_format fmt) {
    failure f{take_error()};
    const auto packed = static_cast<unsigned long>(f.code.value());
    const int library = ERR_GET_LIB(packed);
    const bool foreign = library == ERR_LIB_ASN1 ||
                         ERR_GET_REASON(packed) == ERR_R_UNSUPPORTED ||
                         (library == ERR_LIB_PEM &&
                          ERR_GET_REASON(packed) == PEM_R_NO_START_LINE);
    if (f.code.category() == ssl_category() && foreign)
        f.expected = f.code.message() + ": there is no " + what + " in " +
                     (fmt == data_format::asn1 ? "DER" : "PEM") + " in it";
    throw f;
}

[[noreturn]] void throw_no_start_line() {
    failure f{ssl_error(ERR_LIB_PEM, PEM_R_NO_START_LINE)};
    f.expected = f.code.message() + ": there is no certificate in PEM in it";
    throw f;
}

/// Asks the program. What it throws has to wait until OpenSSL, which is C, has
/// returned.
struct question {
    const password_callback& ask;
    std::exception_ptr thrown{};
    /// Why there is none, for a person.
    const char* missing = nullptr;

    static int answer(char* buffer, int size, int writing, void* self) {
        auto& q = *static_cast<question*>(self);
        if (!q.ask) {
            q.missing = "The key is encrypted, and there is no function that "
                        "knows its password";
            return -1;
        }
        try {
            const auto word =
                (*q.ask)(size, writing ? password_purpose::for_writing
                                       : password_purpose::for_reading);
            if (word.size() > static_cast<std::size_t>(size)) {
                q.missing = "The password is longer than it may be";
                return -1;
            }
            std::memcpy(buffer, word.data(), word.size());
            return static_cast<int>(word.size());
        } catch (...) {
            q.thrown = std::current_exception();
            return -1;
        }
    }
};

int no_password(char*, int, int, void*) { return -1; }

} // namespace

file_content::file_content(const filesystem::path& filename) {
    const unique_descriptor fd{
        ::open(filename.get().c_str(), O_RDONLY | O_CLOEXEC)};
    if (!fd) throw_errno("open");
    struct stat status;
    if (::fstat(fd.get(), &status) != 0) throw_errno("fstat");
    // Nobody's certificates are longer.
    constexpr std::size_t longest = std::size_t{16} << 20;
    // Reserved once: what a growing vector leaves behind is not overwritten.
    bytes_.resize(S_ISREG(status.st_mode)
                      ? static_cast<std::size_t>(status.st_size) + 1
                      : 65536);
    std::size_t size = 0;
    for (;;) {
        if (bytes_.size() > longest) {
            errno = EFBIG;
            throw_errno("read");
        }
        const auto n =
            ::read(fd.get(), bytes_.data() + size, bytes_.size() - size);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw_errno("read");
        if (n == 0) break;
        size += static_cast<std::size_t>(n);
        if (size < bytes_.size()) continue;
        std::vector<char> longer(bytes_.size() * 2);
        std::memcpy(longer.data(), bytes_.data(), size);
        bytes_.swap(longer);
        OPENSSL_cleanse(longer.data(), longer.size());
    }
    bytes_.resize(size);
}

file_content::~file_content() {
    OPENSSL_cleanse(bytes_.data(), bytes_.capacity());
}

void trust(SSL_CTX* ctx, std::string_view pem) {
    const auto free_all = [](STACK_OF(X509_INFO) * s) {
        sk_X509_INFO_pop_free(s, X509_INFO_free);
    };
    const std::unique_ptr<STACK_OF(X509_INFO), decltype(free_all)> found{
        PEM_X509_INFO_read_bio(reader_of(pem).get(), nullptr, no_password,
                               nullptr),
        free_all};
    if (!found) throw_ssl_error();
    auto* const store = SSL_CTX_get_cert_store(ctx);
    bool any = false;
    for (int i = 0; i < sk_X509_INFO_num(found.get()); ++i) {
        const auto& info = *sk_X509_INFO_value(found.get(), i);
        if (info.x509) {
            if (!X509_STORE_add_cert(store, info.x509) ||
                !SSL_CTX_add_client_CA(ctx, info.x509))
                throw_ssl_error();
            any = true;
        }
        if (info.crl) {
            if (!X509_STORE_add_crl(store, info.crl) ||
                !X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK))
                throw_ssl_error();
            any = true;
        }
    }
    if (!any) throw_no_start_line();
}

x509_ptr read_certificate(std::string_view data, data_format fmt) {
    const auto bio = reader_of(data);
    x509_ptr x{
        fmt == data_format::asn1
            ? d2i_X509_bio(bio.get(), nullptr)
            : PEM_read_bio_X509(bio.get(), nullptr, no_password, nullptr)};
    if (!x) throw_unreadable("certificate", fmt);
    return x;
}

std::vector<x509_ptr> read_chain(std::string_view pem) {
    const auto bio = reader_of(pem);
    std::vector<x509_ptr> chain;
    ERR_clear_error();
    while (x509_ptr x{
        PEM_read_bio_X509_AUX(bio.get(), nullptr, no_password, nullptr)})
        chain.push_back(std::move(x));
    if (!at_end()) throw_ssl_error();
    if (chain.empty()) throw_no_start_line();
    return chain;
}

pkey_ptr read_private_key(std::string_view data, data_format fmt,
                          const password_callback& password) {
    const auto bio = reader_of(data);
    question q{password};
    pkey_ptr key{fmt == data_format::asn1
                     ? d2i_PrivateKey_bio(bio.get(), nullptr)
                     : PEM_read_bio_PrivateKey(bio.get(), nullptr,
                                               question::answer, &q)};
    if (q.thrown) {
        ERR_clear_error();
        std::rethrow_exception(q.thrown);
    }
    if (q.missing) {
        ERR_clear_error();
        failure f{ssl_error(ERR_LIB_PEM, PEM_R_BAD_PASSWORD_READ)};
        f.expected = q.missing;
        throw f;
    }
    if (!key) throw_unreadable("private key", fmt);
    return key;
}

pkey_ptr read_parameters(std::string_view pem) {
    pkey_ptr p{PEM_read_bio_Parameters(reader_of(pem).get(), nullptr)};
    if (!p) throw_unreadable("DH parameters", data_format::pem);
    return p;
}

} // namespace emilua::tls
