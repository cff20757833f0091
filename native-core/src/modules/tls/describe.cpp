// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/tls/tls_socket.hpp"

namespace emilua::tls {
namespace {

tls_socket new_socket(consumed<ip::tcp_socket> sock,
                      std::optional<ref<context>> tls_ctx) {
    if (!sock->is_open())
        throw failure{error_code{EBADF, boost::system::system_category()},
                      nullptr, "sock"};
    // Everything that can fail comes first.
    const auto& state = tls_ctx ? (*tls_ctx)->state() : context::common();
    return tls_socket{sock.take(), state};
}

constexpr auto change_details =
    "EBUSY once the context was sent to another VM: then none may change it.";
constexpr auto memory_details =
    "Category \"ssl\" for what is none. EBUSY once the context was sent to "
    "another VM.";
constexpr auto file_details =
    "ENOENT, EACCES for the file, category \"ssl\" for what is none. EBUSY "
    "once the context was sent to another VM.";
constexpr auto key_details =
    "It is overwritten when OpenSSL needs it no more. Category \"ssl\" for "
    "what is none, for a wrong password (BAD_DECRYPT), and for one that does "
    "not belong to the certificate (KEY_VALUES_MISMATCH). What the function "
    "throws reaches the caller.";
constexpr auto password_doc =
    "Called for the password of an encrypted key, with the bytes it may have "
    "at most and what for; may not suspend. Without it "
    "{@ref context.set_password_callback} says whom to ask.";
constexpr auto filename_doc = "The file.";
constexpr auto fmt_doc = "How it is written.";
constexpr auto hostname_doc = "A name or an address.";
constexpr auto pem_doc = "In PEM.";

void describe_trust(class_builder<context>& c) {
    c.sync("add_certificate_authority", fn<&context::add_certificate_authority>,
           {{"data", "Certificates in PEM."}},
           "Trusts whoever has a certificate of these authorities.",
           "Lists of revoked certificates (CRL) may be among them; once there "
           "is one, every authority that signed a peer's needs one. Category "
           "\"ssl\" when nothing of it is there.")
        .sync("load_verify_file", fn<&context::load_verify_file>,
              {{"filename", "Certificates in PEM."}},
              "Trusts whoever has a certificate of the authorities in a file.",
              "As {@ref context.add_certificate_authority}.")
        .sync("add_verify_path", fn<&context::add_verify_path>,
              {{"path", "A folder that openssl-rehash(1) went through."}},
              "Trusts whoever has a certificate of the authorities in a "
              "folder, which is looked into when they are needed.",
              "ENOENT, ENOTDIR.")
        .sync("set_default_verify_paths",
              fn<&context::set_default_verify_paths>, {},
              "Trusts whom the system trusts.",
              "SSL_CERT_FILE and SSL_CERT_DIR of the environment say "
              "otherwise. SSL_CTX_set_default_verify_paths(3).")
        .sync("set_verify_mode", fn<&context::set_verify_mode>,
              {{"mode", "How strict to be."}},
              "Whether the peer's certificate is checked.",
              "\"none\" until it is set, except by {@ref dial}. "
              "SSL_CTX_set_verify(3).")
        .sync("set_verify_depth", fn<&context::set_verify_depth>,
              {{"depth", "How many authorities may stand between the peer and "
                         "one that is trusted."}},
              "How long the chain of the peer's certificate may be.",
              "SSL_CTX_set_verify_depth(3).")
        .sync("set_verify_callback", fn<&context::set_verify_callback>,
              {{"callback", "What is checked."}, {"hostname", hostname_doc}},
              "Wants the peer's certificate to be that of a host.",
              "Counts where the certificate is checked: see "
              "{@ref context.set_verify_mode}. X509_check_host(3).");
}

void describe_keys(class_builder<context>& c) {
    const parameters of_data = {{"data", "The certificate."}, {"fmt", fmt_doc}};
    const parameters of_file = {{"filename", filename_doc}, {"fmt", fmt_doc}};
    const parameters key = {
        {"data", "The key."}, {"fmt", fmt_doc}, {"password", password_doc}};
    const parameters key_file = {{"filename", filename_doc},
                                 {"fmt", fmt_doc},
                                 {"password", password_doc}};
    c.sync("use_certificate", fn<&context::use_certificate>, of_data,
           "Shows a certificate to peers.", memory_details)
        .sync("use_certificate_file", fn<&context::use_certificate_file>,
              of_file, "Shows the certificate in a file to peers.",
              file_details)
        .sync("use_certificate_chain", fn<&context::use_certificate_chain>,
              {{"data", "In PEM: one's own, then that of who signed it, and so "
                        "on."}},
              "Shows a certificate to peers, and those that lead to an "
              "authority they trust.",
              memory_details)
        .sync("use_certificate_chain_file",
              fn<&context::use_certificate_chain_file>,
              {{"filename", filename_doc}},
              "The same of certificates in a file.", file_details)
        .sync("use_private_key", fn<&context::use_private_key>, key,
              "The key that belongs to the certificate.", key_details)
        .sync("use_private_key_file", fn<&context::use_private_key_file>,
              key_file, "The same of a key in a file.", key_details)
        .sync("use_rsa_private_key", fn<&context::use_rsa_private_key>, key,
              "The same of a key that has to be one of RSA.", key_details)
        .sync("use_rsa_private_key_file",
              fn<&context::use_rsa_private_key_file>, key_file,
              "The same of a key of RSA in a file.", key_details)
        .written<void(callback<std::string(int, password_purpose)>)>(
            member_kind::method, "set_password_callback",
            {{"callback", "Gives the password; may not suspend."}},
            "Whom to ask for the passwords of encrypted keys.",
            "It is asked by the functions that read keys, with the bytes that "
            "the password may have at most and what for.")
        .sync("use_tmp_dh", fn<&context::use_tmp_dh>, {{"data", pem_doc}},
              "Parameters of Diffie-Hellman, for TLS 1.2.", memory_details)
        .sync("use_tmp_dh_file", fn<&context::use_tmp_dh_file>,
              {{"filename", filename_doc}}, "The same of parameters in a file.",
              file_details);
}

void describe_context(module_builder& m) {
    auto c = m.cls<context>(
        "context", "How connections are made: which versions, with which "
                   "certificates and keys, and whom to trust.");
    c.copies().constructor(
        "new", fn<&context::make>,
        {{"method", "The versions, and for clients or servers only."}},
        "Makes one that trusts nobody and checks nothing.",
        "EOPNOTSUPP for a version that OpenSSL does not have. Never "
        "compresses, never renegotiates. Sent in a message it is shared: from "
        "then on nobody can change it.");
    c.sync("set_options", fn<&context::set_options>,
           {{"flags", "What to switch on."}}, "Switches options on.",
           change_details)
        .sync("clear_options", fn<&context::clear_options>,
              {{"flags", "What to switch off."}}, "Switches options off.",
              change_details)
        .sync("set_alpn_protocols", fn<&context::set_alpn_protocols>,
              {{"protocols", "Such as \"h2\" and \"http/1.1\", the best one "
                             "first."}},
              "What is spoken over the connection (ALPN).",
              "A client offers them; a server takes its first one that the "
              "client has, and refuses clients that have none. An empty list "
              "takes back what was set. RFC 7301.");
    describe_trust(c);
    describe_keys(c);
}

constexpr auto handshake_details =
    "Suspends. Fails with category \"ssl\": code and message say what about "
    "the peer's certificate was wrong, or what OpenSSL says. EISCONN when "
    "there was one already. CALLED_A_FUNCTION_YOU_SHOULD_NOT_CALL "
    "when the context is for the other side only. After a cancellation it can "
    "be gone on with.";

void describe_connection(class_builder<tls_socket>& c) {
    c.constructor("new", fn<&new_socket>,
                  {{"sock", "A connected socket."},
                   {"tls_ctx", "How; without it as the system has it: any "
                               "version, whom the system trusts."}},
                  "Makes a socket that speaks TLS over another one.",
                  "EBADF when that is closed.")
        .async("client_handshake", fn<&tls_socket::client_handshake>, {},
               "Begins as a client.", handshake_details)
        .async("server_handshake", fn<&tls_socket::server_handshake>, {},
               "Begins as a server.", handshake_details)
        .async("read_some", fn<&tls_socket::read_some>,
               {{"buffer", "Where the data goes."}},
               "Reads what has arrived, and waits if nothing has.",
               "Suspends. Gives the number of bytes, at least one; 0 for an "
               "empty buffer. The end that the peer announced is the error "
               "{@error eof}; a connection that was cut off is "
               "UNEXPECTED_EOF_WHILE_READING of category \"ssl\". Reading and "
               "writing at once is fine. SSL_read(3).")
        .async("write_some", fn<&tls_socket::write_some>,
               {{"buffer", "The data."}},
               "Writes as much as fits, and waits if nothing does.",
               "Suspends. Gives the number of bytes taken, which can be fewer "
               "than asked for: see {@ref stream.write_all}. A cancellation "
               "that comes in the middle of a record waits for the next "
               "operation. EPIPE after {@ref socket.shutdown}. SSL_write(3).")
        .sync("shutdown", fn<&tls_socket::shutdown>,
              {{"what", "The directions to end."}},
              "Ends one direction of the connection, or both.",
              "\"send\" tells the peer (close_notify), and reading goes on. "
              "SSL_shutdown(3).")
        .sync("close", fn<&tls_socket::close>, {}, "Closes the socket.",
              "Tells the peer (close_notify), and overwrites the keys. Pending "
              "operations fail with {@error operation_aborted}. Closing again "
              "does nothing. Never waits.")
        .sync("cancel", fn<&tls_socket::cancel>, {},
              "Ends all pending operations of the socket.",
              "They fail with {@error operation_aborted}; what has succeeded "
              "already is delivered. EBADF when it is closed.");
}

void describe_socket(module_builder& m) {
    auto c = m.cls<tls_socket>("socket", "A TLS connection, or one to be.");
    c.moves().trait("read_stream").trait("write_stream");
    describe_connection(c);
    c.sync("set_server_name", fn<&tls_socket::set_server_name>,
           {{"hostname", "A name; an address is not sent."}},
           "What the client calls the server (SNI), before the handshake.",
           "EBADF when it is closed.")
        .sync("set_verify_callback", fn<&tls_socket::set_verify_callback>,
              {{"callback", "What is checked."}, {"hostname", hostname_doc}},
              "Wants the peer's certificate to be that of a host.",
              "Counts where the certificate is checked: see "
              "{@ref socket.set_verify_mode}.")
        .sync("set_verify_depth", fn<&tls_socket::set_verify_depth>,
              {{"depth", "How many authorities may stand between the peer and "
                         "one that is trusted."}},
              "How long the chain of the peer's certificate may be.")
        .sync("set_verify_mode", fn<&tls_socket::set_verify_mode>,
              {{"mode", "How strict to be."}},
              "Whether the peer's certificate is checked.",
              "As the context says until it is set.")
        .sync("set_session", fn<&tls_socket::set_session>,
              {{"session", "Of an earlier connection to the same server."}},
              "Begins where an earlier connection ended, if the server still "
              "knows it; before the handshake.",
              "The certificate of the earlier one is checked again. "
              "SSL_set_session(3).")
        .property("session", fn<&tls_socket::current_session>,
                  "What {@ref socket.set_session} of the next connection "
                  "takes; nothing before there is one.",
                  "A server of TLS 1.3 sends it after the handshake, so it is "
                  "there once something was read.")
        .property("session_reused", fn<&tls_socket::session_reused>,
                  "Whether the handshake began where an earlier connection "
                  "ended.")
        .property("alpn_protocol", fn<&tls_socket::alpn_protocol>,
                  "What is spoken over the connection, of the names that "
                  "{@ref context.set_alpn_protocols} gave; or nothing.")
        .property("peer_certificate", fn<&tls_socket::peer_certificate>,
                  "The peer's certificate in ASN.1 (DER); nothing if it showed "
                  "none.")
        .property("server_name", fn<&tls_socket::server_name>,
                  "What the client calls the server; or nothing.")
        .property("protocol", fn<&tls_socket::protocol>,
                  "The version: \"TLSv1.3\"; nothing before the handshake.")
        .property("cipher", fn<&tls_socket::cipher>,
                  "The cipher: \"TLS_AES_256_GCM_SHA384\"; nothing before the "
                  "handshake.")
        .property("is_open", fn<&tls_socket::is_open>, "Whether it is open.")
        .property("local_address", fn<&tls_socket::local_address>,
                  "The address on this side.",
                  "EBADF when it is closed. getsockname(2).")
        .property("local_port", fn<&tls_socket::local_port>,
                  "The port on this side.",
                  "EBADF when it is closed. getsockname(2).")
        .property("remote_address", fn<&tls_socket::remote_address>,
                  "The peer's address.",
                  "EBADF when it is closed. getpeername(2).")
        .property("remote_port", fn<&tls_socket::remote_port>,
                  "The peer's port.",
                  "EBADF when it is closed. getpeername(2).");
}

} // namespace

void describe(module_builder& m) {
    m.doc("TLS over TCP: certificates, contexts, sockets, and connections by "
          "name.");
    describe_context(m);
    m.cls<session>("session",
                   "What a client keeps of a connection to begin the next one "
                   "with fewer messages. Has keys in it: it can be sent within "
                   "the process and nowhere else.")
        .copies()
        .property("lifetime", fn<&session::lifetime>,
                  "How long the server said it would know it, in seconds.");
    describe_socket(m);
    m.written<tls_socket(std::string, std::optional<ref<context>>)>(
         "dial",
         {{"ep", "\"host:port\" or \"host:service\"; \"[…]:port\" for an "
                 "address of IPv6."},
          {"tls_ctx", "How; without it as the system has it: any version, "
                      "whom the system trusts."}},
         "Connects to a server by its name, and checks that it is that one.",
         "Suspends. {@ref ip.tcp.dial}, without delay (tcp_no_delay), then a "
         "handshake as a client that sends the name of the host, checks the "
         "certificate and wants it to be of that host, whatever the context "
         "says. Nothing stays open when it fails.")
        .suspends();
}

} // namespace emilua::tls
