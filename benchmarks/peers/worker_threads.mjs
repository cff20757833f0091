// SPDX-License-Identifier: MIT OR BSL-1.0
// Messages between the main thread of Node and a worker, by its own message ports; work for one and for two that compute.
import { once } from 'node:events'
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
import { rate } from '../measure/wall.mjs'

if (isMainThread) {
  await rate('workers', async n => {
    for (let i = 0; i < n; i++) await once(new Worker('', { eval: true }), 'exit')
  }, 1)
  const worker = new Worker(new URL(import.meta.url))
  let received = () => {}
  worker.on('message', () => { received() })
  await rate('worker_round_trips', async n => {
    worker.postMessage({ each: true, count: n })
    await new Promise(resolve => {
      let left = n
      received = () => {
        if (--left === 0) resolve()
        else worker.postMessage(left)
      }
      worker.postMessage(left)
    })
  })
  await rate('worker_one_way', async n => {
    worker.postMessage({ each: false, count: n })
    const through = new Promise(resolve => { received = resolve })
    for (let i = 0; i < n; i++) worker.postMessage(i)
    await through
  })
  await worker.terminate()

  for (const workers of [1, 2]) {
    const all = Array.from({ length: workers }, () => new Worker(new URL(import.meta.url), { workerData: 'jobs' }))
    let done = () => {}
    for (const worker of all) worker.on('message', () => { done() })
    await rate(`jobs_${workers}`, n => new Promise(resolve => {
      let given = 0
      let left = n
      // Each has two, so that none waits for the next.
      for (; given < Math.min(n, 2 * workers); given++) all[given % workers].postMessage(given)
      done = () => {
        if (--left === 0) return resolve()
        if (given < n) all[given % workers].postMessage(given++)
      }
    }))
    for (const worker of all) await worker.terminate()
  }
} else if (workerData === 'jobs') {
  parentPort.on('message', seed => {
    let x = seed + 1
    for (let i = 0; i < 100_000; i++) x = x * 16807 % 2147483647
    parentPort.postMessage(x)
  })
} else {
  let each = false
  let left = 0
  parentPort.on('message', message => {
    if (left === 0) ({ each, count: left } = message)
    else if (--left === 0 || each) parentPort.postMessage(message)
  })
}
