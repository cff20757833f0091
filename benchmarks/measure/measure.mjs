// SPDX-License-Identifier: MIT OR BSL-1.0
// Time is the CPU time of the process, so that what else runs on the machine is not counted.
const least = Number(process.env.BENCHMARK_SECONDS ?? 0.5)
// For a count of instructions, "NAME N": that measure alone, with just so many operations.
const [only, operations] = (process.env.BENCHMARK_OPERATIONS ?? '').split(' ')

function now () {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Seconds that one of n operations takes, n doubled until all of them take long enough. */
async function secondsEach (body) {
  for (let n = 64; ; n *= 2) {
    const begin = now()
    await body(n)
    const elapsed = now() - begin
    if (elapsed >= least) return elapsed / n
  }
}

async function print (name, body, show) {
  if (only === '') {
    console.log(show(await secondsEach(body)))
  } else if (name === only) {
    await body(Number(operations))
    console.log(`${name} ${operations} operations`)
  }
}

/**
 * Measures body(n), which performs n operations, as operations a second.
 * @param {string} name
 * @param {(n: number) => unknown} body
 */
export async function rate (name, body) {
  await print(name, body, seconds => `${name} ${(1 / seconds).toFixed(0)} /s`)
}

/**
 * Measures body(n), which performs n operations, as nanoseconds an operation.
 * @param {string} name
 * @param {(n: number) => unknown} body
 */
export async function cost (name, body) {
  await print(name, body, seconds => `${name} ${(seconds * 1e9).toFixed(3)} ns`)
}
