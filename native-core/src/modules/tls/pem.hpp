// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/tls/context.hpp"

#include <string_view>

/// Certificates and keys, as they are written.

namespace emilua::tls {

/// What is in a file; overwritten in the end, because it may be a key.
class file_content {
public:
    /// Throws what the system says.
    explicit file_content(const filesystem::path& filename);
    file_content(const file_content&) = delete;
    file_content& operator=(const file_content&) = delete;
    ~file_content();

    std::string_view bytes() const noexcept {
        return {bytes_.data(), bytes_.size()};
    }

private:
    std::vector<char> bytes_;
};

inline std::string_view view(const secret& s) noexcept {
    return {s.data(), s.size()};
}

/// Every certificate and every list of revoked ones in a text. Throws when
/// there is none.
void trust(SSL_CTX* ctx, std::string_view pem);

x509_ptr read_certificate(std::string_view data, data_format fmt);
/// The first one is the owner's.
std::vector<x509_ptr> read_chain(std::string_view pem);
pkey_ptr read_private_key(std::string_view data, data_format fmt,
                          const password_callback& password);
pkey_ptr read_parameters(std::string_view pem);

} // namespace emilua::tls
