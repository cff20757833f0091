-- SPDX-License-Identifier: MIT OR BSL-1.0
-- A constant of the class, which TypeScript has in the module.
--
-- chunk(native, filesystem, use) completes the module.

local _, filesystem = ...

filesystem.path.preferred_separator = '/'
