---@meta tls
-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Written by native-core/generate from the description of the module; change that instead.

---TLS over TCP: certificates, contexts, sockets, and connections by name.
---@class tls
local tls = {}

---@alias shutdown_type
---| '"receive"' # No more receiving.
---| '"send"' # No more sending: the peer reads the end of the stream.
---| '"both"' # Neither.

---@alias tls_context_flag
---| '"default_workarounds"' # Various workarounds for bugs of others (SSL_OP_ALL).
---| '"no_compression"' # No compression; there is none by default.
---| '"no_sslv2"' # No SSL 2, which there is not anyway.
---| '"no_sslv3"' # No SSL 3.
---| '"no_tlsv1"' # No TLS 1.0.
---| '"no_tlsv1_1"' # No TLS 1.1.
---| '"no_tlsv1_2"' # No TLS 1.2.
---| '"no_tlsv1_3"' # No TLS 1.3.
---| '"single_dh_use"' # A new key each time that parameters of use_tmp_dh are used.

---@alias tls_format
---| '"asn1"' # Bytes of ASN.1 (DER).
---| '"pem"' # Text with BEGIN and END lines (PEM).

---@alias tls_method
---| '"ssl2"' # SSL 2, which OpenSSL has no more.
---| '"ssl2_client"' # The same for clients only.
---| '"ssl2_server"' # The same for servers only.
---| '"ssl3"' # SSL 3, which OpenSSL seldom has.
---| '"ssl3_client"' # The same for clients only.
---| '"ssl3_server"' # The same for servers only.
---| '"tls1"' # TLS 1.0 and no other; the system's policy may forbid it.
---| '"tls1_client"' # The same for clients only.
---| '"tls1_server"' # The same for servers only.
---| '"ssl23"' # Another name of "tls".
---| '"ssl23_client"' # The same for clients only.
---| '"ssl23_server"' # The same for servers only.
---| '"tls11"' # TLS 1.1 and no other; the system's policy may forbid it.
---| '"tls11_client"' # The same for clients only.
---| '"tls11_server"' # The same for servers only.
---| '"tls12"' # TLS 1.2 and no other.
---| '"tls12_client"' # The same for clients only.
---| '"tls12_server"' # The same for servers only.
---| '"tls13"' # TLS 1.3 and no other.
---| '"tls13_client"' # The same for clients only.
---| '"tls13_server"' # The same for servers only.
---| '"tls"' # The newest that both sides know, TLS 1.2 or later.
---| '"tls_client"' # The same for clients only.
---| '"tls_server"' # The same for servers only.

---@alias tls_password_purpose
---| '"for_reading"' # A key is to be decrypted.
---| '"for_writing"' # A key is to be encrypted.

---@alias tls_verify_callback
---| '"host_name_verification"' # The certificate has to be that of a host.

---@alias tls_verify_mode
---| '"none"' # A client takes any certificate; a server asks for none.
---| '"peer"' # A client checks that of the server; a server asks for one, and checks it if there is one.
---| '"fail_if_no_peer_cert"' # As peer, and a server insists.
---| '"client_once"' # As peer, and a server does not ask again on one connection.

---How connections are made: which versions, with which certificates and keys, and whom to trust.
---@class tls.context
tls.context = {}

---Makes one that trusts nobody and checks nothing.
---
---EOPNOTSUPP for a version that OpenSSL does not have. Never compresses, never renegotiates. Sent in a message it
---is shared: from then on nobody can change it.
---@param method tls_method The versions, and for clients or servers only.
---@return tls.context
function tls.context.new(method) end

---Switches options on.
---
---EBUSY once the context was sent to another VM: then none may change it.
---@param flags? tls_context_flag[] What to switch on.
function tls.context:set_options(flags) end

---Switches options off.
---
---EBUSY once the context was sent to another VM: then none may change it.
---@param flags? tls_context_flag[] What to switch off.
function tls.context:clear_options(flags) end

