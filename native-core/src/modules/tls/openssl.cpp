// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/tls/openssl.hpp"

#include "core/error_names.hpp"
#include "modules/tls/openssl_library.hpp"

#include <algorithm>
#include <openssl/err.h>
#include <openssl/sslerr.h>
#include <openssl/x509_vfy.h>

namespace emilua::tls {
namespace {

/// OpenSSL leaves this library to programs.
constexpr int of_verification = ERR_LIB_USER;

/// An error that a program made by its number needs no OpenSSL to be one.
bool is_prepared() noexcept {
    try {
        prepare_openssl();
        return true;
    } catch (...) {
        return false;
    }
}

std::string first_letter_large(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

/// What the words of OpenSSL do not say.
const char* meaning_of(unsigned long packed) noexcept {
    if (ERR_GET_LIB(packed) != ERR_LIB_SSL) return "";
    switch (ERR_GET_REASON(packed)) {
    case SSL_R_HTTP_REQUEST:
        return ": the peer speaks HTTP without TLS";
    case SSL_R_WRONG_VERSION_NUMBER:
        return ": what the peer sent is no TLS";
    case SSL_R_NO_SHARED_CIPHER:
        return ": there is nothing that both sides can do, or this one has no "
               "certificate";
    default:
        return "";
    }
}

class category final : public naming_category {
public:
    const char* name() const noexcept override { return "ssl"; }

    std::string message(int code) const override {
        const auto packed = static_cast<unsigned long>(code);
        if (!is_prepared())
            return "Error " + std::to_string(code) + " of OpenSSL";
        if (ERR_GET_LIB(packed) == of_verification)
            return first_letter_large(
                X509_verify_cert_error_string(ERR_GET_REASON(packed)));
        if (const char* reason = ERR_reason_error_string(packed))
            return first_letter_large(reason) + meaning_of(packed);
        return "Error " + std::to_string(code) + " of OpenSSL";
    }

    /// Of certificates as X509_V_ERR_… has it, otherwise as SSL_R_… has it.
    std::string code_name(int code) const override {
        const auto packed = static_cast<unsigned long>(code);
        if (ERR_GET_LIB(packed) == of_verification) {
            const int reason = ERR_GET_REASON(packed);
            for (const auto& [number, name] : verifications)
                if (number == reason) return name;
            return "CERTIFICATE_REFUSED_" + std::to_string(reason);
        }
        const char* reason =
            is_prepared() ? ERR_reason_error_string(packed) : nullptr;
        if (!reason) return "SSL_" + std::to_string(code);
        std::string s{reason};
        for (char& c : s) {
            if (c >= 'a' && c <= 'z')
                c = static_cast<char>(c - 'a' + 'A');
            else if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9'))
                c = '_';
        }
        return s;
    }

private:
    struct verification {
        int number;
        const char* name;
    };
#define EMILUA_X509(name)                                                      \
    { X509_V_ERR_##name, #name }
    static constexpr verification verifications[] = {
        EMILUA_X509(UNSPECIFIED),
        EMILUA_X509(UNABLE_TO_GET_ISSUER_CERT),
        EMILUA_X509(UNABLE_TO_GET_CRL),
        EMILUA_X509(CERT_SIGNATURE_FAILURE),
        EMILUA_X509(CRL_SIGNATURE_FAILURE),
        EMILUA_X509(CERT_NOT_YET_VALID),
        EMILUA_X509(CERT_HAS_EXPIRED),
        EMILUA_X509(CRL_NOT_YET_VALID),
        EMILUA_X509(CRL_HAS_EXPIRED),
        EMILUA_X509(DEPTH_ZERO_SELF_SIGNED_CERT),
        EMILUA_X509(SELF_SIGNED_CERT_IN_CHAIN),
        EMILUA_X509(UNABLE_TO_GET_ISSUER_CERT_LOCALLY),
        EMILUA_X509(UNABLE_TO_VERIFY_LEAF_SIGNATURE),
        EMILUA_X509(CERT_CHAIN_TOO_LONG),
        EMILUA_X509(CERT_REVOKED),
        EMILUA_X509(INVALID_CA),
        EMILUA_X509(PATH_LENGTH_EXCEEDED),
        EMILUA_X509(INVALID_PURPOSE),
        EMILUA_X509(CERT_UNTRUSTED),
        EMILUA_X509(CERT_REJECTED),
        EMILUA_X509(HOSTNAME_MISMATCH),
        EMILUA_X509(IP_ADDRESS_MISMATCH),
        EMILUA_X509(EE_KEY_TOO_SMALL),
        EMILUA_X509(CA_KEY_TOO_SMALL),
        EMILUA_X509(CA_MD_TOO_WEAK),
    };
#undef EMILUA_X509
};

} // namespace

void prepare_openssl() {
    // Threads of the pool may still be at work when the process ends, so
    // OpenSSL leaves its tables alone then.
    static const bool prepared = [] {
        load_openssl();
        OPENSSL_init_ssl(OPENSSL_INIT_NO_ATEXIT, nullptr);
        return true;
    }();
    static_cast<void>(prepared);
}

const error_category& ssl_category() noexcept {
    static const category instance;
    return instance;
}

error_code ssl_error(int library, int reason) noexcept {
    return {static_cast<int>(ERR_PACK(library, 0, reason)), ssl_category()};
}

error_code verification_error(long code) noexcept {
    return ssl_error(of_verification, static_cast<int>(code));
}

error_code take_error() noexcept {
    const auto e = ERR_get_error();
    ERR_clear_error();
    if (ERR_SYSTEM_ERROR(e))
        return {static_cast<int>(ERR_GET_REASON(e)),
                boost::system::system_category()};
    // Nothing was noted: it can only be memory that ran out.
    if (e == 0) return {ENOMEM, boost::system::system_category()};
    return {static_cast<int>(e), ssl_category()};
}

void throw_ssl_error(const char* argument) {
    throw failure{take_error(), nullptr, argument};
}

} // namespace emilua::tls
