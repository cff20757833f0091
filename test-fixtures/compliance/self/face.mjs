// SPDX-License-Identifier: MIT OR BSL-1.0
import { camel } from '../names.mjs'

/** Where in an argument the fault is; `path` is spelled as in TypeScript. */
export class Refused extends Error {
  constructor (path) {
    super(path)
    this.path = path
  }
}

/** Takes `value` for `type` as the faces do, in a few lines: refuses what does not fit. */
export function convert (value, type, manifest, path = '') {
  const fits = condition => { if (!condition) throw new Refused(path) }
  const part = (of, t, step) => convert(of, t, manifest, path + step)
  switch (type.kind) {
    case 'boolean': return fits(typeof value === 'boolean')
    case 'string': return fits(typeof value === 'string')
    case 'secret': return fits(typeof value === 'string' || value instanceof Uint8Array)
    case 'callback': return fits(typeof value === 'function')
    case 'enumeration': return fits(manifest.enums.find(e => e.name === type.enum).items.some(i => i.name === value))
    case 'integer': return fits(Number.isInteger(value) && value >= type.minimum && value <= type.maximum)
    case 'integer64': return fits((typeof value === 'bigint' || Number.isInteger(value)) &&
      (type.signed ? BigInt.asIntN(64, BigInt(value)) : BigInt.asUintN(64, BigInt(value))) === BigInt(value))
    case 'object': return fits(false)
    case 'optional': return value === undefined ? undefined : convert(value, type.element, manifest, path)
    case 'one_of': return fits(type.alternatives.some(a => {
      try { return convert(value, a, manifest) === undefined } catch { return false }
    }))
    case 'list':
      fits(Array.isArray(value) || isEmpty(value))
      return Array.from(value).forEach((element, i) => part(element, type.element, `[${i}]`))
    case 'map':
      fits(value !== null && typeof value === 'object')
      return Object.entries(value).forEach(([key, element]) => {
        if (type.key.kind === 'string') return part(element, type.element, `.${key}`)
        fits(Number.isInteger(Number(key)))
        part(element, type.element, `[${key}]`)
      })
    case 'record': {
      fits(value !== null && typeof value === 'object')
      const { fields } = manifest.records.find(r => r.name === type.record)
      for (const key of Object.keys(value)) {
        if (!fields.some(f => camel(f.name) === key)) throw new Refused(`${path}.${key}`)
      }
      return fields.forEach(f => {
        const of = value[camel(f.name)]
        if (of !== undefined || f.required) part(of, f.type, `.${camel(f.name)}`)
      })
    }
  }
  throw new Error(`no such type: ${type.kind}`)
}

const isEmpty = value => value !== null && typeof value === 'object' && Object.keys(value).length === 0
