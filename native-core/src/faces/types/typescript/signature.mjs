// SPDX-License-Identifier: MIT OR BSL-1.0
import { comment, range, width } from '../docs.mjs'
import { camel, parameter } from '../names.mjs'
import { mayBeMissing, nameType, typescriptType } from './types.mjs'

const native = '@emilua/native'

/** The flags that member `m` has as a field of its options: the last parameter of what suspends. */
function flagsOf (m) {
  const last = m.parameters?.at(-1)
  const type = last?.type.kind === 'optional' ? last.type.element : last?.type
  return m.suspends && type?.kind === 'flags' ? { ...last, type } : undefined
}

/** Whether parameter `p` of `m` says of which type another one or the result is. */
function names (m, p) {
  return p.type.kind === 'enumeration' &&
    [...m.parameters, ...m.results ?? []].some(({ type }) => type.named_by === p.type.enum)
}

/** The type parameters of member `m`. */
function typeParameters (m, file) {
  const name = m.parameters?.find(p => names(m, p))
  return name ? `<${nameType} extends ${typescriptType(name.type, file, true)}>` : ''
}

/** The parameters of member `m` as TypeScript writes them, without parentheses. */
export function parameterList (m, file) {
  const flags = flagsOf(m)
  const parameters = (m.parameters ?? []).slice(0, flags ? -1 : undefined)
  const needed = parameters.findLastIndex(p => !p.variadic && !mayBeMissing(p.type)) + 1
  const list = parameters.map((p, i) => {
    if (p.variadic) return `...${parameter(p.name)}: ${restType(p.type, file)}`
    const missing = i >= needed
    const text = names(m, p) ? nameType : typescriptType(p.type, file, true)
    return `${parameter(p.name)}${missing ? '?' : ''}: ${missing ? text.replace(/ \| undefined$/, '') : text}`
  })
  if (m.suspends) {
    const more = flags ? ` & { ${parameter(flags.name)}?: ${typescriptType(flags.type, file, true)} | undefined }` : ''
    list.push(`${optionsName(m)}?: ${file.type('OperationOptions', native)}${more}`)
  }
  return list.join(', ')
}

function restType (type, file) {
  return typescriptType({ kind: 'list', element: type }, file, true).replace(/^readonly /, '')
}

/** What the last parameter of suspending member `m` is called, which every one has. */
function optionsName (m) {
  return m.parameters?.some(p => parameter(p.name) === 'options') ? 'operationOptions' : 'options'
}

/** The form of blocking member `m` that a thread of the core's pool keeps. Other members are as they are. */
export function promised (m) {
  return m.blocking ? { ...m, suspends: true } : m
}

/** The form of blocking member `m` that keeps its caller. */
export function plain (m) {
  return { ...m, blocking: undefined, key: ':sync' }
}

/** What member `m` returns, before a promise is made of it. */
export function resultType (m, file) {
  const results = m.results ?? []
  if (results.length === 0) return 'void'
  const text = type => typescriptType(type, file, false)
  if (results.length === 1) return text(results[0].type)
  if (!m.iterates) return recordOf(results, text)
  return `${recordOf(results, type => text(element(type)))} | undefined`
}

/** What each step of the iterator `m` gives. */
export function elementType (m, file) {
  return resultType({ ...m, results: m.results.map(r => ({ ...r, type: element(r.type) })) }, file)
    .replace(/ \| undefined$/, '')
}

// The end of an iteration is no element; several results are missing together.
function element (type) {
  return type.kind === 'optional' ? type.element : type
}

// Several results are a record of their names, or without names a tuple.
function recordOf (results, text) {
  if (!results[0].name) return `[${results.map(r => text(r.type)).join(', ')}]`
  return `{ ${results.map(r => `${camel(r.name)}: ${text(r.type)}`).join(', ')} }`
}

const pools = {
  query: 'A thread of the core does it. Ended by its signal, it is abandoned.',
  effect: 'A thread of the core does it. Its signal ends it only before a thread has begun.'
}

