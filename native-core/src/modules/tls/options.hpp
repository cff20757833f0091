// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/describe.hpp>

/// The names that programs give.

namespace emilua::tls {

enum class method {
    ssl2,
    ssl2_client,
    ssl2_server,
    ssl3,
    ssl3_client,
    ssl3_server,
    tls1,
    tls1_client,
    tls1_server,
    ssl23,
    ssl23_client,
    ssl23_server,
    tls11,
    tls11_client,
    tls11_server,
    tls12,
    tls12_client,
    tls12_server,
    tls13,
    tls13_client,
    tls13_server,
    tls,
    tls_client,
    tls_server,
};

enum class context_flag {
    default_workarounds = 1,
    no_compression = 2,
    no_sslv2 = 4,
    no_sslv3 = 8,
    no_tlsv1 = 16,
    no_tlsv1_1 = 32,
    no_tlsv1_2 = 64,
    no_tlsv1_3 = 128,
    single_dh_use = 256,
};

enum class verify_mode { none, peer, fail_if_no_peer_cert, client_once };
enum class verify_callback { host_name_verification };
enum class data_format { asn1, pem };
enum class password_purpose { for_reading, for_writing };

} // namespace emilua::tls

namespace emilua {

template <> struct enum_names<tls::method> {
    using o = tls::method;
    static constexpr auto name = "tls_method";
    static constexpr enum_item<o> items[] = {
        {"ssl2", o::ssl2, "SSL 2, which OpenSSL has no more."},
        {"ssl2_client", o::ssl2_client, "The same for clients only."},
        {"ssl2_server", o::ssl2_server, "The same for servers only."},
        {"ssl3", o::ssl3, "SSL 3, which OpenSSL seldom has."},
        {"ssl3_client", o::ssl3_client, "The same for clients only."},
        {"ssl3_server", o::ssl3_server, "The same for servers only."},
        {"tls1", o::tls1,
         "TLS 1.0 and no other; the system's policy may forbid it."},
        {"tls1_client", o::tls1_client, "The same for clients only."},
        {"tls1_server", o::tls1_server, "The same for servers only."},
        {"ssl23", o::ssl23, "Another name of \"tls\"."},
        {"ssl23_client", o::ssl23_client, "The same for clients only."},
        {"ssl23_server", o::ssl23_server, "The same for servers only."},
        {"tls11", o::tls11,
         "TLS 1.1 and no other; the system's policy may forbid it."},
        {"tls11_client", o::tls11_client, "The same for clients only."},
        {"tls11_server", o::tls11_server, "The same for servers only."},
        {"tls12", o::tls12, "TLS 1.2 and no other."},
        {"tls12_client", o::tls12_client, "The same for clients only."},
        {"tls12_server", o::tls12_server, "The same for servers only."},
        {"tls13", o::tls13, "TLS 1.3 and no other."},
        {"tls13_client", o::tls13_client, "The same for clients only."},
        {"tls13_server", o::tls13_server, "The same for servers only."},
        {"tls", o::tls, "The newest that both sides know, TLS 1.2 or later."},
        {"tls_client", o::tls_client, "The same for clients only."},
        {"tls_server", o::tls_server, "The same for servers only."},
    };
};

template <> struct enum_names<tls::context_flag> {
    using o = tls::context_flag;
    static constexpr auto name = "tls_context_flag";
    static constexpr enum_item<o> items[] = {
        {"default_workarounds", o::default_workarounds,
         "Various workarounds for bugs of others (SSL_OP_ALL)."},
        {"no_compression", o::no_compression,
         "No compression; there is none by default."},
        {"no_sslv2", o::no_sslv2, "No SSL 2, which there is not anyway."},
        {"no_sslv3", o::no_sslv3, "No SSL 3."},
        {"no_tlsv1", o::no_tlsv1, "No TLS 1.0."},
        {"no_tlsv1_1", o::no_tlsv1_1, "No TLS 1.1."},
        {"no_tlsv1_2", o::no_tlsv1_2, "No TLS 1.2."},
        {"no_tlsv1_3", o::no_tlsv1_3, "No TLS 1.3."},
        {"single_dh_use", o::single_dh_use,
         "A new key each time that parameters of use_tmp_dh are used."},
    };
};

template <> struct enum_names<tls::verify_mode> {
    using o = tls::verify_mode;
    static constexpr auto name = "tls_verify_mode";
    static constexpr enum_item<o> items[] = {
        {"none", o::none,
         "A client takes any certificate; a server asks for none."},
        {"peer", o::peer,
         "A client checks that of the server; a server asks for one, and "
         "checks it if there is one."},
        {"fail_if_no_peer_cert", o::fail_if_no_peer_cert,
         "As peer, and a server insists."},
        {"client_once", o::client_once,
         "As peer, and a server does not ask again on one connection."},
    };
};

template <> struct enum_names<tls::verify_callback> {
    using o = tls::verify_callback;
    static constexpr auto name = "tls_verify_callback";
    static constexpr enum_item<o> items[] = {
        {"host_name_verification", o::host_name_verification,
         "The certificate has to be that of a host."},
    };
};

template <> struct enum_names<tls::data_format> {
    using o = tls::data_format;
    static constexpr auto name = "tls_format";
    static constexpr enum_item<o> items[] = {
        {"asn1", o::asn1, "Bytes of ASN.1 (DER)."},
        {"pem", o::pem, "Text with BEGIN and END lines (PEM)."},
    };
};

template <> struct enum_names<tls::password_purpose> {
    using o = tls::password_purpose;
    static constexpr auto name = "tls_password_purpose";
    static constexpr enum_item<o> items[] = {
        {"for_reading", o::for_reading, "A key is to be decrypted."},
        {"for_writing", o::for_writing, "A key is to be encrypted."},
    };
};

} // namespace emilua
