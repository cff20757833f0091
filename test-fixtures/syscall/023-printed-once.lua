-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What is printed comes out once, whichever way the process was copied and ends; a number has one owner.
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- exit: 3
local S = require 'syscall'
local t = S.t

for name, copy in pairs { fork = S.fork, clone = S.clone, clone3 = S.clone3 } do
  print('copied once')
  local pid = assert(copy())
  if pid == 0 then
    print('said by a child')
    S.exit(name == 'fork' and 5 or 6)
  end
  print(S.waitpid(pid, 'all').EXITSTATUS == (name == 'fork' and 5 or 6))
end

-- the same number again, by number: what the collector finds of the first object must not close the second's
local number = 417
local null = assert(S.open('/dev/null'))
local first = assert(null:dup(number))
local second = assert(null:dup(number, 0))
first = nil
collectgarbage()
collectgarbage()
print(second.fileno == number, second:stat() ~= nil, second:close())

-- one that was opened, taken by its number
local zero = assert(S.open('/dev/zero'))
local taken = assert(null:dup(zero.fileno))
zero = nil
collectgarbage()
print(taken:read() == '', taken:close())

-- still collected are those that nobody took
local place = null:dup(number).fileno
collectgarbage()
collectgarbage()
print(S.fstat(place) == nil, null:close())
print(t.linux_dirent64().d_type, t.inotify_event().len)

print('the end')
S.exit(3)