/** The documentation of member `m`. */
export function documentation (m, indent, ...more) {
  const flags = flagsOf(m)
  const tags = (m.parameters ?? []).slice(0, flags ? -1 : undefined).map(p =>
    [`@param ${parameter(p.name)} -`, [p.doc, range(p.type)].filter(text => text).join(' ')])
  const also = flags ? ` \`${parameter(flags.name)}\`: ${flags.doc}` : ''
  if (m.suspends) tags.push([`@param ${optionsName(m)} -`, `A signal that ends the wait.${also}`])
  const kept = m.parameters?.some(p => p.doc || range(p.type)) || !m.suspends ? tags : tags.slice(-1)
  const notes = [m.master_only ? 'Only the main thread may call it.' : '', pools[m.blocking] ?? '']
  return comment([m.doc, m.details, ...notes, ...more], kept, indent)
}

/** Whether `m` takes nothing but a buffer to read into, and gives a number that it most likely has to wait for. */
export function readsOnly (m) {
  const kinds = list => (list ?? []).map(({ type }) => type.kind).join()
  return m.suspends && !m.prompt && !m.blocking && kinds(m.parameters) === 'mutable_bytes' && kinds(m.results) === 'integer'
}

/** Whether `m` may have its results without waiting, and its arguments are such that the addon can be called directly. */
export function isDirect (m) { return m.direct !== undefined && m.suspends === true }

/** What the constant is called that says how `m` is called directly. */
function directName (m) { return `${camel(m.name)}Direct` }

/** That constant, of a member that the addon knows as `key`. */
export function directConstant (m, key, file) {
  const sends = m.parameters[0].type.kind !== 'mutable_bytes'
  const args = ['native', `'${key}'`, m.parameters.length, sends]
  if (m.results.length > 1) {
    const names = m.results.map(r => camel(r.name))
    const object = typescriptType(m.results[1].type, file, false)
    const fields = names.map((name, i) => i === 1 ? `${name}: ${name} as ${object}` : name)
    args.push(`(${names.join(', ')}) => ({ ${fields.join(', ')} })`)
  }
  const type = m.results.length > 1 ? '' : '<number>'
  return `const ${directName(m)} = new ${file.value('Direct', native)}${type}(${args.join(', ')})\n`
}

/** The lines of a function's body that call the addon. `receiver`: the expression for it, `null` without one. */
export function body (m, key, receiver, file) {
  const args = callArguments(m)
  const fn = `native['${key}${m.key ?? ''}']`
  if (receiver === 'handleOf(this)' && readsOnly(m)) return `return ${file.value('read', native)}(${fn}, this, ${optionsName(m)}, ${args[0]})`
  if (isDirect(m) && receiver === 'handleOf(this)') {
    return `return ${file.value('direct', native)}(${[directName(m), 'this', optionsName(m), ...args].join(', ')})`
  }
  if (m.suspends) {
    // What reads and writes take is spared the array.
    const few = args.length <= 4
    const operate = file.value(few ? `operate${args.length}` : 'operate', native)
    const rest = few ? args : [`[${args.join(', ')}]`]
    return `return ${operate}(${[fn, receiver ?? '0', optionsName(m), ...rest].join(', ')})`
  }
  const call = `${fn}(${[...receiver ? [receiver] : [], ...args].join(', ')})`
  const type = resultType(m, file)
  return type === 'void' ? call : `return ${call}${type === 'unknown' ? '' : ` as ${type}`}`
}

/** The parameters of member `m` as the arguments of a call. */
export function callArguments (m) {
  const parameters = m.parameters ?? []
  if (m.suspends && parameters.some(p => p.variadic)) {
    throw new Error(`${m.name} suspends: its options come last, so it cannot take any number of arguments`)
  }
  const flags = flagsOf(m)
  return parameters.map(p =>
    flags && p === parameters.at(-1) ? `${optionsName(m)}?.${parameter(p.name)}` : (p.variadic ? '...' : '') + parameter(p.name))
}

/** The head of member `m`, which begins with `start`, up to its opening brace. */
export function signature (start, m, file) {
  const list = parameterList(m, file)
  const type = resultType(m, file)
  const head = start + typeParameters(m, file)
  const end = m.suspends ? `Promise<${type}>` : type
  const line = `${head} (${list}): ${end} {\n`
  if (line.length <= width + 1) return line
  const pad = start.match(/^ */)[0]
  return `${head} (\n${pad}  ${list}\n${pad}): ${end} {\n`
}
