-- SPDX-License-Identifier: MIT OR BSL-1.0
-- A constant of the class, which TypeScript has in the module, and the functions that read without their last argument
-- and write with it.
--
-- chunk(native, filesystem, use) completes the module.

local _, filesystem = ...
local current_working_directory, last_write_time = filesystem.current_working_directory, filesystem.last_write_time

filesystem.path.preferred_separator = '/'

function filesystem.current_working_directory (p)
    if p == nil then return current_working_directory() end
    filesystem.set_current_working_directory(p)
end

function filesystem.last_write_time (p, tp)
    if tp == nil then return last_write_time(p) end
    filesystem.set_last_write_time(p, tp)
end
