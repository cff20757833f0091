// SPDX-License-Identifier: MIT OR BSL-1.0
import { expect } from 'chai'
import { run } from './child.js'

const begin = [
  'Error.stackTraceLimit = 0',
  // Calls it up to 600 times on the way up from where the stack is full. Node prints what its own hooks meet there.
  `function atTheEnd (start) {
     const seen = { failed: 0, made: [] }
     let left = 600
     const deeper = () => {
       try { deeper() } catch {}
       if (left-- <= 0) return
       try { seen.made.push(start()) } catch (error) {
         if (!(error instanceof RangeError)) throw error
         seen.failed++
       }
     }
     deeper()
     return seen
   }`,
  'const { acceptor, client, server } = await pair()'
]
const end = 'for (const object of [acceptor, client, server]) object.close()'

function printed (program: string): unknown[] {
  const { out, err, code } = run(...begin, program, end)
  expect(code, err).equal(0)
  return out.trim().split('\n').map(line => JSON.parse(line) as unknown)
}

describe('a full stack', () => {
  it('fails a call, and what it has begun ends without taking anything', () => {
    expect(printed(`
      const stop = new AbortController()
      const { failed, made } = atTheEnd(() => server.readSome(new Uint8Array(8), { signal: stop.signal }))
      const outcomes = Promise.allSettled(made)
      stop.abort()
      print([failed > 0, made.length > 0, (await outcomes).every(({ status }) => status === 'rejected')])
      await client.writeSome(Buffer.from('abc'))
      const buffer = new Uint8Array(8)
      print(Buffer.from(buffer.subarray(0, await server.readSome(buffer))).toString())`)).deep.equal([[true, true, true], 'abc'])
  })

  it('fails nothing that was begun elsewhere', () => {
    expect(printed(`
      const others = [sleep(0.002), acceptor.accept(), sleep(0)]
      for (let i = 0; i < 20; i++) {
        const { failed, made } = atTheEnd(() => sleep(0.001))
        if (failed === 0 || made.length === 0) print([failed, made.length])
        await Promise.allSettled(made)
      }
      ;(await tcp.dial('127.0.0.1:' + acceptor.localPort)).close()
      ;(await Promise.all(others))[1].close()
      print('others')`)).deep.equal(['others'])
  })

  it('takes no address for another one, when there was no room for one that came', () => {
    // A datagram that was neither received nor left was lost where no instance could be made of its sender. Compiled code
    // looks for the room of all that it calls at once.
    expect(printed(`
      const { setFlagsFromString } = await import('node:v8')
      for (const compiler of ['opt', 'maglev', 'sparkplug']) setFlagsFromString('--no-' + compiler)
      const bound = address => { const socket = new udp.Socket(); socket.open('v4'); socket.bind(address, 0); return socket }
      const receiver = bound('127.0.0.1')
      const send = (sender, text = String(sender.localAddress)) => sender.sendTo(Buffer.from(text), receiver.localAddress, receiver.localPort)
      const wrong = []
      let lost = 0
      for (let round = 0; round < 50 && lost < 5; round++) {
        // Whom nobody knows yet.
        const senders = Array.from({ length: 100 }, (_, i) => bound('127.3.' + round + '.' + (i + 1)))
        for (const sender of senders) await send(sender)
        const stop = new AbortController()
        const { made } = atTheEnd(() => receiver.receiveFrom(new Uint8Array(16), { signal: stop.signal }))
        const ends = Promise.allSettled(made)
        stop.abort()
        lost += senders.length - (await ends).filter(({ status }) => status === 'fulfilled').length
        for (const sender of senders) await send(sender)
        await send(receiver, 'end')
        const buffer = new Uint8Array(16)
        for (let left = -senders.length; ; left++) {
          const { size, address } = await receiver.receiveFrom(buffer)
          const from = Buffer.from(buffer.subarray(0, size)).toString()
          if (from === 'end') { lost -= left; break }
          if (String(address) !== from) wrong.push([from, String(address)])
        }
        for (const sender of senders) sender.close()
      }
      print([lost > 0, wrong.slice(0, 3)])
      receiver.close()`)).deep.equal([[true, []]])
  })
})
