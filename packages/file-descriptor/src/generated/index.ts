// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "file_descriptor"; change that instead.
export { FileDescriptor } from './file-descriptor.js'
export type * from './types.js'
