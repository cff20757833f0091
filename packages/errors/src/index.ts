// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * What a failed call throws, and the errors that a program may name.
 *
 * @packageDocumentation
 */
import { publish } from '@emilua/native'
import * as self from './index.js'
export { EmiluaError, ErrorCategory, endOfFile, errorCategory, invalidArgument, isEof, type ErrorDetails } from '@emilua/native'
export type { ErrorIdentity, ErrorOrigin } from './identity.js'
export {
  asioError, genericError, type AddrinfoErrorName, type AsioErrors, type BasicErrorName, type GenericErrorName, type GenericErrors,
  type MiscErrorName, type NetdbErrorName
} from './tables.js'
export { ErrorModule, loadErrors } from './turtle.js'

publish(import.meta.url, self)
