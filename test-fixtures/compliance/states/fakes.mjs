// SPDX-License-Identifier: MIT OR BSL-1.0

/** Fixtures whose operations are fakes, good and broken ones: self/run.mjs shows with them that the suite can fail. */

const turn = () => new Promise(resolve => setImmediate(resolve))
const hasAborted = signal => new Promise(resolve => signal?.addEventListener('abort', resolve))

class Fake {
  static make () { return new this() }

  constructor () {
    this.object = this
    this.from = 'from'
    this.to = 'to'
    this.names = ['from']
  }

  move (from, to) {
    const at = this.names.indexOf(from)
    if (at === -1) throw new Error(`there is no ${from}`)
    this.names[at] = to
  }
}

/** As blocking members are to be: an abort before the effect prevents it, and later the effect's success is delivered. */
class Disk extends Fake {
  async rename (from, to, { signal } = {}) {
    await turn()
    signal?.throwIfAborted()
    this.move(from, to)
  }
}

class LosingDisk extends Fake {
  async rename (from, to, { signal } = {}) {
    signal?.throwIfAborted()
    this.move(from, to)
    await turn()
    await turn()
    signal?.throwIfAborted()
  }
}

class HangingDisk extends Fake {
  async rename (from, to, { signal } = {}) {
    await turn()
    signal?.throwIfAborted()
    await turn()
    if (signal?.aborted) await new Promise(() => {})
    this.move(from, to)
  }
}

class DeafDisk extends Fake {
  async rename (from, to) { this.move(from, to) }
}

class Waiting extends Fake {
  feed () { this.finish(5) }
}

class Receiver extends Waiting {
  async receive ({ signal } = {}) {
    signal?.throwIfAborted()
    const value = await Promise.race([new Promise(resolve => { this.finish = resolve }), hasAborted(signal)])
    if (value !== 5) throw signal.reason
    return value
  }
}

/** Is canceled, and another error says so. */
class ReasonlessReceiver extends Receiver {
  receive (options) {
    return super.receive(options).catch(() => { throw new Error('canceled') })
  }
}

class HastyReceiver extends Fake {
  async receive () { return 5 }
  feed () {}
}

export const fakes = {
  fake_disk: Disk,
  fake_losing_disk: LosingDisk,
  fake_hanging_disk: HangingDisk,
  fake_deaf_disk: DeafDisk,
  fake_receiver: Receiver,
  fake_reasonless_receiver: ReasonlessReceiver,
  fake_hasty_receiver: HastyReceiver
}
