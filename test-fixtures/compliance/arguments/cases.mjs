// SPDX-License-Identifier: MIT OR BSL-1.0
import { described, modules } from '../described.mjs'
import { camel, flagsAreOptions, functionName, packageName, pascal } from '../names.mjs'
import { classExpression, instance } from './objects.mjs'
import { badValues, goodValue, mayBeMissing } from './values.mjs'

/** What is assigned to the writable property `m`, as a member with one parameter. */
function setterOf (m) {
  return { ...m, kind: 'setter', parameters: [{ name: m.name, type: m.results[0].type }] }
}

/** Everything that takes arguments in `language`: `{ name, member, cls, module }`. */
export function callables (manifest, language) {
  return described(manifest, language)
    .filter(({ internal }) => !internal)
    .map(of => of.member.writable ? { ...of, member: setterOf(of.member) } : of)
    .filter(({ member }) => ['function', 'method', 'constructor', 'setter'].includes(member.kind))
}

/**
 * The bad calls of one callable: `{ label, args, culprit, path }`, `culprit` being the index of the parameter at fault
 * and `path` what leads to the part of it that is.
 */
export function badCalls ({ member }, manifest, language) {
  const parameters = member.parameters ?? []
  const values = parameters.map(p => stand(member, p) ?? goodValue(p.type, manifest))
  const good = values.map(value => value[language])
  const calls = []
  for (const [i, p] of parameters.entries()) {
    const known = stand(member, p)
    const required = !mayBeMissing(p) || known?.required
    const wrong = known ? known.bad : badValues(p.type, manifest)
    if (required && member.kind !== 'setter') calls.push({ label: `without ${p.name}`, args: good.slice(0, i), culprit: i, path: '' })
    for (const bad of wrong.filter(bad => bad[language])) {
      const args = [...good.slice(0, i), bad[language], ...good.slice(i + 1)]
      calls.push({ label: `${p.name} is ${bad.label}`, args, culprit: i, path: bad.path[language] })
    }
  }
  return calls
}

/**
 * Parameters of what is written by hand, by their name, that may be anything as far as the description says, since
 * each language has an interface for them: a good value, and what they may not be.
 */
const stands = {
  stream: stream('{ read_some = function (_, b) return #b end, write_some = function (_, b) return #b end }',
    '{ readSome: async b => b.length, writeSome: async b => b.length }'),
  read_stream: stream('{ read_some = function (_, b) return #b end }', '{ readSome: async b => b.length }'),
  file: stream('{ read_some_at = function (_, _, b) return #b end, write_some_at = function (_, _, b) return #b end }',
    '{ readSomeAt: async (_, b) => b.length, writeSomeAt: async (_, b) => b.length }'),
  socket: stream('ip.tcp.socket.new()', 'new ip.tcp.Socket()'),
  item: { ...both('1'), required: true, bad: [] },
  options: { ...both('{}'), bad: [
    { label: 'a number', ...whole('42') },
    part('stream'), part('record_separator'), part('field_separator'), part('field_pattern'), part('trim_record'),
    part('buffer_size_hint', '"x"'), part('max_record_size', '0'),
    // A scanner is the table that it is made of, with what else programs keep in it.
    { label: 'an unknown key', typescript: '{ nosuch: 1 }', path: { lua: '', typescript: '.nosuch' } }
  ] }
}
function stand (member, parameter) {
  return member.by_hand && isAnything(parameter.type) ? stands[parameter.name] : undefined
}

function isAnything (type) {
  return type.kind === 'any' || (type.kind === 'optional' && isAnything(type.element))
}

function stream (lua, typescript) {
  return { lua, typescript, required: true, bad: anythingButAnObject() }
}

function anythingButAnObject () {
  return [['a number', '42'], ['a boolean', 'true'], ['an empty table', '{}']].map(([label, text]) => ({ label, ...whole(text) }))
}

function both (text) {
  return { lua: text, typescript: text }
}

function whole (text) {
  return { ...both(text), path: both('') }
}

function part (name, text = '42') {
  return {
    label: `${name} is ${text}`,
    lua: `{ ${name} = ${text} }`,
    typescript: `{ ${camel(name)}: ${text} }`,
    path: { lua: `.${name}`, typescript: `.${camel(name)}` }
  }
}

/** Those of `all` that `text` names by the variable `variable(name)`. */
function used (all, text, variable = name => name) {
  return all.map(m => m.name).filter(name => new RegExp(`\\b${variable(name)}\\.`).test(text))
}

/** A Lua program that makes the bad calls and prints a line of JSON for each. */
export function luaProgram (callable, calls, manifest) {
  const { member, module, cls } = callable
  const method = member.kind === 'method'
  const lines = ['local function report (i, ok, e)',
    '  local function field (name)',
    '    local readable, value = pcall(function () return e[name] end)',
    '    return tostring(readable and value or nil)', '  end',
    '  print(string.format(\'{"call": %d, "failed": %s, "arg": "%s", "path": %q, "text": %q}\', i, tostring(not ok), field "arg",',
    '    field "path", (tostring(e):gsub("[\\n\\"\\\\]", " "))))', 'end',
    'local function try (i, f) report(i, pcall(f)) end']
  const receiver = method || member.kind === 'setter' ? instance(manifest, module, cls.name).lua : ''
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
  const text = `${lines.join('\n')}\nsystem.exit(0)\n`
  return used(modules(manifest, 'lua'), text).map(name => `local ${name} = require '${name}'\n`).join('') + text
}

/** The same in JavaScript, which the TypeScript packages are called from. */
export function javascriptProgram (callable, calls, manifest) {
  const { member, module, cls } = callable
  const lines = [`async function attempt (i, f) {
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
}`]
  const name = camel(member.name)
  if (cls) lines.push(instance(manifest, module, cls.name)?.before ?? '')
  for (const [i, { args }] of calls.entries()) lines.push(`await attempt(${i}, () => ${expression(args)})`)
  if (member.kind === 'method') {
    const of = `${classExpression(module, cls.name)}.prototype.${name}`
    lines.push(`await attempt(${calls.length}, () => ${of}.call(undefined))`)
    lines.push(`await attempt(${calls.length + 1}, () => ${of}.call({}))`)
  }
  const text = `${lines.join('\n')}\nprocess.exit(0)\n`
  return used(modules(manifest, 'typescript'), text, camel)
    .map(name => `import * as ${camel(name)} from '${packageName(name)}'\n`).join('') + text

  function expression (args) {
    const last = args.length - 1
    const inOptions = flagsAreOptions(member) && args.length === member.parameters.length
    const list = args.map((arg, i) => inOptions && i === last ? `{ ${camel(member.parameters[i].name)}: ${arg} }` : arg).join(', ')
    if (member.kind === 'setter') {
      const object = `(${instance(manifest, module, cls.name).typescript})`
      return cls.value ? `${object}.with${pascal(member.name)}(${list})` : `${object}.${name} = ${list}`
    }
    if (member.kind === 'method') return `(${instance(manifest, module, cls.name).typescript}).${name}(${list})`
    if (member.kind === 'constructor' && member.name === 'new') return `new ${classExpression(module, cls.name)}(${list})`
    if (cls) return `${classExpression(module, cls.name)}.${name}(${list})`
    return `${camel(module)}.${functionName(member.name)}(${list})`
  }
}
