// SPDX-License-Identifier: MIT OR BSL-1.0
import { partOfTheRuntime } from '../states/operations.mjs'
import { camel, instance, typescriptClass } from './objects.mjs'
import { badValues, goodValue, mayBeMissing } from './values.mjs'

/** What is assigned to the writable property `m`, as a member with one parameter. */
function setterOf (m) {
  return { ...m, kind: 'setter', parameters: [{ name: m.name, type: m.results[0].type }] }
}

/** Everything described that takes arguments: `{ name, member, cls, module, value }`. */
export function callables (manifest) {
  const all = []
  for (const module of manifest.modules.filter(m => !partOfTheRuntime.has(m.name))) {
    for (const member of module.functions) all.push({ module: module.name, member, name: `${module.name}.${member.name}` })
    for (const cls of module.classes) {
      for (const member of cls.members) {
        all.push({
          module: module.name, cls: cls.name, value: cls.value === true, name: `${module.name}.${cls.name}.${member.name}`,
          member: member.writable ? setterOf(member) : member
        })
      }
    }
  }
  return all.filter(({ member }) => ['function', 'method', 'constructor', 'setter'].includes(member.kind))
}

/** The bad calls of one callable: `{ label, args, culprit }`, `culprit` being the index of the parameter at fault. */
export function badCalls ({ member }, manifest, language) {
  const parameters = member.parameters ?? []
  const good = parameters.map(p => goodValue(p.type, manifest)[language])
  const calls = []
  for (const [i, p] of parameters.entries()) {
    if (!mayBeMissing(p) && member.kind !== 'setter') calls.push({ label: `without ${p.name}`, args: good.slice(0, i), culprit: i })
    for (const [label, bad] of badValues(p.type)) {
      calls.push({ label: `${p.name} is ${label}`, args: [...good.slice(0, i), bad[language], ...good.slice(i + 1)], culprit: i })
    }
  }
  return calls
}

const luaModules = 'local ip, time, system = require "ip", require "time", require "system"\n'

/** A Lua program that makes the bad calls and prints a line of JSON for each. */
export function luaProgram (callable, calls, manifest) {
  const { member, module, cls } = callable
  const method = member.kind === 'method'
  const lines = [luaModules, 'local function report (i, ok, arg, text)',
    '  print(string.format(\'{"call": %d, "failed": %s, "arg": "%s", "text": %q}\', i, tostring(not ok), tostring(arg),',
    '    (tostring(text):gsub("[\\n\\"\\\\]", " "))))', 'end',
    'local function try (i, f)', '  local ok, e = pcall(f)',
    '  local readable, arg = pcall(function () return e.arg end)',
    '  report(i, ok, readable and arg or nil, e)', 'end']
  const receiver = method || member.kind === 'setter' ? instance(manifest, module, cls).lua : ''
  const expression = args => {
    if (method) return `local o = ${receiver}\n  return o:${member.name}(${args.join(', ')})`
    if (member.kind === 'setter') return `local o = ${receiver}\n  o.${member.name} = ${args[0]}`
    return `return ${callable.name}(${args.join(', ')})`
  }
  for (const [i, { args }] of calls.entries()) lines.push(`try(${i}, function ()\n  ${expression(args)}\nend)`)
  if (method) {
    const of = `${receiver}.${member.name}`
    lines.push(`try(${calls.length}, function () local f = ${of} return f() end)`)
    lines.push(`try(${calls.length + 1}, function () local f = ${of} return f(42) end)`)
  }
  lines.push('system.exit(0)')
  return lines.join('\n') + '\n'
}

/** The same in JavaScript, which the TypeScript packages are called from. */
export function javascriptProgram (callable, calls, manifest) {
  const { member, module, cls } = callable
  const modules = manifest.modules.map(m => m.name).filter(name => !partOfTheRuntime.has(name))
  const lines = modules.map(name => `import * as ${camel(name)} from '@emilua/${name.replaceAll('_', '-')}'`)
  lines.push(`async function attempt (i, f) {
  let result, sync = false
  try {
    try { result = f() } catch (error) { sync = true; throw error }
    result = await result
    report(i, false, undefined, String(result), sync)
  } catch (error) {
    report(i, true, error.arg, String(error), sync, error.code)
  }
}
function report (call, failed, arg, text, sync, code) {
  console.log(JSON.stringify({ call, failed, arg, text, sync, code }))
}`)
  const name = camel(member.name)
  for (const [i, { args }] of calls.entries()) lines.push(`await attempt(${i}, () => ${expression(args)})`)
  if (member.kind === 'method') {
    const of = `${typescriptClass(module, cls)}.prototype.${name}`
    lines.push(`await attempt(${calls.length}, () => ${of}.call(undefined))`)
    lines.push(`await attempt(${calls.length + 1}, () => ${of}.call({}))`)
  }
  lines.push('process.exit(0)')
  return lines.join('\n') + '\n'

  function expression (args) {
    const list = args.join(', ')
    if (member.kind === 'setter') {
      const object = `(${instance(manifest, module, cls).typescript})`
      return callable.value ? `${object}.with${name[0].toUpperCase()}${name.slice(1)}(${list})` : `${object}.${name} = ${list}`
    }
    if (member.kind === 'method') return `(${instance(manifest, module, cls).typescript}).${name}(${list})`
    if (member.kind === 'constructor' && member.name === 'new') return `new ${typescriptClass(module, cls)}(${list})`
    if (cls) return `${typescriptClass(module, cls)}.${name}(${list})`
    return `${[module, ...member.name.split('.')].map(camel).join('.')}(${list})`
  }
}
