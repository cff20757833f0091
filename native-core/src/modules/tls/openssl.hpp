// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/error.hpp>

#include <memory>
#include <openssl/ssl.h>

/// What every part of this module needs of OpenSSL.

namespace emilua::tls {

template <auto Free> struct freed_by {
    template <class T> void operator()(T* p) const noexcept { Free(p); }
};
template <class T, auto Free> using owned = std::unique_ptr<T, freed_by<Free>>;

using ssl_ctx_ptr = owned<SSL_CTX, SSL_CTX_free>;
using ssl_ptr = owned<SSL, SSL_free>;
using session_ptr = owned<SSL_SESSION, SSL_SESSION_free>;
using bio_ptr = owned<BIO, BIO_free>;
using x509_ptr = owned<X509, X509_free>;
using pkey_ptr = owned<EVP_PKEY, EVP_PKEY_free>;

/// Before the first call of OpenSSL. Any thread, any number of times. Throws
/// ENOPKG when its library is not there.
void prepare_openssl();

/// Category "ssl": numbers are OpenSSL's own; those of certificates that were
/// refused are of `verification_error`.
const error_category& ssl_category() noexcept;

/// `code` is one of the X509_V_ERR_…
error_code verification_error(long code) noexcept;

/// An error of OpenSSL by the library and the reason.
error_code ssl_error(int library, int reason) noexcept;

/// The oldest error that OpenSSL notes for this thread, which has none
/// afterwards.
error_code take_error() noexcept;

/// Throws `take_error()` for the argument called `argument`, or for none.
[[noreturn]] void throw_ssl_error(const char* argument = nullptr);

} // namespace emilua::tls
