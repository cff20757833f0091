-- SPDX-License-Identifier: MIT OR BSL-1.0
-- A misspelt name of an error equals nothing, and says so; an error that is none of ours is not lost.
-- env: LC_ALL=C.UTF-8
local generic_error, asio_error = require 'generic_error', require 'asio_error'
local mine = require './m_languages'

local function says (f)
    local ok, e = pcall(f)
    print(ok, (tostring(type(e) == 'table' and e.message or e):gsub('^.-%.lua:%d+: ', '')))
end

says(function () return generic_error.ECONREFUSED end)
says(function () return generic_error.NOTHING_LIKE_IT end)
says(function () return generic_error[1] end)
says(function () return asio_error.misc.eoff end)
says(function () return asio_error.mics.eof end)
says(function () return mine.helo end)
says(function () return mine[77] end)

local function look_at (value)
    local ok, e = pcall(error, value, 0)
    says(function () return e:togeneric() == generic_error.ENOENT end)
end
look_at 'the program said no'
look_at { code = 5, reason = 'mine' }
look_at(setmetatable({}, { __tostring = function () return 'one of a class' end }))
look_at(generic_error.ENOENT)
says(function () return generic_error.ENOENT.togeneric() end)
-- The library itself stays as it is.
print(rawget(string, 'togeneric'), ('x'):rep(3), string.no_such_function)
-- A number that is no integer of 32 bits is the number of no other error.
for _, code in ipairs { 1e10, 2^31, 0/0, 1.5 } do
    says(function () return generic_error.EPERM.category:message(code) end)
end
