// SPDX-License-Identifier: MIT OR BSL-1.0
import { readFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { open } from '@emilua/filesystem'
import * as filesystem from '@emilua/filesystem'
import { Address } from '@emilua/ip'
import * as libcService from '@emilua/libc-service'
import * as pipe from '@emilua/pipe'
import * as system from '@emilua/system'
import { expect } from 'chai'

type Answer = (master: libcService.Master) => void | Promise<void>

/** What a program prints while its calls are answered, and its exit code. */
async function run (answer: Answer, program: string, ...words: string[]): Promise<[string, number]> {
  const [master, slave] = libcService.create()
  const [output, end] = pipe.pair()
  const stdout = end.release()
  const child = await system.spawn({
    program,
    arguments: [program, ...words],
    environment: { PATH: process.env.PATH!, LC_ALL: 'C', ...libcService.environment(3) },
    extraFds: { 3: slave },
    stdout,
    stderr: stdout
  })
  stdout.close()
  slave.close()
  const broker = (async () => {
    for (;;) {
      const ended = await master.receive().then(() => undefined, (error: Error & { code: string }) => error)
      if (ended) return ended.code
      await answer(master)
    }
  })().finally(() => { master.close() }) // or the program waits for ever
  let text = ''
  for await (const chunk of output) text += new TextDecoder().decode(chunk)
  await child.wait()
  expect(await broker).equal('EOF')
  return [text, child.exitCode]
}

describe('libc_service', function () {
  this.timeout(20_000)

  it('answers what a program asks', async () => {
    const asked: unknown[] = []
    const [text, exitCode] = await run(async master => {
      asked.push([master.function_, ...master.arguments])
      if (master.arguments[0] === '/virtual/greeting') {
        master.sendWithFds(0, [await open(import.meta.filename, ['read_only'])])
      } else master.send(-1, 'EACCES')
    }, 'cat', '/virtual/greeting', '/etc/passwd')
    expect(asked).deep.equal([['open', '/virtual/greeting', ['read_only']], ['open', '/etc/passwd', ['read_only']]])
    expect(text).equal(readFileSync(import.meta.filename, 'utf8') + 'cat: /etc/passwd: Permission denied\n')
    expect(exitCode).equal(1)
  })

  it('gives the fields of stat', async () => {
    const mtime = filesystem.clock.unixEpoch().add(981173106.5)
    const [text] = await run(master => {
      if (master.arguments[0] !== '/virtual') master.useSlaveCredentials()
      else master.send({ type: 'fifo', mode: 0o620, size: 2 ** 40, ino: 77, nlink: 3, uid: 5, gid: 6, mtime })
    }, 'stat', '-c', '%F %a %s %i %h %u %g %Y', '/virtual')
    expect(text).equal('fifo 620 1099511627776 77 3 5 6 981173106\n')
  })

  it('resolves names', async () => {
    const [text] = await run(master => {
      if (master.function_ !== 'getaddrinfo') return master.useSlaveCredentials()
      const [node] = master.arguments as [string]
      if (node === 'four.example') master.send([new Address('192.0.2.1'), 80])
      else if (node === 'six.example') master.send([new Address('2001:db8::1')])
      else if (node === 'none.example') master.send(undefined)
      else master.send('noname')
    }, '/usr/bin/python3', '-c', `
import socket
for name in 'four', 'six', 'none', 'other':
    try: print(sorted({a[4][:2] for a in socket.getaddrinfo(name + '.example', '443')}))
    except socket.gaierror as e: print(e.errno == socket.EAI_NONAME)`)
    expect(text).equal("[('192.0.2.1', 80)]\n[('2001:db8::1', 443)]\n[]\nTrue\n")
  })

  it('works for programs that Node starts', () => {
    const [master, slave] = libcService.create()
    const fd = slave.release()
    expect(() => slave.release()).throws().property('code', 'EBADF')
    fd.close()
    master.close()
    // What nobody holds the other end of, fails.
    const { stderr, status } = spawnSync('cat', ['/etc/passwd'], {
      encoding: 'utf8', env: { ...process.env, LC_ALL: 'C', ...libcService.environment(9) }
    })
    expect(stderr).equal('') // no descriptor 9: the program is on its own
    expect(status).equal(0)
  })

  it('refuses results that a function cannot have', async () => {
    await run(master => {
      const wrong = (...args: Parameters<typeof master.send>) => expect(() => master.send(...args)).throws().include({ code: 'EINVAL' })
      wrong('noname')
      wrong([])
      wrong({ type: 'regular', mode: 0 })
      wrong(-1, 'ENOSUCHERROR')
      wrong(undefined)
      master.send(-1, 13)
      expect(() => master.send(-1, 13)).throws().include({ code: 'EINVAL' })
    }, 'cat', '/virtual')
  })

  it('can be canceled while it waits', async () => {
    const [master, slave] = libcService.create()
    const stop = new AbortController()
    const waiting = master.receive({ signal: stop.signal }).catch((error: Error) => error.name)
    stop.abort()
    expect(await waiting).equal('AbortError')
    slave.close()
    master.close()
  })
})
