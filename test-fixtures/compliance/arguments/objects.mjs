// SPDX-License-Identifier: MIT OR BSL-1.0
import { camel, className, functionName } from '../names.mjs'

/**
 * How an instance of a class comes to be, where nothing that is described gives one without arguments. Such a class
 * without a row fails the suite. Modules are variables of their names; `before` is a line of TypeScript for what takes time.
 */
const rows = {
  'file_descriptor.file_descriptor': {
    lua: '(function () local s = ip.tcp.socket.new() s:open("v4") return s:release() end)()',
    typescript: '(() => { const s = new ip.tcp.Socket(); s.open("v4"); return s.release() })()'
  },
  'sandbox.guest': {
    lua: 'sandbox.new{ read = { "/" } }:spawn{ program = "true" }',
    before: 'const guest = await new sandbox.Sandbox({ read: ["/"] }).spawn({ program: "true" })',
    typescript: 'guest'
  },
  'system.subprocess': {
    lua: 'system.spawn{ program = "true" }',
    before: 'const child = await system.spawn({ program: "true" })',
    typescript: 'child'
  },
  'filesystem.path_iterator': {
    lua: 'select(2, filesystem.path.new("a/b"):iterator())',
    typescript: 'new filesystem.Path("a", "b").iterator()'
  },
  'filesystem.directory_entry': {
    lua: '(filesystem.recursive_directory_iterator(filesystem.path.new("/"))())',
    typescript: 'filesystem.recursiveDirectoryIterator("/").nextSync()'
  },
  'filesystem.directory_iterator_': {
    lua: 'select(2, filesystem.directory_iterator(filesystem.path.new("/")))',
    typescript: 'filesystem.directoryIterator("/")'
  },
  'regex.regex': {
    lua: 'regex.new{ pattern = "a", grammar = "ecma" }',
    typescript: 'new regex.Regex({ pattern: "a", grammar: "ecma" })'
  },
  'libc_service.master': { lua: '(libc_service.new())', typescript: 'libcService.create()[0]' },
  'libc_service.slave': { lua: 'select(2, libc_service.new())', typescript: 'libcService.create()[1]' },
  'serial_port.serial_port': { lua: 'serial_port.new()', typescript: 'new serialPort.SerialPort()' },
  'filesystem.recursive_directory_iterator_': {
    lua: 'select(2, filesystem.recursive_directory_iterator(filesystem.path.new("/")))',
    typescript: 'filesystem.recursiveDirectoryIterator("/")'
  },
  'tls.context': { lua: 'tls.context.new("tls")', typescript: 'new tls.Context("tls")' },
  'tls.session': {
    lua: `(function ()
      local acceptor = ip.tcp.listen('127.0.0.1:0')
      local context = tls.context.new('tls12')
      context:use_certificate_chain_file(filesystem.path.new('test-fixtures/conformance/m_cert.pem'))
      context:use_private_key_file(filesystem.path.new('test-fixtures/conformance/m_key.pem'), 'pem')
      local client = tls.socket.new(ip.tcp.dial('127.0.0.1:' .. acceptor.local_port), context)
      local server = tls.socket.new(acceptor:accept(), context)
      local shaking = spawn(function () server:server_handshake() end)
      client:client_handshake()
      shaking:join()
      return client.session
    end)()`,
    before: `const acceptor = await ip.tcp.listen('127.0.0.1:0')
      const context = new tls.Context('tls12')
      context.useCertificateChainFile('test-fixtures/conformance/m_cert.pem')
      context.usePrivateKeyFile('test-fixtures/conformance/m_key.pem', 'pem')
      const [dialed, accepted] = await Promise.all([ip.tcp.dial('127.0.0.1:' + acceptor.localPort), acceptor.accept()])
      const [client, server] = [new tls.Socket(dialed, context), new tls.Socket(accepted, context)]
      await Promise.all([client.clientHandshake(), server.serverHandshake()])`,
    typescript: 'client.session'
  },
  'tls.socket': {
    lua: `(function ()
      local socket = ip.tcp.socket.new()
      socket:open('v4')
      return tls.socket.new(socket)
    end)()`,
    typescript: '(() => { const s = new ip.tcp.Socket(); s.open("v4"); return new tls.Socket(s) })()'
  },
  'runtime.task': {
    lua: 'runtime.task_group(function (group) return group:spawn(function () end) end)',
    typescript: 'undefined'
  },
  'runtime.group': {
    lua: 'runtime.task_group(function (group) return group end)',
    typescript: 'undefined'
  },
  'runtime.semaphore': { lua: 'runtime.semaphore.new(1)', typescript: 'undefined' },
  'runtime.queue': { lua: 'runtime.queue.new(1)', typescript: 'undefined' }
}

/** The expression that makes an instance of class `name` of module `module`, by language. */
export function instance (manifest, module, name) {
  const row = rows[`${module}.${name}`]
  if (row) return row
  const cls = manifest.modules.find(m => m.name === module)?.classes.find(c => c.name === name)
  const maker = cls?.members.find(m => asksNothing(m) && (m.kind === 'constructor' || (m.kind === 'function' && gives(m, module, name))))
  if (maker) {
    const path = classExpression(module, name)
    return {
      lua: `${module}.${name}.${maker.name}()`,
      typescript: maker.kind === 'constructor' && maker.name === 'new' ? `new ${path}()` : `${path}.${camel(maker.name)}()`
    }
  }
  for (const other of manifest.modules) {
    const giver = other.functions.find(f => asksNothing(f) && gives(f, module, name))
    if (giver) {
      const call = giver.kind === 'function' ? '()' : ''
      return { lua: `${other.name}.${giver.name}${call}`, typescript: `${camel(other.name)}.${functionName(giver.name)}${call}` }
    }
  }
  throw new Error(`arguments/objects.mjs says nothing about how a ${module}.${name} is made`)
}

function asksNothing (m) {
  return !m.suspends && !m.blocking && (m.parameters ?? []).every(p => p.variadic || p.type.kind === 'optional')
}

function gives (f, module, name) {
  const [result] = f.results ?? []
  return result?.type.module === module && result.type.class === name
}

/** `tcp.socket` of `ip` → `ip.tcp.Socket`. */
export function classExpression (module, name) {
  return `${camel(module)}.${className(name)}`
}
