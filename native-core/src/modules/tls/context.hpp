// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "modules/filesystem/path.hpp"
#include "modules/tls/openssl.hpp"
#include "modules/tls/options.hpp"

#include <emilua/bytes.hpp>
#include <emilua/value.hpp>

#include <atomic>
#include <string>
#include <vector>

namespace emilua::tls {

using password_callback =
    std::optional<callback<secret(int, password_purpose)>>;
enum class role { undecided, client, server };
using protocol_names = std::vector<std::string>;

/// What the connections of a context share with it.
struct context_state {
    ssl_ctx_ptr ctx;
    /// What its method leaves: undecided is both.
    role only = role::undecided;
    /// Each name with its length in front.
    std::string protocols;
    /// Another VM has it, too, and nothing may be changed any more.
    std::atomic<bool> shared = false;
};

/// How connections are made: versions, certificates, keys, whom to trust.
class context {
public:
    static context make(method m);
    /// The one of whoever gives none. Trusts whom the system trusts.
    static const std::shared_ptr<context_state>& common();

    parcel pack();
    static context unpack(vm&, parcel p);

    void add_certificate_authority(const secret& data);
    void load_verify_file(const filesystem::path& filename);
    void add_verify_path(const filesystem::path& path);
    void set_default_verify_paths();

    void set_options(flags_of<context_flag> flags);
    void clear_options(flags_of<context_flag> flags);
    void set_verify_callback(verify_callback which, const c_string& host);
    void set_verify_depth(ranged<0, 1000> depth);
    void set_verify_mode(verify_mode mode);
    void set_alpn_protocols(const protocol_names& protocols);

    void use_certificate(const secret& data, data_format fmt);
    void use_certificate_file(const filesystem::path& filename,
                              data_format fmt);
    void use_certificate_chain(const secret& data);
    void use_certificate_chain_file(const filesystem::path& filename);
    void use_private_key(const secret& data, data_format fmt,
                         password_callback password);
    void use_private_key_file(const filesystem::path& filename, data_format fmt,
                              password_callback password);
    void use_rsa_private_key(const secret& data, data_format fmt,
                             password_callback password);
    void use_rsa_private_key_file(const filesystem::path& filename,
                                  data_format fmt, password_callback password);
    void use_tmp_dh(const secret& data);
    void use_tmp_dh_file(const filesystem::path& filename);

    const std::shared_ptr<context_state>& state() const noexcept {
        return state_;
    }

private:
    explicit context(std::shared_ptr<context_state> s) noexcept
        : state_{std::move(s)} {}
    /// Throws EBUSY when it is not this VM's alone any more.
    SSL_CTX* change();

    std::shared_ptr<context_state> state_;
};

/// Flags of OpenSSL for `mode`.
int verify_flags(verify_mode mode) noexcept;

/// Makes `param` ask for a certificate of `host`, a name or an address.
void expect_host(X509_VERIFY_PARAM* param, const std::string& host);

/// Notes why a certificate was refused, with the connection that it was for.
int note_verification(int ok, X509_STORE_CTX* store);

} // namespace emilua::tls

template <> struct emilua::described_in<emilua::tls::context> {
    static constexpr const char* module = "tls";
};
