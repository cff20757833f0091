// SPDX-License-Identifier: MIT OR BSL-1.0
// What is aimed at. A goal was set beside a peer's value on some machine; where machines differ, it is
// moved to this one by that peer's value in this run.

/** suite, round, measure and contender of a value, as one string. */
export const key = (suite, round, measure, contender) => [suite, round, measure, contender].join('|')

const goals = new Map()

/** `here(median)` gives the goal on this machine; `median(key)` is a value of this run, if there is one. */
function aim (suite, round, measure, contender, better, here) {
  goals.set(key(suite, round, measure, contender), { better, here })
}

const fixed = value => () => value
const moved = (value, then, yardstick) => median => {
  const now = median(key(...yardstick))
  return now === undefined ? undefined : value * now / then
}

for (const [round, epoll, lua, typescript] of [
  ['1 × 64 B', 6.2, 8, 10],
  ['64 × 64 B', 3.8, 4.2, 4.6],
  ['512 × 64 B', 3.55, 4.4, 4.9],
  ['64 × 16 KiB', 5.5, 6.5, 7.5]
]) {
  const yardstick = ['echo', round, 'cpu', 'raw epoll']
  aim('echo', round, 'cpu', 'Lua', 'lower', moved(lua, epoll, yardstick))
  aim('echo', round, 'cpu', 'TypeScript', 'lower', moved(typescript, epoll, yardstick))
  aim('echo', round, 'cpu', 'syscall', 'lower', moved(1.1, 1, yardstick))
  for (const ours of ['Lua', 'TypeScript']) {
    aim('echo', round, 'p99.9', ours, 'lower', moved(1.5, 1, ['echo', round, 'p99.9', 'raw epoll']))
  }
}

for (const ours of ['Lua', 'TypeScript']) {
  aim('tails', 'half load', 'p99.9', ours, 'lower', moved(1.5, 1, ['tails', 'half load', 'p99.9', 'raw epoll']))
}

// The ratios of TCP.
for (const suite of ['udp', 'unix-stream', 'unix-datagram', 'unix-descriptors']) {
  const yardstick = [suite, '64 × 64 B', 'cpu', 'raw epoll']
  aim(suite, '64 × 64 B', 'cpu', 'Lua', 'lower', moved(4.2, 3.8, yardstick))
  aim(suite, '64 × 64 B', 'cpu', 'TypeScript', 'lower', moved(4.6, 3.8, yardstick))
}

for (const ours of ['Lua', 'TypeScript']) {
  const round = '512 beside 64 busy'
  aim('burst', round, 'last_first_echo', ours, 'lower', moved(1.5, 1, ['burst', round, 'last_first_echo', 'raw epoll']))
}

