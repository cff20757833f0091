// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A certificate and its key, in PEM. */
export interface Identity {
  cert: string
  key: string
}

/** What a certificate is to say. */
interface Wishes {
  /** Names of hosts; `IP:…` for addresses. */
  names?: string[]
  /** Whether it may sign others. */
  authority?: boolean
  /** A client's and not a server's. */
  client?: boolean
  from?: string
  until?: string
  rsa?: boolean
}

/** An authority made for a test by the command `openssl`, in a folder that goes with it. */
export class Authority {
  readonly folder = mkdtempSync(join(tmpdir(), 'emilua-tls-'))
  #issued = 0

  constructor (readonly root: Identity = selfSigned('root')) {
    this.#write('index.txt', '')
    this.#write('crlnumber', '01')
    this.#write('ca.cnf', `[ca]\ndefault_ca=d\n[d]\ndatabase=${this.path('index.txt')}\ncrlnumber=${this.path('crlnumber')}\ndefault_md=sha256\ndefault_crl_days=9\n`)
  }

  path (name: string): string { return join(this.folder, name) }

  remove (): void { rmSync(this.folder, { recursive: true, force: true }) }

  /** Writes a file into the folder. @returns its path */
  file (name: string, content: string | Uint8Array): string {
    this.#write(name, content)
    return this.path(name)
  }

  issue (wishes: Wishes = {}, by: Identity = this.root): Identity {
    const id = `${++this.#issued}`
    this.#write(`${id}.by.cert`, by.cert)
    this.#write(`${id}.by.key`, by.key)
    const { authority = false, client = false, names = [], from = '20200101000000Z', until = '21200101000000Z' } = wishes
    const extensions = [
      `basicConstraints=critical,CA:${authority ? 'TRUE' : 'FALSE'}`,
      ...authority ? [] : [`extendedKeyUsage=${client ? 'clientAuth' : 'serverAuth'}`],
      ...names.length > 0 ? [`subjectAltName=${names.map(name => name.startsWith('IP:') ? name : `DNS:${name}`).join(',')}`] : []
    ]
    this.#write(`${id}.cnf`, `[ca]\ndefault_ca=d\n[d]\ndatabase=${this.path(`${id}.index`)}\nserial=${this.path(`${id}.serial`)}\n` +
    `new_certs_dir=${this.folder}\ndefault_md=sha256\npolicy=p\nx509_extensions=e\nunique_subject=no\n[p]\ncommonName=supplied\n[e]\n${extensions.join('\n')}\n`)
    this.#write(`${id}.index`, '')
    this.#write(`${id}.serial`, `${1000 + this.#issued}`)
    openssl('req', '-new', '-nodes', ...newKey(wishes.rsa), '-keyout', this.path(`${id}.key`), '-out', this.path(`${id}.csr`), '-subj', `/CN=${names[0] ?? `number ${id}`}`)
    openssl('ca', '-batch', '-notext', '-config', this.path(`${id}.cnf`), '-in', this.path(`${id}.csr`), '-out', this.path(`${id}.cert`),
      '-cert', this.path(`${id}.by.cert`), '-keyfile', this.path(`${id}.by.key`), '-startdate', from, '-enddate', until)
    return { cert: readFileSync(this.path(`${id}.cert`), 'utf8'), key: readFileSync(this.path(`${id}.key`), 'utf8') }
  }

  /** The root's list of certificates that count no more. */
  revoked (...identities: Identity[]): string {
    const by = ['-config', this.path('ca.cnf'), '-cert', this.file('root.cert', this.root.cert), '-keyfile', this.file('root.key', this.root.key)]
    for (const { cert } of identities) openssl('ca', ...by, '-revoke', this.file('revoked.cert', cert))
    openssl('ca', ...by, '-gencrl', '-out', this.path('crl'))
    return readFileSync(this.path('crl'), 'utf8')
  }

  #write (name: string, content: string | Uint8Array): void { writeFileSync(this.path(name), content) }
}

/** Signed by itself: an authority, or somebody that nobody knows. */
export function selfSigned (name: string): Identity {
  const folder = mkdtempSync(join(tmpdir(), 'emilua-tls-'))
  const [cert, key] = [join(folder, 'cert'), join(folder, 'key')]
  try {
    openssl('req', '-x509', '-nodes', ...newKey(), '-days', '9', '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-keyout', key, '-out', cert)
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export function openssl (...words: string[]): Buffer {
  return execFileSync('openssl', words, { stdio: ['ignore', 'pipe', 'pipe'] })
}

function newKey (rsa = false): string[] {
  return rsa ? ['-newkey', 'rsa:2048'] : ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
}
