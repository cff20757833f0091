// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "tls"; change that instead.
import type { Path } from '@emilua/filesystem'
import { adopt, handleOf, NativeObject, natives, register } from '@emilua/native'
import type { TlsContextFlag, TlsFormat, TlsMethod, TlsPasswordPurpose, TlsVerifyCallback, TlsVerifyMode } from './types.js'

const native = natives('tls')

/** How connections are made: which versions, with which certificates and keys, and whom to trust. */
export class Context extends NativeObject {
  /**
   * Makes one that trusts nobody and checks nothing.
   *
   * EOPNOTSUPP for a version that OpenSSL does not have. Never compresses, never renegotiates. Sent in a message it
   * is shared: from then on nobody can change it.
   *
   * @param method - The versions, and for clients or servers only.
   */
  constructor (method: TlsMethod) {
    super(adopt() ?? native['context.new'](method))
  }

  /**
   * Switches options on.
   *
   * EBUSY once the context was sent to another VM: then none may change it.
   *
   * @param flags - What to switch on.
   */
  setOptions (flags?: readonly TlsContextFlag[]): void {
    native['context.set_options'](handleOf(this), flags)
  }

  /**
   * Switches options off.
   *
   * EBUSY once the context was sent to another VM: then none may change it.
   *
   * @param flags - What to switch off.
   */
  clearOptions (flags?: readonly TlsContextFlag[]): void {
    native['context.clear_options'](handleOf(this), flags)
  }

  /**
   * What is spoken over the connection (ALPN).
   *
   * A client offers them; a server takes its first one that the client has, and refuses clients that have none. An
   * empty list takes back what was set. RFC 7301.
   *
   * @param protocols - Such as "h2" and "http/1.1", the best one first.
   */
  setAlpnProtocols (protocols: readonly string[]): void {
    native['context.set_alpn_protocols'](handleOf(this), protocols)
  }

  /**
   * Trusts whoever has a certificate of these authorities.
   *
   * Lists of revoked certificates (CRL) may be among them; once there is one, every authority that signed a peer's
   * needs one. Category "ssl" when nothing of it is there.
   *
   * @param data - Certificates in PEM.
   */
  addCertificateAuthority (data: string | Uint8Array): void {
    native['context.add_certificate_authority'](handleOf(this), data)
  }

  /**
   * Trusts whoever has a certificate of the authorities in a file.
   *
   * As `Context.addCertificateAuthority`.
   *
   * @param filename - Certificates in PEM.
   */
  loadVerifyFile (filename: Path | string | URL): void {
    native['context.load_verify_file'](handleOf(this), filename)
  }

  /**
   * Trusts whoever has a certificate of the authorities in a folder, which is looked into when they are needed.
   *
   * ENOENT, ENOTDIR.
   *
   * @param path - A folder that openssl-rehash(1) went through.
   */
  addVerifyPath (path: Path | string | URL): void {
    native['context.add_verify_path'](handleOf(this), path)
  }

  /**
   * Trusts whom the system trusts.
   *
   * SSL_CERT_FILE and SSL_CERT_DIR of the environment say otherwise. SSL_CTX_set_default_verify_paths(3).
   */
  setDefaultVerifyPaths (): void {
    native['context.set_default_verify_paths'](handleOf(this))
  }

  /**
   * Whether the peer's certificate is checked.
   *
   * "none" until it is set, except by `dial`. SSL_CTX_set_verify(3).
   *
   * @param mode - How strict to be.
   */
  setVerifyMode (mode: TlsVerifyMode): void {
    native['context.set_verify_mode'](handleOf(this), mode)
  }

  /**
   * How long the chain of the peer's certificate may be.
   *
   * SSL_CTX_set_verify_depth(3).
   *
   * @param depth - How many authorities may stand between the peer and one that is trusted. From 0 to 1000.
   */
  setVerifyDepth (depth: number): void {
    native['context.set_verify_depth'](handleOf(this), depth)
  }

  /**
   * Wants the peer's certificate to be that of a host.
   *
   * Counts where the certificate is checked: see `Context.setVerifyMode`. X509_check_host(3).
   *
   * @param callback - What is checked.
   * @param hostname - A name or an address.
   */
  setVerifyCallback (callback: TlsVerifyCallback, hostname: string): void {
    native['context.set_verify_callback'](handleOf(this), callback, hostname)
  }

  /**
   * Shows a certificate to peers.
   *
   * Category "ssl" for what is none. EBUSY once the context was sent to another VM.
   *
   * @param data - The certificate.
   * @param fmt - How it is written.
   */
  useCertificate (data: string | Uint8Array, fmt: TlsFormat): void {
    native['context.use_certificate'](handleOf(this), data, fmt)
  }

  /**
   * Shows the certificate in a file to peers.
   *
   * ENOENT, EACCES for the file, category "ssl" for what is none. EBUSY once the context was sent to another VM.
   *
   * @param filename - The file.
   * @param fmt - How it is written.
   */
  useCertificateFile (filename: Path | string | URL, fmt: TlsFormat): void {
    native['context.use_certificate_file'](handleOf(this), filename, fmt)
  }

