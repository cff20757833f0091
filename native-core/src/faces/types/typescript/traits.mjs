// SPDX-License-Identifier: MIT OR BSL-1.0

/** What the TypeScript class of `c` extends, imported into `file`. */
export function baseOf (c, file) {
  return file.value(c.value ? 'NativeValue' : 'NativeObject', '@emilua/native')
}