---What is spoken over the connection (ALPN).
---
---A client offers them; a server takes its first one that the client has, and refuses clients that have none. An
---empty list takes back what was set. RFC 7301.
---@param protocols string[] Such as "h2" and "http/1.1", the best one first.
function tls.context:set_alpn_protocols(protocols) end

---Trusts whoever has a certificate of these authorities.
---
---Lists of revoked certificates (CRL) may be among them; once there is one, every authority that signed a peer's
---needs one. Category "ssl" when nothing of it is there.
---@param data string|byte_span Certificates in PEM.
function tls.context:add_certificate_authority(data) end

---Trusts whoever has a certificate of the authorities in a file.
---
---As `context.add_certificate_authority`.
---@param filename filesystem.path Certificates in PEM.
function tls.context:load_verify_file(filename) end

---Trusts whoever has a certificate of the authorities in a folder, which is looked into when they are needed.
---
---ENOENT, ENOTDIR.
---@param path filesystem.path A folder that openssl-rehash(1) went through.
function tls.context:add_verify_path(path) end

---Trusts whom the system trusts.
---
---SSL_CERT_FILE and SSL_CERT_DIR of the environment say otherwise. SSL_CTX_set_default_verify_paths(3).
function tls.context:set_default_verify_paths() end

---Whether the peer's certificate is checked.
---
---"none" until it is set, except by `dial`. SSL_CTX_set_verify(3).
---@param mode tls_verify_mode How strict to be.
function tls.context:set_verify_mode(mode) end

---How long the chain of the peer's certificate may be.
---
---SSL_CTX_set_verify_depth(3).
---@param depth integer How many authorities may stand between the peer and one that is trusted. From 0 to 1000.
function tls.context:set_verify_depth(depth) end

---Wants the peer's certificate to be that of a host.
---
---Counts where the certificate is checked: see `context.set_verify_mode`. X509_check_host(3).
---@param callback tls_verify_callback What is checked.
---@param hostname string A name or an address.
function tls.context:set_verify_callback(callback, hostname) end

---Shows a certificate to peers.
---
---Category "ssl" for what is none. EBUSY once the context was sent to another VM.
---@param data string|byte_span The certificate.
---@param fmt tls_format How it is written.
function tls.context:use_certificate(data, fmt) end

---Shows the certificate in a file to peers.
---
---ENOENT, EACCES for the file, category "ssl" for what is none. EBUSY once the context was sent to another VM.
---@param filename filesystem.path The file.
---@param fmt tls_format How it is written.
function tls.context:use_certificate_file(filename, fmt) end

---Shows a certificate to peers, and those that lead to an authority they trust.
---
---Category "ssl" for what is none. EBUSY once the context was sent to another VM.
---@param data string|byte_span In PEM: one's own, then that of who signed it, and so on.
function tls.context:use_certificate_chain(data) end

---The same of certificates in a file.
---
---ENOENT, EACCES for the file, category "ssl" for what is none. EBUSY once the context was sent to another VM.
---@param filename filesystem.path The file.
function tls.context:use_certificate_chain_file(filename) end

---The key that belongs to the certificate.
---
---It is overwritten when OpenSSL needs it no more. Category "ssl" for what is none, for a wrong password
---(BAD_DECRYPT), and for one that does not belong to the certificate (KEY_VALUES_MISMATCH). What the function
---throws reaches the caller.
---@param data string|byte_span The key.
---@param fmt tls_format How it is written.
---@param password? fun(value1: integer, value2: tls_password_purpose): string|byte_span Called for the password of an encrypted key, with the bytes it may have at most and what for; may not suspend. Without it `context.set_password_callback` says whom to ask.
function tls.context:use_private_key(data, fmt, password) end

