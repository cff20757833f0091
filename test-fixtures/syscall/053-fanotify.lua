-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Whole mounts watched, and what others open allowed or denied.
-- env: EMILUA_PATH=$DIR/../../packages:$DIR
-- env: LUA_PATH=$DIR/../../packages/?/init.lua;$DIR/?/init.lua
-- needs: root
local S = require 'syscall'
local child = require('child').child
local function sym (ok, err) return ok and 'ok' or err.sym end

print(child(function (say)
  assert(S.unshare('newns'))
  assert(S.mount('none', '/', nil, 'private, rec'))
  local path = '/tmp/syscall-watched-' .. S.getpid()
  assert(S.mkdir(path, 'irwxu'))
  assert(S.mount('none', path, 'tmpfs'))
  local watch = assert(S.fanotify_init('class_notif, cloexec, nonblock', 'rdonly, cloexec'))
  say(watch:fanotify_mark('add, mount', 'open, close, modify', nil, path), sym(watch:fanotify_read()))
  assert(S.writefile(path .. '/a', 'text', 'irusr, iwusr'))
  local event = assert(watch:fanotify_read())[1]
  say(event.open, event.FAN_CLOSE_WRITE, event.modify, event.delete, event.nosuch, event.pid == S.getpid())
  say(event.fd:read(), S.readlink('/proc/self/fd/' .. event.fd.fileno) == path .. '/a', event.fd:close())
  say(watch:fanotify_mark('remove, mount', 'open, close, modify', nil, path), S.readfile(path .. '/a'), sym(watch:fanotify_read()), watch:close())

  -- Another process asks; the answer is up to this one.
  local guard = assert(S.fanotify_init('class_content, cloexec', 'rdonly'))
  assert(guard:fanotify_mark('add', 'open_perm', nil, path .. '/a'))
  for _, answer in ipairs { 'deny', 'allow' } do
    local pid = assert(S.fork())
    if pid == 0 then
      local text, err = S.readfile(path .. '/a')
      S._exit(text == 'text' and 1 or err.EPERM and 2 or 3)
    end
    local asked = assert(guard:fanotify_read())[1]
    say(asked.open_perm, asked.pid == pid, guard:fanotify_respond(asked, answer), asked.fd:close(), S.waitpid(pid).EXITSTATUS)
  end
  say(sym(guard:fanotify_mark('add', 'open', nil, path .. '/none')), (pcall(S.fanotify_init, 'class_everything')), (pcall(S.fanotify_mark, guard, 'add', 'sleep', nil, '/')))
  say(guard:close(), S.umount(path), S.rmdir(path))
end))