// Beside C, and two thirds of what Node's own takes on the same Node, whichever is less; and no handshake dearer than Node's.
const leastOf = (...goals) => median => {
  const known = goals.map(goal => goal(median)).filter(goal => goal !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}
for (const [ours, ratio, nodes] of [['Lua', 1.15, 'node:tls'], ['TypeScript', 1.35, 'node:tls'], ['TypeScript 24', 1.35, 'node:tls 24']]) {
  for (const round of ['64 × 64 B', '64 × 16 KiB']) {
    aim('tls', round, 'cpu', ours, 'lower', leastOf(
      moved(ratio, 1, ['tls', round, 'cpu', 'C, OpenSSL']), moved(1, 1.5, ['tls', round, 'cpu', nodes])))
  }
}
for (const ours of ['Lua', 'TypeScript']) {
  for (const round of ['full handshake', 'resumed handshake']) {
    aim('tls', round, 'cpu', ours, 'lower', moved(1, 1, ['tls', round, 'cpu', 'node:tls']))
  }
}

// The speed of this processor: bare LuaJIT switches, 23 M a second where the goals were set.
const speed = value => moved(value, 23e6, ['fibers', '', 'yield_2', 'raw LuaJIT'])
for (const [measure, lua, typescript] of [
  ['spawn_join', 2e6, 1.2e6],
  ['yield_2', 15e6, 2.5e6],
  ['yield_100', 15e6, 2.5e6],
  ['mutex', 20e6],
  ['mutex_contended', 6e6],
  ['condition', 3e6],
  ['sleep_0', 2e6]
]) {
  aim('fibers', '', measure, 'Lua', 'higher', speed(lua))
  if (typescript) aim('fibers', '', measure, 'TypeScript', 'higher', speed(typescript))
}

for (const [measure, nanoseconds] of [
  ['byte_span_index', 2],
  ['byte_span_sub', 25],
  ['byte_span_new_64', 85],
  ['byte_span_append', 60]
]) aim('byte-span', '', measure, 'Lua', 'lower', fixed(nanoseconds))

for (const measure of ['getpid', 'read_1', 'read_64k', 'write_1', 'write_64k', 'stat']) {
  for (const ours of ['syscall', 'in emilua']) {
    aim('system-calls', '', measure, ours, 'lower', moved(1.1, 1, ['system-calls', '', measure, 'C']))
  }
}

// Beside find, 87 ms where they were set.
aim('files', '', 'walk', 'Lua', 'lower', moved(90, 87, ['files', '', 'walk', 'find']))
aim('files', '', 'walk', 'TypeScript', 'lower', moved(110, 87, ['files', '', 'walk', 'find']))

for (const measure of ['sequential_64k', 'random_4k']) {
  aim('reads', '', measure, 'Lua', 'higher', moved(0.9, 1, ['reads', '', measure, 'C']))
  aim('reads', '', measure, 'TypeScript', 'higher', moved(3, 1, ['reads', '', measure, 'fs.promises']))
}

// Beside dd, 135 ms where they were set.
for (const ours of ['Lua', 'TypeScript']) {
  aim('gigabyte', '', 'gigabyte', ours, 'lower', moved(150, 135, ['gigabyte', '', 'gigabyte', 'dd']))
}
for (const measure of ['match', 'search_4k', 'split_100']) {
  aim('regex', '', measure, 'Lua', 'higher', moved(0.9, 1, ['regex', '', measure, 'std::regex']))
}

// Beside C; TypeScript's are also to be twice Node's, whichever is more.
for (const round of ['small', 'a gigabyte of heap']) {
  for (const measure of ['spawn_1', 'spawn_8']) {
    const besideC = moved(0.85, 1, ['spawn', round, measure, 'posix_spawn'])
    const twiceNode = moved(2, 1, ['spawn', round, measure, 'child_process'])
    aim('spawn', round, measure, 'Lua', 'higher', besideC)
    aim('spawn', round, measure, 'TypeScript', 'higher', median => {
      const goals = [besideC(median), twiceNode(median)].filter(goal => goal !== undefined)
      return goals.length === 0 ? undefined : Math.max(...goals)
    })
  }
}

aim('memory', '', 'parked', 'Lua', 'lower', fixed(1024))
aim('memory', '', 'parked', 'TypeScript', 'lower', fixed(1536))

aim('vm', '', 'vm_time', 'Lua', 'lower', moved(2.5, 1, ['vm', '', 'vm_time', 'lua_State']))
aim('vm', '', 'vm_memory', 'Lua', 'lower', fixed(90))
for (const [measure, goal] of [['vms', 16_000], ['pool_round_trips', 1.5e6], ['pool_one_way', 5e6], ['threads_round_trips', 120e3], ['threads_one_way', 2e6]]) {
  aim('actors', '', measure, 'Lua', 'higher', fixed(goal))
}
// Two that compute do nearly twice as much as one.
for (const ours of ['Lua', 'TypeScript']) aim('actors', '', 'jobs_2', ours, 'higher', moved(1.8, 1, ['actors', '', 'jobs_1', ours]))
// Beside others that compute, no less than Node's workers.
aim('actors-beside-hogs', '', 'worker_round_trips', 'TypeScript', 'higher', moved(1, 1, ['actors-beside-hogs', '', 'worker_round_trips', 'worker_threads']))
for (const [measure, goal] of [['lua_round_trips', 120e3], ['lua_one_way', 2e6], ['worker_round_trips', 120e3], ['worker_one_way', 2e6]]) {
  aim('actors', '', measure, 'TypeScript', 'higher', fixed(goal))
}

// Beside posix_spawn, 0.6 ms where they were set.
const spawned = ['processes', '', 'bare', 'posix_spawn']
aim('processes', '', 'bare', 'Lua', 'lower', moved(250, 600, spawned))
aim('processes', '', 'isolated', 'Lua', 'lower', moved(700, 600, spawned))
aim('processes', '', 'round_trips', 'Lua', 'higher', fixed(80e3))

for (const round of ['one after the other', 'after a rest']) {
  const program = ['sandbox', round, 'program', 'posix_spawn']
  for (const ours of ['Lua', 'TypeScript']) aim('sandbox', round, 'program', ours, 'lower', moved(800, 660, program))
}

aim('start-up', '', 'start_up_time', 'Lua', 'lower', moved(1.6, 1, ['start-up', '', 'start_up_time', 'luajit']))
aim('start-up', '', 'start_up_memory', 'Lua', 'lower', fixed(4))
aim('start-up', '', 'start_up_time', 'TypeScript', 'lower', median => {
  const node = median(key('start-up', '', 'start_up_time', 'node'))
  return node === undefined ? undefined : node + 20
})

aim('import', '', 'start_up_time', '@emilua/ip', 'lower', median => {
  const empty = median(key('import', '', 'start_up_time', 'empty'))
  return empty === undefined ? undefined : empty + 15
})

for (const round of ['pg query', 'redis GET', 'http client', 'http client, 16 KiB', 'http server', 'http server, 16 KiB']) {
  aim('bridge', round, 'median', 'bridge', 'lower', moved(1.3, 1, ['bridge', round, 'median', 'node:net']))
}

/** The goal for a value, judged: { goal, reached, miss } (miss: 0.07 is 7 % off), or null if none is set. */
export function judge (suite, round, measure, contender, median) {
  const aimed = goals.get(key(suite, round, measure, contender))
  const value = median(key(suite, round, measure, contender))
  const goal = aimed?.here(median)
  if (goal === undefined || value === undefined) return null
  const miss = aimed.better === 'lower' ? value / goal - 1 : goal / value - 1
  return { goal, reached: miss <= 0, miss }
}
