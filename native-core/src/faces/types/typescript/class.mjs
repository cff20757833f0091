// SPDX-License-Identifier: MIT OR BSL-1.0
import { comment } from '../docs.mjs'
import { operations } from '../manifest.mjs'
import { member, pascal, split } from '../names.mjs'
import { SourceFile } from './source-file.mjs'
import { baseOf } from './traits.mjs'
import { constantText } from './constant.mjs'
import { iterators } from './iterator.mjs'
import { body, callArguments, directConstant, documentation, isDirect, parameterList, plain, promised, readsOnly, resultType, signature } from './signature.mjs'
import { classFile, typescriptType } from './types.mjs'

const native = '@emilua/native'

/** The file of class `c`: what a program imports, over the functions of the addon. */
export function classSource (module, c, manifest) {
  const file = new SourceFile(classFile(c.name), module.name, manifest)
  const name = pascal(split(c.name).name)
  const self = `${file.value(c.value ? 'wireOf' : 'handleOf', native)}(this)`
  const writer = new ClassWriter(module, c, name, self, file)
  const direct = c.members.filter(isDirect).map(m => directConstant(m, `${c.name}.${m.name}`, file))
  file.add([`const native = ${file.value('natives', native)}('${module.name}')\n`, ...direct].join(''))
  file.add(comment([c.doc, c.value ? 'A value: it never changes.' : '']) +
    `export class ${name} extends ${baseOf(c, file)} {\n${writer.members().join('\n')}}\n`)
  const registered = `${file.value('register', native)}('${module.name}', '${c.name}', ${name})\n`
  const reads = c.members.some(m => m.name === 'read_some' && readsOnly(m))
  file.add(reads ? `${registered}${file.value('readsInto', native)}(${name}, native['${c.name}.read_some'])\n` : registered)
  return file
}

/** Leaves alone what was closed before, or handed on. */
function sparing (action, indent, file) {
  const gone = `error instanceof ${file.value('EmiluaError', native)} && error.code === 'EBADF'`
  return `try {\n  ${action}\n} catch (error) {\n  if (!(${gone})) throw error\n}\n`
    .replace(/^(?=.)/gm, ' '.repeat(indent))
}

/** What ends a `using` block with `close`, which may be a blocking one. */
function disposers (close, isFinal, file) {
  const name = close.blocking ? 'closeSync' : 'close'
  const closes = isFinal ? '    this.close()\n' : sparing(`this.${name}()`, 4, file)
  const [prefix, waits] = close.blocking
    ? ['async ', sparing('await this.close()', 4, file)]
    : ['', '    this[Symbol.dispose]()\n    return Promise.resolve()\n']
  return `  /** {@link ${name}}, at the end of a \`using\` block. What was handed on is left alone. */
  [Symbol.dispose] (): void {
${closes}  }

  /** {@link close}, at the end of an \`await using\` block. What was handed on is left alone. */
  ${prefix}[Symbol.asyncDispose] (): Promise<void> {
${waits}  }
`
}

function isClose (m) {
  return m.kind === 'method' && m.name === 'close' && !m.suspends
}

class ClassWriter {
  constructor (module, c, name, self, file) {
    Object.assign(this, { module, c, name, self, file })
  }

  members () {
    const { members, metamethods = [] } = this.c
    const own = members.filter(m => m.kind !== 'constructor' || m.name !== 'new')
    const texts = [this.#construction(members.find(m => m.kind === 'constructor' && m.name === 'new'))]
    for (const m of own) texts.push(this.#member(m))
    for (const m of metamethods) texts.push(this.#metamethod(m, members))
    const close = members.find(isClose)
    const next = members.find(m => m.iterates)
    if (next) texts.push(iterators(this.c, next, close, this.file))
    if (close) texts.push(disposers(close, this.#isFinal(close), this.file))
    return texts.filter(text => text !== '')
  }

  #construction (m) {
    const { c, file } = this
    const adopt = file.value('adopt', native)
    if (!m) {
      const refuse = file.value('notConstructible', native)
      return '  /** For the addon only: instances are what functions and methods return. */\n' +
        `  constructor () {\n    super(${adopt}() ?? ${refuse}('${this.module.name}.${c.name}'))\n  }\n`
    }
    const args = callArguments(m).join(', ')
    return documentation(m, 2) + `  constructor (${parameterList(m, file)}) {\n` +
      `    super(${adopt}() ?? native['${c.name}.new'](${args}))\n  }\n`
  }

  #member (m) {
    const { c, file } = this
    if (this.#isFinal(m)) return this.#closedOnce(m)
    if (m.blocking) return this.#blocking(m)
    const key = `${c.name}.${m.name}`
    const name = member(m.name)
    if (m.kind === 'property') return this.#property(m, key, name)
    if (m.kind === 'constant') {
      return documentation(m, 2) + `  static readonly ${name} = ${constantText(m, key)}\n`
    }
    if (c.value && m.kind === 'method' && resultType(m, file) === 'void') return this.#changed(m, name)
    return this.#method(m, name)
  }

  #method (m, name) {
    const receiver = m.kind === 'method' ? this.self : null
    return documentation(m, 2) +
      signature(`  ${m.kind === 'method' ? '' : 'static '}${name}`, m, this.file) +
      `    ${body(m, `${this.c.name}.${m.name}`, receiver, this.file)}\n  }\n`
  }

  /** Both forms, one after the other. */
  #blocking (m) {
    const name = member(m.name)
    const note = `As {@link ${name}}, and keeps this thread until it is done.`
    return this.#method(promised(m), name) + '\n' + this.#method({ ...plain(m), doc: note, details: '' }, `${name}Sync`)
  }

  /** Whether `m` closes what cannot be opened again, and so would fail the second time. */
  #isFinal (m) {
    return isClose(m) && !m.blocking && !this.c.members.some(m => m.name === 'is_open')
  }

  #closedOnce (m) {
    const close = `native['${this.c.name}.close'](${this.self})`
    return documentation(m, 2, 'What is closed already, or was handed on, is left alone.') +
      `  close (): void {\n${sparing(`${close}\n  ${this.file.value('retire', native)}(this)`, 4, this.file)}  }\n`
  }

