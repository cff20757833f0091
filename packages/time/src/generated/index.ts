// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "time"; change that instead.
export * as highResolutionClock from './high-resolution-clock.js'
export * as steadyClock from './steady-clock.js'
export * as systemClock from './system-clock.js'
export { SteadyTimer } from './steady-timer.js'
export { SystemTimer } from './system-timer.js'
export * from './functions.js'
