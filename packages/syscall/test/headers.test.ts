// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const home = fileURLToPath(new URL('..', import.meta.url))
const native = process.arch === 'x64' ? 'x64' : 'arm64'
const compilers = { x64: 'gcc', arm64: native === 'arm64' ? 'gcc' : 'aarch64-linux-gnu-gcc' } as const

/** What is younger than the headers of a system that this is built on. */
const younger = new Set(`
  __NR_cachestat __NR_fchmodat2 __NR_file_getattr __NR_file_setattr __NR_futex_requeue __NR_futex_wait __NR_futex_wake
  __NR_getxattrat __NR_listmount __NR_listxattrat __NR_lsm_get_self_attr __NR_lsm_list_modules __NR_lsm_set_self_attr
  __NR_map_shadow_stack __NR_mseal __NR_open_tree_attr __NR_removexattrat __NR_setxattrat __NR_statmount
  IFLA_BOND_COUPLED_CONTROL IFLA_BOND_SLAVE_ACTOR_PORT_PRIO IFLA_BOND_SLAVE_AD_CHURN_ACTOR_STATE
  IFLA_BOND_SLAVE_AD_CHURN_PARTNER_STATE IORING_ASYNC_CANCEL_OP IORING_ASYNC_CANCEL_USERDATA IORING_OFF_MMAP_MASK
  IP_LOCAL_PORT_RANGE IP_PROTOCOL LANDLOCK_CREATE_RULESET_ERRATA
  LANDLOCK_ACCESS_FS_TRUNCATE LANDLOCK_ACCESS_FS_IOCTL_DEV LANDLOCK_ACCESS_NET_BIND_TCP LANDLOCK_ACCESS_NET_CONNECT_TCP
  LANDLOCK_RULE_NET_PORT LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET LANDLOCK_SCOPE_SIGNAL PIDFD_THREAD TCA_EXT_WARN_MSG TCA_ROOT_EXT_WARN_MSG
`.trim().split(/\s+/))

function exists (command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** What the compiler says of a source, which asserts while it is compiled. */
function complaints (compiler: string, file: string): Promise<string[]> {
  return new Promise(resolve => {
    execFile(compiler, ['-fsyntax-only', '-w', '-fmax-errors=0', file], { env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 2 ** 24 },
      (_error, _stdout, stderr) => resolve(stderr.split('\n').filter(line => line.includes(' error: '))))
  })
}

describe('the constants and structures of syscall', function () {
  this.timeout(120_000)

  for (const arch of ['x64', 'arm64'] as const) {
    it(`are those of the kernel's headers for ${arch}`, async function () {
      const compiler = compilers[arch]
      // Of another processor the headers are there only where its compiler is.
      if (arch !== native && !exists(compiler)) return this.skip()
      const folder = mkdtempSync(join(tmpdir(), 'syscall-headers-'))
      try {
        execFileSync('luajit', [join(home, 'test/headers.lua'), home, arch, folder])
        const files = readdirSync(folder).map(name => join(folder, name))
        const asserted = files.map(file => readFileSync(file, 'utf8').split('_Static_assert').length - 1).reduce((a, b) => a + b)
        const found: string[] = []
        const rest = [...files]
        await Promise.all([1, 2].map(async () => {
          for (let file = rest.pop(); file !== undefined; file = rest.pop()) found.push(...await complaints(compiler, file))
        }))
        // An undeclared name makes an assertion that is none as well.
        const wrong = found.filter(line => {
          const undeclared = /'(\w+)' undeclared /.exec(line)?.[1]
          return undeclared === undefined ? !line.includes('expression in static assertion is not an integer') : !younger.has(undeclared)
        })
        expect(wrong).deep.equal([])
        expect(asserted).greaterThan(5000)
      } finally {
        rmSync(folder, { recursive: true })
      }
    })
  }
})
