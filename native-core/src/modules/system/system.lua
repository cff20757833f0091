-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What of `system` ends the calling VM, which only its face can.
--
-- chunk(native, system) completes the module.

local native, system = ...

system.exit = native.exit
