// SPDX-License-Identifier: MIT OR BSL-1.0
// Time is the CPU time of the process, so that what else runs on the machine is not counted.
const least = Number(process.env.BENCHMARK_SECONDS ?? 0.5)

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

/**
 * Measures body(n), which performs n operations, as operations a second.
 * @param {string} name
 * @param {(n: number) => unknown} body
 */
export async function rate (name, body) {
  console.log(`${name} ${(1 / await secondsEach(body)).toFixed(0)} /s`)
}

/**
 * Measures body(n), which performs n operations, as nanoseconds an operation.
 * @param {string} name
 * @param {(n: number) => unknown} body
 */
export async function cost (name, body) {
  console.log(`${name} ${(await secondsEach(body) * 1e9).toFixed(3)} ns`)
}
