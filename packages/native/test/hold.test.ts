// SPDX-License-Identifier: MIT OR BSL-1.0
import { enter, Hold } from '@emilua/native/fiber'
import { expect } from 'chai'

describe('Hold', () => {
  it('tells all that wait, whichever of them began or ended first, and nothing that waits no longer', () => {
    const hold = new Hold()
    const told: string[] = []
    const operation = (name: string): { holdProcess (yes: boolean): void } =>
      ({ holdProcess: yes => { told.push(`${name} ${yes}`) } })
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(operation) as [ReturnType<typeof operation>, ...ReturnType<typeof operation>[]]
    for (const one of [a, b, c]) hold.add(one!)
    hold.delete(a)
    hold.add(d!)
    hold.delete(c!)
    hold.unref()
    expect(told.sort()).to.deep.equal(['b false', 'd false'])
    hold.add(a)
    expect(told.at(-1)).to.equal('a false')
    told.length = 0
    hold.ref().ref()
    expect(told.sort()).to.deep.equal(['a true', 'b true', 'd true'])
    for (const one of [d, b, a]) hold.delete(one!)
    told.length = 0
    hold.unref()
    expect(told).to.deep.equal([])
  })

  it('has options of its own that nobody can change, and others are checked', async () => {
    const hold = new Hold()
    expect(hold.alone).to.equal(hold.alone)
    expect(Object.isFrozen(hold.alone)).to.equal(true)
    expect(enter(null, hold.alone)).to.equal(null)
    expect(enter(null, { ...hold.alone })).to.equal(null)
    const error: unknown = await enter(null, { ...hold.alone, signla: 1 } as never)?.catch((error: unknown) => error)
    expect(error).to.include({ code: 'EINVAL', arg: 'options.signla' })
  })
})
