// SPDX-License-Identifier: MIT OR BSL-1.0
import type { Path } from './generated/path.js'

/** What is taken wherever a path is expected: one, its text, or a `file:` URL, whose bytes need not be UTF-8. */
export type PathLike = Path | string | URL
