// SPDX-License-Identifier: MIT OR BSL-1.0

const string = { kind: 'string' }
const port = { kind: 'integer', minimum: 0, maximum: 65535 }
const list = element => ({ kind: 'list', element })
const map = (key, element) => ({ kind: 'map', key, element })
const optional = element => ({ kind: 'optional', element })
const record = name => ({ kind: 'record', record: name })

/** A description by hand, of what no module has to have. */
export const manifest = {
  enums: [{ name: 'mode', items: [{ name: 'read' }, { name: 'write' }] }],
  records: [
    {
      name: 'descriptor',
      fields: [{ name: 'number', type: port, required: true }, { name: 'close_after', type: { kind: 'boolean' } }]
    },
    {
      name: 'options',
      fields: [
        { name: 'program', type: { kind: 'one_of', alternatives: [{ kind: 'object', module: 'fake', class: 'disk' }, string] }, required: true },
        { name: 'extra_fds', type: list(record('descriptor')) },
        { name: 'arguments', type: optional(list(string)) },
        { name: 'environment', type: map(string, string) },
        { name: 'slots', type: map(port, optional(list(port))) },
        { name: 'mode', type: { kind: 'enumeration', enum: 'mode' } },
        { name: 'pass_phrase', type: { kind: 'secret' } },
        { name: 'verify', type: { kind: 'callback' } },
        { name: 'mask', type: { kind: 'integer64', signed: false } },
        { name: 'offset', type: { kind: 'integer64', signed: true } }
      ]
    }
  ],
  modules: [
    {
      name: 'fake',
      functions: [
        { name: 'spawn', kind: 'function', parameters: [{ name: 'options', type: record('options') }] },
        { name: 'only_here', kind: 'function', languages: ['lua'], parameters: [{ name: 'n', type: port }] },
        { name: 'hidden', kind: 'function', internal: true, suspends: true }
      ],
      classes: [
        {
          name: 'disk',
          members: [
            { name: 'rename', kind: 'method', blocking: 'effect', parameters: [{ name: 'from', type: string }, { name: 'to', type: string }] }
          ]
        },
        { name: 'receiver', members: [{ name: 'receive', kind: 'method', suspends: true, results: [{ type: port }] }] }
      ]
    },
    { name: 'elsewhere', languages: ['typescript'], functions: [{ name: 'there', kind: 'function', blocking: 'pure' }], classes: [] }
  ]
}