---The same of a key in a file.
---
---It is overwritten when OpenSSL needs it no more. Category "ssl" for what is none, for a wrong password
---(BAD_DECRYPT), and for one that does not belong to the certificate (KEY_VALUES_MISMATCH). What the function
---throws reaches the caller.
---@param filename filesystem.path The file.
---@param fmt tls_format How it is written.
---@param password? fun(value1: integer, value2: tls_password_purpose): string|byte_span Called for the password of an encrypted key, with the bytes it may have at most and what for; may not suspend. Without it `context.set_password_callback` says whom to ask.
function tls.context:use_private_key_file(filename, fmt, password) end

---The same of a key that has to be one of RSA.
---
---It is overwritten when OpenSSL needs it no more. Category "ssl" for what is none, for a wrong password
---(BAD_DECRYPT), and for one that does not belong to the certificate (KEY_VALUES_MISMATCH). What the function
---throws reaches the caller.
---@param data string|byte_span The key.
---@param fmt tls_format How it is written.
---@param password? fun(value1: integer, value2: tls_password_purpose): string|byte_span Called for the password of an encrypted key, with the bytes it may have at most and what for; may not suspend. Without it `context.set_password_callback` says whom to ask.
function tls.context:use_rsa_private_key(data, fmt, password) end

---The same of a key of RSA in a file.
---
---It is overwritten when OpenSSL needs it no more. Category "ssl" for what is none, for a wrong password
---(BAD_DECRYPT), and for one that does not belong to the certificate (KEY_VALUES_MISMATCH). What the function
---throws reaches the caller.
---@param filename filesystem.path The file.
---@param fmt tls_format How it is written.
---@param password? fun(value1: integer, value2: tls_password_purpose): string|byte_span Called for the password of an encrypted key, with the bytes it may have at most and what for; may not suspend. Without it `context.set_password_callback` says whom to ask.
function tls.context:use_rsa_private_key_file(filename, fmt, password) end

---Whom to ask for the passwords of encrypted keys.
---
---It is asked by the functions that read keys, with the bytes that the password may have at most and what for.
---@param callback fun(value1: integer, value2: tls_password_purpose): string Gives the password; may not suspend.
function tls.context:set_password_callback(callback) end

---Parameters of Diffie-Hellman, for TLS 1.2.
---
---Category "ssl" for what is none. EBUSY once the context was sent to another VM.
---@param data string|byte_span In PEM.
function tls.context:use_tmp_dh(data) end

---The same of parameters in a file.
---
---ENOENT, EACCES for the file, category "ssl" for what is none. EBUSY once the context was sent to another VM.
---@param filename filesystem.path The file.
function tls.context:use_tmp_dh_file(filename) end

---What a client keeps of a connection to begin the next one with fewer messages. Has keys in it: it can be sent
---within the process and nowhere else.
---@class tls.session
---@field lifetime number How long the server said it would know it, in seconds.
tls.session = {}

---A TLS connection, or one to be.
---@class tls.socket
---@field session tls.session? What `socket.set_session` of the next connection takes; nothing before there is one.
---@field session_reused boolean Whether the handshake began where an earlier connection ended.
---@field alpn_protocol string? What is spoken over the connection, of the names that `context.set_alpn_protocols` gave; or nothing.
---@field peer_certificate byte_span? The peer's certificate in ASN.1 (DER); nothing if it showed none.
---@field server_name string? What the client calls the server; or nothing.
---@field protocol string? The version: "TLSv1.3"; nothing before the handshake.
---@field cipher string? The cipher: "TLS_AES_256_GCM_SHA384"; nothing before the handshake.
---@field is_open boolean Whether it is open.
---@field local_address ip.address The address on this side.
---@field local_port integer The port on this side.
---@field remote_address ip.address The peer's address.
---@field remote_port integer The peer's port.
tls.socket = {}

---Makes a socket that speaks TLS over another one.
---
---EBADF when that is closed.
---@param sock ip.tcp.socket A connected socket. Taken over: closed afterwards, if the call succeeds.
---@param tls_ctx? tls.context How; without it as the system has it: any version, whom the system trusts.
---@return tls.socket
function tls.socket.new(sock, tls_ctx) end

