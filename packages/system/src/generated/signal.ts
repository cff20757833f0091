// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "system"; change that instead.
import { natives } from '@emilua/native'

export { Set } from './signal/set.js'

const native = natives('system')

/**
 * Sends a signal to this process.
 *
 * EINVAL when there is no such signal. See kill(2).
 */
export function raise (signal: number): void {
  native['signal.raise'](signal)
}

/**
 * Makes a signal have no effect.
 *
 * EBUSY while a set holds the signal; EINVAL for one that cannot be caught, SIGKILL and SIGSTOP among them. See
 * sigaction(2).
 *
 * Only the main thread may call it.
 */
export function ignore (signal: number): void {
  native['signal.ignore'](signal)
}

/**
 * Gives a signal back the effect the system gives it.
 *
 * EBUSY while a set holds the signal; EINVAL for one that cannot be caught, SIGKILL and SIGSTOP among them. See
 * sigaction(2).
 *
 * Only the main thread may call it.
 */
function default_ (signal: number): void {
  native['signal.default'](signal)
}
export { default_ as default }

/** The program gave up, as abort() does. */
export const SIGABRT = native['signal.SIGABRT'] as unknown as number

/** A timer set with alarm() ran out. */
export const SIGALRM = native['signal.SIGALRM'] as unknown as number

/** An access to memory that is not there. */
export const SIGBUS = native['signal.SIGBUS'] as unknown as number

/** A child ended, stopped or went on. */
export const SIGCHLD = native['signal.SIGCHLD'] as unknown as number

/** A stopped process goes on. */
export const SIGCONT = native['signal.SIGCONT'] as unknown as number

/** A fault of arithmetic. */
export const SIGFPE = native['signal.SIGFPE'] as unknown as number

/** The terminal is gone. */
export const SIGHUP = native['signal.SIGHUP'] as unknown as number

/** An instruction that does not exist. */
export const SIGILL = native['signal.SIGILL'] as unknown as number

/** Interrupted from the keyboard, with Ctrl+C. */
export const SIGINT = native['signal.SIGINT'] as unknown as number

/** A descriptor became ready. */
export const SIGIO = native['signal.SIGIO'] as unknown as number

/** Ends the process; cannot be caught. */
export const SIGKILL = native['signal.SIGKILL'] as unknown as number

/** Wrote to a pipe that nobody reads; ignored at the start, so that the write fails with EPIPE. */
export const SIGPIPE = native['signal.SIGPIPE'] as unknown as number

/** A profiling timer ran out. */
export const SIGPROF = native['signal.SIGPROF'] as unknown as number

/** Quit from the keyboard, with a core dump. */
export const SIGQUIT = native['signal.SIGQUIT'] as unknown as number

/** An access to memory that is not allowed. */
export const SIGSEGV = native['signal.SIGSEGV'] as unknown as number

/** Stops the process; cannot be caught. */
export const SIGSTOP = native['signal.SIGSTOP'] as unknown as number

/** A system call that is not allowed. */
export const SIGSYS = native['signal.SIGSYS'] as unknown as number

/** Please end. */
export const SIGTERM = native['signal.SIGTERM'] as unknown as number

/** A breakpoint. */
export const SIGTRAP = native['signal.SIGTRAP'] as unknown as number

/** Stopped from the keyboard, with Ctrl+Z. */
export const SIGTSTP = native['signal.SIGTSTP'] as unknown as number

/** Read the terminal from the background. */
export const SIGTTIN = native['signal.SIGTTIN'] as unknown as number

/** Wrote to the terminal from the background. */
export const SIGTTOU = native['signal.SIGTTOU'] as unknown as number

/** Urgent data came to a socket. */
export const SIGURG = native['signal.SIGURG'] as unknown as number

/** The first that means what a program says. */
export const SIGUSR1 = native['signal.SIGUSR1'] as unknown as number

/** The second that means what a program says. */
export const SIGUSR2 = native['signal.SIGUSR2'] as unknown as number

/** A timer of the process's own time ran out. */
export const SIGVTALRM = native['signal.SIGVTALRM'] as unknown as number

/** The window of the terminal changed size. */
export const SIGWINCH = native['signal.SIGWINCH'] as unknown as number

/** Too much processor time used. */
export const SIGXCPU = native['signal.SIGXCPU'] as unknown as number

/** A file grew beyond the limit. */
export const SIGXFSZ = native['signal.SIGXFSZ'] as unknown as number
