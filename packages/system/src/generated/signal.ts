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
export const SIGABRT = 6

/** A timer set with alarm() ran out. */
export const SIGALRM = 14

/** An access to memory that is not there. */
export const SIGBUS = 7

/** A child ended, stopped or went on. */
export const SIGCHLD = 17

/** A stopped process goes on. */
export const SIGCONT = 18

/** A fault of arithmetic. */
export const SIGFPE = 8

/** The terminal is gone. */
export const SIGHUP = 1

/** An instruction that does not exist. */
export const SIGILL = 4

/** Interrupted from the keyboard, with Ctrl+C. */
export const SIGINT = 2

/** A descriptor became ready. */
export const SIGIO = 29

/** Ends the process; cannot be caught. */
export const SIGKILL = 9

/** Wrote to a pipe that nobody reads; ignored at the start, so that the write fails with EPIPE. */
export const SIGPIPE = 13

/** A profiling timer ran out. */
export const SIGPROF = 27

/** Quit from the keyboard, with a core dump. */
export const SIGQUIT = 3

/** An access to memory that is not allowed. */
export const SIGSEGV = 11

/** Stops the process; cannot be caught. */
export const SIGSTOP = 19

/** A system call that is not allowed. */
export const SIGSYS = 31

/** Please end. */
export const SIGTERM = 15

/** A breakpoint. */
export const SIGTRAP = 5

/** Stopped from the keyboard, with Ctrl+Z. */
export const SIGTSTP = 20

/** Read the terminal from the background. */
export const SIGTTIN = 21

/** Wrote to the terminal from the background. */
export const SIGTTOU = 22

/** Urgent data came to a socket. */
export const SIGURG = 23

/** The first that means what a program says. */
export const SIGUSR1 = 10

/** The second that means what a program says. */
export const SIGUSR2 = 12

/** A timer of the process's own time ran out. */
export const SIGVTALRM = 26

/** The window of the terminal changed size. */
export const SIGWINCH = 28

/** Too much processor time used. */
export const SIGXCPU = 24

/** A file grew beyond the limit. */
export const SIGXFSZ = 25
