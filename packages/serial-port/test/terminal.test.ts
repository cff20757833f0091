// SPDX-License-Identifier: MIT OR BSL-1.0
import { fileURLToPath } from 'node:url'
import type { FileDescriptor } from '@emilua/file-descriptor'
import { pair } from '@emilua/pipe'
import { ptypair, type SerialPort } from '@emilua/serial-port'
import { readAll, writeAll } from '@emilua/stream'
import { signal, spawn, type Subprocess } from '@emilua/system'
import { expect } from 'chai'

const PATH = process.env.PATH!
const here = fileURLToPath(new URL('..', import.meta.url))

/** A program under a terminal of its own. */
class Terminal {
  private seen = ''

  private constructor (readonly port: SerialPort, readonly child: Subprocess) {}

  static async start (program: string, words: string[], stderr?: FileDescriptor): Promise<Terminal> {
    const [port, slave] = ptypair()
    const child = await spawn({
      program, arguments: [program, ...words], workingDirectory: here, environment: { PATH, PS1: '' },
      stdin: slave, stdout: slave, stderr: stderr ?? slave, startNewSession: true, setCtty: slave
    })
    slave.close()
    return new Terminal(port, child)
  }

  async typeIn (keys: string): Promise<void> { await writeAll(this.port, keys) }

  /** Reads on until there is something that looks so; gives what came before as well. */
  async expect (pattern: RegExp): Promise<string> {
    const buffer = new Uint8Array(4096)
    for (;;) {
      const found = pattern.exec(this.seen)
      if (found) {
        const end = found.index + found[0].length
        const all = this.seen.slice(0, end)
        this.seen = this.seen.slice(end)
        return found[1] ?? all
      }
      const size = await this.port.readSome(buffer).catch(cause => { throw new Error(`${pattern} was not in ${JSON.stringify(this.seen)}`, { cause }) })
      this.seen += new TextDecoder().decode(buffer.subarray(0, size))
    }
  }
}

describe('terminals', () => {
  const program = (text: string): string[] => ['--input-type=module', '-e', `import * as system from '@emilua/system'\n${text}`]

  it('have a shell whose jobs come and go', async () => {
    const terminal = await Terminal.start('sh', ['-i'])
    const { port, child } = terminal
    await terminal.typeIn('stty -echo; set -m; echo up and running\n')
    await terminal.expect(/\r\nup and running\r\n/)
    expect(port.tcgetpgrp()).equal(child.pid)
    await terminal.typeIn("sh -c 'echo job $$; exec cat'\n")
    const job = Number(await terminal.expect(/job (\d+)\r\n/))
    expect(port.tcgetpgrp()).equal(job)
    await terminal.typeIn('\x1a')
    await terminal.expect(/\[1\]/) // before, what is typed could still be the job's
    await terminal.typeIn('echo still $((1 + 1)) alive\n')
    await terminal.expect(/still 2 alive/)
    expect(port.tcgetpgrp()).equal(child.pid)
    await terminal.typeIn('fg\nonce more\n')
    await terminal.expect(/once more\r\n/)
    await terminal.typeIn('\x03')
    await terminal.expect(/\r\n/)
    await terminal.typeIn('echo status $?\n')
    expect(await terminal.expect(/status (\d+)/)).equal('130')
    await terminal.typeIn('exit 7\n')
    await child.wait()
    expect(child.exitCode).equal(7)
    port.close()
  })

  it('have this program as their shell', async () => {
    const terminal = await Terminal.start(process.execPath, program(`
      system.signal.ignore(system.signal.SIGTTOU)
      const { stdin, stdout, stderr } = system
      console.log('shell', stdin.isatty(), stdout.tcgetpgrp() === process.pid)
      const job = await system.spawn({
        program: 'sh', arguments: ['sh', '-c', 'read line; echo "job read $line"'], processGroup: 0, foreground: 'stdin',
        stdin: 'share', stdout: 'share', stderr: 'share'
      })
      console.log('job', stdin.tcgetpgrp() === job.pid)
      await job.wait()
      stderr.tcsetpgrp(process.pid)
      console.log('again', stdin.tcgetpgrp() === process.pid)
      const waiting = await system.spawn({ program: 'sleep', arguments: ['sleep', '1000'], processGroup: 0, foreground: stdin.dup(), stdin: 'share' })
      console.log('waits', stdin.tcgetpgrp() === waiting.pid)
      await waiting.wait()
      console.log('signal', waiting.exitSignal)`))
    await terminal.expect(/shell true true\r\njob true\r\n/)
    await terminal.typeIn('a line\n')
    await terminal.expect(/job read a line\r\nagain true\r\nwaits true\r\n/)
    await terminal.typeIn('\x03')
    expect(await terminal.expect(/signal (\d+)\r\n/)).equal(String(signal.SIGINT))
    await terminal.child.wait()
    expect(terminal.child.exitCode).equal(0)
    terminal.port.close()
  })

  it('are left by a standard stream that is connected to something else, and taken again', async () => {
    const terminal = await Terminal.start(process.execPath, program(`
      import { pair } from '@emilua/pipe'
      import { writeAll } from '@emilua/stream'
      const { stdout } = system
      const saved = stdout.dup()
      const [reader, writer] = pair()
      const end = writer.release()
      stdout.dupFrom(end)
      await writeAll(stdout, 'through a pipe, ' + stdout.isatty())
      stdout.dupFrom(saved)
      const buffer = new Uint8Array(64)
      const size = await reader.readSome(buffer)
      await writeAll(stdout, new TextDecoder().decode(buffer.subarray(0, size)) + ', ' + stdout.isatty() + ', ' + end.type)`))
    await terminal.expect(/through a pipe, false, true, fifo/)
    await terminal.child.wait()
    terminal.port.close()
  })

  it('keep no program from going on that writes more than they take', async () => {
    const [errors, stderr] = pair()
    const end = stderr.release()
    const terminal = await Terminal.start(process.execPath, program(`
      import { writeAll } from '@emilua/stream'
      const writing = writeAll(system.stdout, new Uint8Array(1 << 20).fill(121)).then(() => 'written', error => error.name)
      await writeAll(system.stderr, 'waiting')
      await system.stdin.readSome(new Uint8Array(8))
      await writeAll(system.stderr, await Promise.race([writing, ' still  still ']))
      await writeAll(system.stderr, await writing)`), end)
    end.close()
    await terminal.typeIn('x\n')
    const said = new Uint8Array(21)
    await readAll(errors, said) // nobody has read from the terminal so far
    expect(new TextDecoder().decode(said)).equal('waiting still  still ')
    const buffer = new Uint8Array(65536)
    for (let left = 1 << 20; left > 0;) {
      const size = await terminal.port.readSome(buffer)
      left -= buffer.subarray(0, size).filter(byte => byte === 121).length
    }
    await readAll(errors, said.subarray(0, 7))
    expect(new TextDecoder().decode(said.subarray(0, 7))).equal('written')
    await terminal.child.wait()
    for (const one of [terminal.port, errors]) one.close()
  })

  it('tell what is in the foreground that they have another size', async () => {
    const terminal = await Terminal.start(process.execPath, program(`
      process.stdout.on('resize', () => { console.log('resized', process.stdout.columns, process.stdout.rows); process.exit() })
      console.log('ready')
      setInterval(() => {}, 1000)`))
    await terminal.expect(/ready\r\n/)
    terminal.port.windowSize = { rows: 31, columns: 91 }
    await terminal.expect(/resized 91 31\r\n/)
    await terminal.child.wait()
    terminal.port.close()
  })
})
