// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "tls"; change that instead.
/** What `what` of `Socket.shutdown` may be. */
export type ShutdownType =
  /** No more receiving. */
  | 'receive'
  /** No more sending: the peer reads the end of the stream. */
  | 'send'
  /** Neither. */
  | 'both'

/** What `flags` of `Context.setOptions` may be. */
export type TlsContextFlag =
  /** Various workarounds for bugs of others (SSL_OP_ALL). */
  | 'default_workarounds'
  /** No compression; there is none by default. */
  | 'no_compression'
  /** No SSL 2, which there is not anyway. */
  | 'no_sslv2'
  /** No SSL 3. */
  | 'no_sslv3'
  /** No TLS 1.0. */
  | 'no_tlsv1'
  /** No TLS 1.1. */
  | 'no_tlsv1_1'
  /** No TLS 1.2. */
  | 'no_tlsv1_2'
  /** No TLS 1.3. */
  | 'no_tlsv1_3'
  /** A new key each time that parameters of use_tmp_dh are used. */
  | 'single_dh_use'

/** What `fmt` of `Context.useCertificate` may be. */
export type TlsFormat =
  /** Bytes of ASN.1 (DER). */
  | 'asn1'
  /** Text with BEGIN and END lines (PEM). */
  | 'pem'

/** What `method` of `Context.new` may be. */
export type TlsMethod =
  /** SSL 2, which OpenSSL has no more. */
  | 'ssl2'
  /** The same for clients only. */
  | 'ssl2_client'
  /** The same for servers only. */
  | 'ssl2_server'
  /** SSL 3, which OpenSSL seldom has. */
  | 'ssl3'
  /** The same for clients only. */
  | 'ssl3_client'
  /** The same for servers only. */
  | 'ssl3_server'
  /** TLS 1.0 and no other; the system's policy may forbid it. */
  | 'tls1'
  /** The same for clients only. */
  | 'tls1_client'
  /** The same for servers only. */
  | 'tls1_server'
  /** Another name of "tls". */
  | 'ssl23'
  /** The same for clients only. */
  | 'ssl23_client'
  /** The same for servers only. */
  | 'ssl23_server'
  /** TLS 1.1 and no other; the system's policy may forbid it. */
  | 'tls11'
  /** The same for clients only. */
  | 'tls11_client'
  /** The same for servers only. */
  | 'tls11_server'
  /** TLS 1.2 and no other. */
  | 'tls12'
  /** The same for clients only. */
  | 'tls12_client'
  /** The same for servers only. */
  | 'tls12_server'
  /** TLS 1.3 and no other. */
  | 'tls13'
  /** The same for clients only. */
  | 'tls13_client'
  /** The same for servers only. */
  | 'tls13_server'
  /** The newest that both sides know, TLS 1.2 or later. */
  | 'tls'
  /** The same for clients only. */
  | 'tls_client'
  /** The same for servers only. */
  | 'tls_server'

/** What `password` of `Context.usePrivateKey` may be. */
export type TlsPasswordPurpose =
  /** A key is to be decrypted. */
  | 'for_reading'
  /** A key is to be encrypted. */
  | 'for_writing'

/** What `callback` of `Context.setVerifyCallback` may be. */
export type TlsVerifyCallback =
  /** The certificate has to be that of a host. */
  | 'host_name_verification'

/** What `mode` of `Context.setVerifyMode` may be. */
export type TlsVerifyMode =
  /** A client takes any certificate; a server asks for none. */
  | 'none'
  /** A client checks that of the server; a server asks for one, and checks it if there is one. */
  | 'peer'
  /** As peer, and a server insists. */
  | 'fail_if_no_peer_cert'
  /** As peer, and a server does not ask again on one connection. */
  | 'client_once'