---Begins as a client.
---
---Suspends. Fails with category "ssl": code and message say what about the peer's certificate was wrong, or what
---OpenSSL says. EISCONN when there was one already. CALLED_A_FUNCTION_YOU_SHOULD_NOT_CALL when the context is for
---the other side only. After a cancellation it can be gone on with.
---@async
function tls.socket:client_handshake() end

---Begins as a server.
---
---Suspends. Fails with category "ssl": code and message say what about the peer's certificate was wrong, or what
---OpenSSL says. EISCONN when there was one already. CALLED_A_FUNCTION_YOU_SHOULD_NOT_CALL when the context is for
---the other side only. After a cancellation it can be gone on with.
---@async
function tls.socket:server_handshake() end

---Reads what has arrived, and waits if nothing has.
---
---Suspends. Gives the number of bytes, at least one; 0 for an empty buffer. The end that the peer announced is the
---error eof; a connection that was cut off is UNEXPECTED_EOF_WHILE_READING of category "ssl". Reading and writing
---at once is fine. SSL_read(3).
---@async
---@param buffer byte_span Where the data goes.
---@return integer
function tls.socket:read_some(buffer) end

---Writes as much as fits, and waits if nothing does.
---
---Suspends. Gives the number of bytes taken, which can be fewer than asked for: see `stream.write_all`. A
---cancellation that comes in the middle of a record waits for the next operation. EPIPE after `socket.shutdown`.
---SSL_write(3).
---@async
---@param buffer byte_span The data.
---@return integer
function tls.socket:write_some(buffer) end

---Ends one direction of the connection, or both.
---
---"send" tells the peer (close_notify), and reading goes on. SSL_shutdown(3).
---@param what shutdown_type The directions to end.
function tls.socket:shutdown(what) end

---Closes the socket.
---
---Tells the peer (close_notify), and overwrites the keys. Pending operations fail with operation_aborted. Closing
---again does nothing. Never waits.
function tls.socket:close() end

---Ends all pending operations of the socket.
---
---They fail with operation_aborted; what has succeeded already is delivered. EBADF when it is closed.
function tls.socket:cancel() end

---What the client calls the server (SNI), before the handshake.
---
---EBADF when it is closed.
---@param hostname string A name; an address is not sent.
function tls.socket:set_server_name(hostname) end

---Wants the peer's certificate to be that of a host.
---
---Counts where the certificate is checked: see `socket.set_verify_mode`.
---@param callback tls_verify_callback What is checked.
---@param hostname string A name or an address.
function tls.socket:set_verify_callback(callback, hostname) end

---How long the chain of the peer's certificate may be.
---@param depth integer How many authorities may stand between the peer and one that is trusted. From 0 to 1000.
function tls.socket:set_verify_depth(depth) end

---Whether the peer's certificate is checked.
---
---As the context says until it is set.
---@param mode tls_verify_mode How strict to be.
function tls.socket:set_verify_mode(mode) end

---Begins where an earlier connection ended, if the server still knows it; before the handshake.
---
---The certificate of the earlier one is checked again. SSL_set_session(3).
---@param session tls.session Of an earlier connection to the same server.
function tls.socket:set_session(session) end

---Connects to a server by its name, and checks that it is that one.
---
---Suspends. `ip.tcp.dial`, without delay (tcp_no_delay), then a handshake as a client that sends the name of the
---host, checks the certificate and wants it to be of that host, whatever the context says. Nothing stays open when
---it fails.
---@async
---@param ep string "host:port" or "host:service"; "[…]:port" for an address of IPv6.
---@param tls_ctx? tls.context How; without it as the system has it: any version, whom the system trusts.
---@return tls.socket
function tls.dial(ep, tls_ctx) end

return tls
