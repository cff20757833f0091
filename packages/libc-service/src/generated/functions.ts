// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "libc_service"; change that instead.
import { natives } from '@emilua/native'
import type { Master } from './master.js'
import type { Slave } from './slave.js'

const native = natives('libc_service')

/**
 * Both ends: who answers, and what a program gets.
 *
 * EMFILE. socketpair(2).
 */
export function create (): [Master, Slave] {
  return native['create']() as [Master, Slave]
}

/**
 * The variables with which a program finds its slave.
 *
 * LD_PRELOAD, which names a library of ours, and EMILUA_LIBC_SERVICE_FD. A program that is linked statically, or
 * gains rights by being run, is not asked about. ENOENT when the library is not installed, ENOTSUP when its path
 * has a space or a colon.
 *
 * @param fd - The number that the program has the slave by.
 */
export function environment (fd: number): Readonly<Record<string, string>> {
  return native['environment'](fd) as Readonly<Record<string, string>>
}
