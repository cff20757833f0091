// An ordinary program in a sandbox asks for a file by name; this side decides what it gets.
import * as libcService from '@emilua/libc-service'
import { open, Path } from '@emilua/filesystem'
import * as pipe from '@emilua/pipe'
import { spawn } from '@emilua/runtime'
import * as system from '@emilua/system'

const [master, slave] = libcService.create()
const broker = spawn(async () => {
  for (;;) {
    await master.receive()
    const [path] = master.arguments as [string]
    console.log(master.function_, path)
    if (master.function_ === 'open' && path === '/virtual/greeting') {
      await master.sendWithFds(0, [await open(new Path(import.meta.dirname, 'm_greeting.txt'), ['read_only'])])
    } else {
      await master.send(-1, 'EACCES')
    }
  }
})
const [fromChild, stdout] = pipe.pair()
const end = stdout.release()
const cat = await system.spawn({ program: 'cat', arguments: ['cat', '/virtual/greeting', '/etc/passwd'], stdout: end, stderr: 'ignore', extraFds: { 3: slave }, environment: { PATH: process.env.PATH!, ...libcService.environment(3) } })
end.close()
let text = ''
for await (const chunk of fromChild) text += new TextDecoder().decode(chunk)
await cat.wait()
console.log(text.trimEnd(), cat.exitCode)
await broker[Symbol.asyncDispose]()
