// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * The environment variables by name, as they were when this module was loaded.
 *
 * `process.env` is the live view; this one never changes and says `undefined` for what is not set.
 */
export const environment: Readonly<Record<string, string | undefined>> = Object.freeze({ ...process.env })

/**
 * The words of the command line: the program that runs, the script, then what was meant for the script.
 *
 * The same words as `process.argv`, in a list that never changes.
 */
export const args: readonly string[] = Object.freeze([...process.argv])

// The name in the description, which no module can import as it is: the word is reserved.
export { args as arguments }
