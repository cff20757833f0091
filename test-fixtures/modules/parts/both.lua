-- Returns a table and has globals.
local M = { name = 'returned' }
name = 'global'
shown = 'global'
function later () added = 'added later' end
return M
