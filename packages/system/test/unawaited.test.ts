// SPDX-License-Identifier: MIT OR BSL-1.0
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const here = fileURLToPath(new URL('.', import.meta.url))

/** Starts `operation` in a fiber that awaits it nowhere, and cancels that; in a process of its own, which an unhandled rejection ends. */
function cancelUnawaited (operation: string): { status: number | null, stdout: string, stderr: string } {
  const program = `
    import { connect, tcp, udp } from '@emilua/ip'
    import { pair } from '@emilua/pipe'
    import { spawn } from '@emilua/runtime'
    import { readAll, Scanner, writeAll } from '@emilua/stream'
    import { run, spawn as start } from '@emilua/system'
    const turn = () => new Promise(resolve => setTimeout(resolve, 5))
    const [reader, writer] = pair()
    const big = new Uint8Array(1 << 20)
    const connectable = { isOpen: false, open () {}, close () {}, connect: () => reader.readSome(big) }
    const endpoints = await tcp.getAddressInfo('127.0.0.1', '1')
    const fiber = spawn(async () => { void (${operation}); await turn(); await turn() })
    await turn()
    fiber.cancel()
    await fiber.join().catch(() => {})
    const refused = spawn(async () => { await turn(); void (${operation}); await turn() })
    await turn()
    refused.cancel()
    await refused.join().catch(() => {})
    reader.close()
    writer.close()
    console.log('went on')`
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { cwd: here, encoding: 'utf8', timeout: 9000 })
  return { status, stdout, stderr }
}

describe('an operation made of others that nobody awaits', function () {
  this.timeout(20_000)

  for (const operation of [
    'new Scanner({ stream: reader }).getLine()', 'readAll(reader, big)', 'writeAll(writer, big)', '[writeAll(writer, big), writeAll(writer, big)]',
    'connect(connectable, endpoints)', "run({ program: 'sleep', arguments: ['sleep', '9'] })"
  ]) {
    it(`is silent when it is canceled: ${operation}`, () => {
      expect(cancelUnawaited(operation)).to.deep.equal({ status: 0, stdout: 'went on\n', stderr: '' })
    })
  }
})
