// SPDX-License-Identifier: MIT OR BSL-1.0
import { EmiluaError, asioError } from '@emilua/errors'
import { SteadyTimer, SystemTimer, highResolutionClock, sleep, steadyClock, systemClock } from '@emilua/time'
import { expect } from 'chai'

async function failure (promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => expect.fail('it succeeded'), error => error)
}

describe('what a newcomer does with an instant', () => {
  it('compares and subtracts as numbers do', () => {
    const now = steadyClock.now()
    const [earlier, later] = [now, now.add(1)] as unknown as [bigint, bigint]
    expect([earlier < later, later <= earlier, later > earlier]).to.deep.equal([true, false, true])
    expect(Number(later - earlier)).to.equal(1e9)
    expect(`${now}`).to.equal('' + now)
    expect([systemClock.epoch()].sort()[0]!.equals(systemClock.epoch())).to.equal(true)
  })
})

describe('dates', () => {
  for (const milliseconds of [0, 1, -1, 999, -999, 1_700_000_000_123, -1_700_000_000_123]) {
    it(`are instants of the system clock, exactly: ${milliseconds}`, () => {
      const instant = systemClock.fromDate(new Date(milliseconds))
      expect(instant.toDate().getTime()).equal(milliseconds)
      expect(new Date(String(instant)).getTime()).equal(milliseconds)
      expect(JSON.stringify(instant)).equal(JSON.stringify(new Date(milliseconds)).replace('Z', '000000Z'))
    })
  }

  it('lose what is beyond milliseconds, downwards', () => {
    expect(systemClock.epoch().add(0.0019999).toDate().getTime()).equal(1)
    expect(systemClock.epoch().sub(0.0000001).toDate().getTime()).equal(-1)
  })

  it('are refused where they are none', () => {
    expect(() => systemClock.fromDate(new Date(NaN))).to.throw(EmiluaError, 'date: Expected a valid Date')
  })
})

describe('clocks', () => {
  for (const clock of [steadyClock, systemClock, highResolutionClock]) {
    it('add and subtract seconds without changing an instant', () => {
      const epoch = clock.epoch()
      const later = epoch.add(1.5)
      expect(epoch.secondsSinceEpoch).equal(0)
      expect(later.secondsSinceEpoch).equal(1.5)
      expect(later.sub(0.25).secondsSinceEpoch).equal(1.25)
      expect(later.sub(epoch)).equal(1.5)
      expect(epoch.sub(later)).equal(-1.5)
    })

    it('compare instants', () => {
      const [a, b] = [clock.epoch(), clock.epoch().add(1e-9)]
      expect(a.equals(clock.epoch())).equal(true)
      expect(a.equals(b)).equal(false)
      expect(a.equals(0)).equal(false)
      expect([a.compareTo(b), b.compareTo(a), a.compareTo(clock.epoch())]).deep.equal([-1, 1, 0])
      expect([b, a].sort((x, y) => x.compareTo(y))).deep.equal([a, b])
    })

    it('name the argument that is no duration', () => {
      for (const wrong of [NaN, 'soon', undefined, new Date()]) {
        expect(() => clock.epoch().sub(wrong as number)).throw(EmiluaError).include({ code: 'EINVAL', arg: 'secs' })
      }
    })
  }

  it('are not mixed up', () => {
    for (const [one, other] of [[steadyClock, systemClock], [systemClock, highResolutionClock], [highResolutionClock, steadyClock]] as const) {
      expect(() => one.epoch().compareTo(other.epoch() as never)).throw(EmiluaError).include({ code: 'EINVAL' })
      expect(() => one.epoch().sub(other.epoch() as never)).throw(EmiluaError).include({ code: 'EINVAL' })
      expect(one.epoch().equals(other.epoch())).equal(false)
    }
    expect(() => new SteadyTimer().expiresAt(systemClock.epoch() as never)).throw('tp: Expected a steadyClock.TimePoint, not one of systemClock')
  })

  it('never go back, if they are steady', () => {
    expect(highResolutionClock.isSteady).equal(true)
    for (const clock of [steadyClock, highResolutionClock]) {
      let last = clock.now()
      for (let i = 0; i < 1000; i++) {
        const now = clock.now()
        expect(now.compareTo(last as never)).least(0)
        last = now
      }
    }
  })

  it('measure less than a millisecond, if their resolution is high', () => {
    const ticks = Array.from({ length: 100 }, () => {
      const before = highResolutionClock.now()
      let now = highResolutionClock.now()
      while (now.equals(before)) now = highResolutionClock.now()
      return now.sub(before)
    })
    expect(Math.min(...ticks)).above(0).below(1e-3)
  })

  it('know what time it is', () => {
    const before = Date.now()
    const now = systemClock.now().secondsSinceEpoch * 1000
    expect(now).within(before - 1, Date.now() + 1)
  })
})

describe('sleep', () => {
  it('takes as long as it was told', async () => {
    const begun = steadyClock.now()
    await sleep(0.015)
    expect(steadyClock.now().sub(begun)).least(0.015)
  })

  it('lets others run even when there is nothing to wait for', async () => {
    let ran = false
    setImmediate(() => { ran = true })
    for (let i = 0; i < 1000 && !ran; i++) await sleep(0)
    expect(ran).equal(true)
  })

  it('ends with the reason of its signal', async () => {
    const reason = new Error('enough')
    const controller = new AbortController()
    const sleeping = sleep(1000, { signal: controller.signal })
    controller.abort(reason)
    expect(await failure(sleeping)).equal(reason)
    expect(await failure(sleep(0, { signal: controller.signal }))).equal(reason)
  })

  it('rejects, and does not throw, when the duration is none', async () => {
    expect(await failure(sleep(NaN))).include({ code: 'EINVAL', arg: 'secs' })
    expect(await failure(sleep('1' as never))).include({ code: 'EINVAL', arg: 'secs' })
  })
})

for (const [Timer, clock] of [[SteadyTimer, steadyClock], [SystemTimer, systemClock]] as const) {
  describe(Timer.name, () => {
    function timerIn (seconds: number): SteadyTimer | SystemTimer {
      const timer = new Timer()
      timer.expiresAt(clock.now().add(seconds) as never)
      return timer
    }

    it('has expired when it is new', async () => {
      const timer = new Timer()
      await timer.wait()
      expect(timer.expiry.secondsSinceEpoch).equal(0)
    })

    it('wakes everybody who waits, and not before', async () => {
      const timer = timerIn(0.01)
      await Promise.all([timer.wait(), timer.wait()])
      expect(clock.now().sub(timer.expiry as never)).least(0)
    })

    it('cancels what waits when its expiry changes', async () => {
      const timer = timerIn(1000)
      const waits = [failure(timer.wait()), failure(timer.wait())]
      expect(timer.expiresAt(clock.now() as never)).equal(2)
      for (const error of await Promise.all(waits)) expect(asioError.basic.operationAborted.equals(error)).equal(true)
      await timer.wait()
    })

    it('says how many waits it canceled', async () => {
      const timer = timerIn(1000)
      const wait = failure(timer.wait())
      expect(timer.cancel()).equal(1)
      expect(timer.cancel()).equal(0)
      expect(await wait).instanceOf(EmiluaError)
    })
  })
}