  #property (m, key, name) {
    const type = typescriptType(m.results[0].type, this.file, false)
    const getter = documentation(m, 2) +
      `  get ${name} (): ${type} {\n    return native['${key}'](${this.self}) as ${type}\n  }\n`
    if (!m.writable) return getter
    if (this.c.value) return `${getter}\n${this.#withProperty(m, key, name)}`
    const given = typescriptType(m.results[0].type, this.file, true)
    return `${getter}\n  set ${name} (value: ${given}) {\n    native['${key}='](${this.self}, value)\n  }\n`
  }

  #withProperty (m, key, name) {
    const type = typescriptType(m.results[0].type, this.file, true)
    return comment([`This value with another {@link ${name}}.`], [], 2) +
      `  with${pascal(m.name)} (value: ${type}): ${this.name} {\n` +
      `    return native['${key}='](${this.self}, value) as ${this.name}\n  }\n`
  }

  /** Where Lua changes a value in place, TypeScript returns another one. */
  #changed (m, name) {
    const { c, file, self } = this
    const text = documentation(m, 2, 'This value stays as it is; the result is another one.')
    const list = parameterList(m, file)
    const key = `${c.name}.${m.name}`
    const operator = m.name === 'sub' && c.metamethods?.find(o => o.name === 'sub')
    if (operator) return text + this.#difference(operator, list, name)
    return `${text}  ${name} (${list}): ${this.name} {\n` +
      `    return native['${key}'](${[self, ...callArguments(m)].join(', ')}) as ${this.name}\n  }\n`
  }

  /** `sub`, whose operator takes another instance as well. */
  #difference (operator, list, name) {
    const { module, c, name: type, self, file } = this
    const [[amount], [, between]] = operations(operator, module, c)
    const [taken, given] = [typescriptType(amount, file, true), typescriptType(between, file, false)]
    return `  ${name} (${list}): ${type}\n` +
      '  /** What lies between `other` and this. */\n' +
      `  ${name} (other: ${type}): ${given}\n` +
      `  ${name} (other: ${taken} | ${type}): ${type} | ${given} {\n` +
      `    const name = other instanceof ${type} ? '__sub' : 'sub'\n` +
      `    return native[\`${c.name}.\${name}\`](${self}, other) as ${type} | ${given}\n  }\n`
  }

  #length (type, key) {
    return `  /** How long it is. */\n  get length (): ${type} {\n    return native['${key}'](${this.self}) as ${type}\n  }\n`
  }

  #metamethod ({ name: which, operands, results }, members) {
    const { name, self, file } = this
    const key = `${this.c.name}.__${which}`
    switch (which) {
      case 'tostring':
        return `  /** As text. */\n  override toString (): string {\n    return native['${key}'](${self}) as string\n  }\n`
      case 'eq':
        return '  /** Whether `other` is the same value. */\n' +
          `  equals (other: unknown): boolean {\n    return other instanceof ${name} && ` +
          `native['${key}'](${self}, other) as boolean\n  }\n`
      case 'lt':
        return '  /** Negative, zero or positive: where this sorts, compared with `other`. */\n' +
          `  compareTo (other: ${typescriptType(operands[0], file, false)}): number {\n` +
          `    if (native['${key}'](${self}, other)) return -1\n` +
          `    return native['${key}'](${self.replace('this', 'other')}, this) ? 1 : 0\n  }\n`
      case 'len':
        return this.#length(typescriptType(results[0], file, false), key)
      case 'add': case 'sub':
        if (members.some(m => m.name === which)) return ''
        throw new Error(`${this.c.name} has the operator ${which} and no method of this name`)
    }
    return ''
  }
}
