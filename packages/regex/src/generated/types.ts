// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "regex"; change that instead.
/** What `options` of `Regex.new` may be. */
export type Grammar =
  /** POSIX basic regular expressions, as grep's. */
  | 'basic'
  /** POSIX extended regular expressions, as those of grep -E and awk. */
  | 'extended'
  /** Those of JavaScript, with what Perl added. */
  | 'ecma'

/** What `options` of `Regex.new` may be. */
export interface RegexOptions {
  /** The regular expression. */
  pattern: string
  /** How it is written. */
  grammar: Grammar
  /** Letters match in either case. Only those of ASCII have two. */
  ignoreCase?: boolean | undefined
  /** Groups capture nothing. */
  nosubs?: boolean | undefined
  /** Takes more time to compile to match faster. */
  optimize?: boolean | undefined
}