  /**
   * Shows a certificate to peers, and those that lead to an authority they trust.
   *
   * Category "ssl" for what is none. EBUSY once the context was sent to another VM.
   *
   * @param data - In PEM: one's own, then that of who signed it, and so on.
   */
  useCertificateChain (data: string | Uint8Array): void {
    native['context.use_certificate_chain'](handleOf(this), data)
  }

  /**
   * The same of certificates in a file.
   *
   * ENOENT, EACCES for the file, category "ssl" for what is none. EBUSY once the context was sent to another VM.
   *
   * @param filename - The file.
   */
  useCertificateChainFile (filename: Path | string | URL): void {
    native['context.use_certificate_chain_file'](handleOf(this), filename)
  }

  /**
   * The key that belongs to the certificate.
   *
   * It is overwritten when OpenSSL needs it no more. Category "ssl" for what is none, for a wrong password
   * (BAD_DECRYPT), and for one that does not belong to the certificate (KEY_VALUES_MISMATCH). What the function
   * throws reaches the caller.
   *
   * @param data - The key.
   * @param fmt - How it is written.
   * @param password - Called for the password of an encrypted key, with the bytes it may have at most and what for;
   *   may not suspend. Without it `Context.setPasswordCallback` says whom to ask.
   */
  usePrivateKey (
    data: string | Uint8Array, fmt: TlsFormat, password?: ((value1: number, value2: TlsPasswordPurpose) => string | Uint8Array)
  ): void {
    native['context.use_private_key'](handleOf(this), data, fmt, password)
  }

  /**
   * The same of a key in a file.
   *
   * It is overwritten when OpenSSL needs it no more. Category "ssl" for what is none, for a wrong password
   * (BAD_DECRYPT), and for one that does not belong to the certificate (KEY_VALUES_MISMATCH). What the function
   * throws reaches the caller.
   *
   * @param filename - The file.
   * @param fmt - How it is written.
   * @param password - Called for the password of an encrypted key, with the bytes it may have at most and what for;
   *   may not suspend. Without it `Context.setPasswordCallback` says whom to ask.
   */
  usePrivateKeyFile (
    filename: Path | string | URL, fmt: TlsFormat, password?: ((value1: number, value2: TlsPasswordPurpose) => string | Uint8Array)
  ): void {
    native['context.use_private_key_file'](handleOf(this), filename, fmt, password)
  }

  /**
   * The same of a key that has to be one of RSA.
   *
   * It is overwritten when OpenSSL needs it no more. Category "ssl" for what is none, for a wrong password
   * (BAD_DECRYPT), and for one that does not belong to the certificate (KEY_VALUES_MISMATCH). What the function
   * throws reaches the caller.
   *
   * @param data - The key.
   * @param fmt - How it is written.
   * @param password - Called for the password of an encrypted key, with the bytes it may have at most and what for;
   *   may not suspend. Without it `Context.setPasswordCallback` says whom to ask.
   */
  useRsaPrivateKey (
    data: string | Uint8Array, fmt: TlsFormat, password?: ((value1: number, value2: TlsPasswordPurpose) => string | Uint8Array)
  ): void {
    native['context.use_rsa_private_key'](handleOf(this), data, fmt, password)
  }

  /**
   * The same of a key of RSA in a file.
   *
   * It is overwritten when OpenSSL needs it no more. Category "ssl" for what is none, for a wrong password
   * (BAD_DECRYPT), and for one that does not belong to the certificate (KEY_VALUES_MISMATCH). What the function
   * throws reaches the caller.
   *
   * @param filename - The file.
   * @param fmt - How it is written.
   * @param password - Called for the password of an encrypted key, with the bytes it may have at most and what for;
   *   may not suspend. Without it `Context.setPasswordCallback` says whom to ask.
   */
  useRsaPrivateKeyFile (
    filename: Path | string | URL, fmt: TlsFormat, password?: ((value1: number, value2: TlsPasswordPurpose) => string | Uint8Array)
  ): void {
    native['context.use_rsa_private_key_file'](handleOf(this), filename, fmt, password)
  }

  /**
   * Parameters of Diffie-Hellman, for TLS 1.2.
   *
   * Category "ssl" for what is none. EBUSY once the context was sent to another VM.
   *
   * @param data - In PEM.
   */
  useTmpDh (data: string | Uint8Array): void {
    native['context.use_tmp_dh'](handleOf(this), data)
  }

  /**
   * The same of parameters in a file.
   *
   * ENOENT, EACCES for the file, category "ssl" for what is none. EBUSY once the context was sent to another VM.
   *
   * @param filename - The file.
   */
  useTmpDhFile (filename: Path | string | URL): void {
    native['context.use_tmp_dh_file'](handleOf(this), filename)
  }
}

register('tls', 'context', Context)
