-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Errors that a program defines in Turtle.
-- env: LC_ALL=pt_PT.UTF-8
local generic_error = require 'generic_error'
local mine = require './m_languages'
print(mine == require '/m_languages', mine, mine.hello.category == mine)
print(mine.hello, mine:message(1), mine[2], mine:message(3))
print(mine.hello == mine.greeting, mine.hello == mine[1], rawequal(mine.hello, mine.hello), mine.hello == mine.silent)
print(mine.hello == generic_error.EAGAIN, mine.hello:togeneric() == generic_error.EAGAIN)
print(mine.silent:togeneric() == mine.silent)
for _, bad in ipairs { 'nosuch', 3, 1.5, true } do
    local ok, e = pcall(function () return mine[bad] end)
    print(ok, e:togeneric() == generic_error.EINVAL, e.arg)
end

local ok, e = pcall(require, './m_problem')
print(ok, e:togeneric() == generic_error.EBADMSG, (e.message:gsub('^.*/', ''):gsub(':%d+: .*', ':…')))
ok, e = pcall(require, './m_nosuch')
print(ok, e.message:find('no file [^\n]*m_nosuch%.ttl') ~= nil)
