// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

export const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))

export type Outcome = { code: number, stdout: string, stderr: string }
export type Options = { env?: Record<string, string>, stdin?: string }

/** Programs in a folder of their own, run by the command with a cache of their own. */
export class Programs {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'emilua-cli-')))
  readonly cache = join(this.folder, 'cache')

  put (files: Record<string, string>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true })
      writeFileSync(join(this.folder, name), text)
    }
  }

  run (words: string[], { env = {}, stdin }: Options = {}): Promise<Outcome> {
    return new Promise(resolve => {
      // What is expected of them is in the order of an ordinary run.
      const options = { cwd: this.folder, env: { ...process.env, EMILUA_SHUFFLE: undefined, XDG_CACHE_HOME: this.cache, ...env } }
      const child = execFile(process.execPath, [main, ...words], options, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
      })
      if (stdin !== undefined) child.stdin!.end(stdin)
    })
  }

  /** What a program prints that ends well and complains of nothing. */
  async output (words: string[], options?: Options): Promise<string> {
    const { code, stdout, stderr } = await this.run(words, options)
    expect(stderr).equal('')
    expect(code).equal(0)
    return stdout
  }

  /** The file that the source `name` was compiled into. */
  compiled (name: string): string {
    const found = readdirSync(this.cache, { recursive: true, encoding: 'utf8' }).find(each => each.endsWith(`${this.folder}/${name}.mjs`))
    return join(this.cache, found!)
  }

  remove (): void {
    rmSync(this.folder, { recursive: true })
  }
}
