// SPDX-License-Identifier: MIT OR BSL-1.0

/**
 * Programs that have nothing but what they were handed.
 *
 * @packageDocumentation
 */
import { publish } from '@emilua/native'
import * as self from './index.js'
export { Guest, kill, list, probe, systemPaths } from './generated/index.js'
export type { ChangeKind, ControlGroupAbilities, FileType, FolderChange, Foundation, LandlockAbilities, LimitKind, LimitOptions, MemoryScope, NamespaceAbilities, NetworkAccess, NetworkRules, Policy, ProbeResult, RefusedOperation, RefusedRequest, RunningGuest } from './generated/index.js'
export { pipeline, type PipelineOptions, type PipelineResult, type PipelineStage, type StageResult } from './pipeline.js'
export { Sandbox, type GuestOptions, type RunOptions, type RunResult, type SandboxContext, type SourceTree, type SpawnedGuest } from './sandbox.js'
export { SandboxUnavailable, type Layer } from './unavailable.js'

publish(import.meta.url, self)
