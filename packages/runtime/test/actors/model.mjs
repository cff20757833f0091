// A participant of the model test: does what it is told, sends items to others, and reports what it sent and received.
import { inbox } from '@emilua/runtime'

const { own, main } = await inbox.receive()
const known = {}
const sent = {}
const refused = {}
const received = []

function pass (path, payload) {
  const [to, ...rest] = path.split(' ')
  const number = sent[to] ?? 0
  try {
    if (known[to] === undefined) return
    known[to].send({ from: own, number, path: rest.join(' '), payload })
    sent[to] = number + 1
  } catch (error) {
    refused[to] = error.message
  }
}

function forget (name) {
  known[name]?.close()
  delete known[name]
}

const orders = {
  know ({ name, address }) {
    forget(name)
    known[name] = address
  },
  introduce ({ to, whom }) {
    if (known[to] === undefined || known[whom] === undefined) return
    try {
      known[to].send({ order: 'know', name: whom, address: known[whom] })
    } catch { /* it has ended */ }
  },
  forget ({ whom }) { forget(whom) },
  pass ({ path, payload }) { pass(path, payload) },
  flush () { main.send({ flushed: own }) },
  leave ({ how }) {
    main.send({ report: own, sent, refused, received })
    if (how === 'exit') process.exit()
    if (how === 'close') inbox.close()
    if (how === 'fail') throw new Error('on purpose')
    return true
  }
}

for await (const { order, from, number, path, payload, ...details } of inbox) {
  if (order === undefined) {
    received.push({ from, number, payload })
    pass(path, payload)
  } else if (orders[order]({ path, payload, ...details }) === true) {
    break
  }
}
