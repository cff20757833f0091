-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Mounts as descriptors, and attributes of mounts, in a mount namespace of its own.
-- env: EMILUA_PATH=$DIR/../../packages:$DIR
-- env: LUA_PATH=$DIR/../../packages/?/init.lua;$DIR/?/init.lua
-- needs: root
local S = require 'syscall'
local child = require('child').child
local function sym (ok, err) return ok and 'ok' or err.sym end

print(child(function (say)
  assert(S.unshare('newns'))
  say(S.mount_setattr(nil, '/', 'recursive', { propagation = 'private' }))
  local path = '/tmp/syscall-mount-' .. S.getpid()
  assert(S.mkdir(path, 'irwxu'))

  -- a file system that is nowhere yet
  local context = assert(S.fsopen('tmpfs', 'cloexec'))
  say(S.fsconfig(context, 'set_string', 'size', '8192'), S.fsconfig(context, 'cmd_create'), sym(S.fsconfig(context, 'cmd_create')))
  local mount = assert(S.fsmount(context, 'cloexec', 'noexec, nosuid'))
  say(S.mkdirat(mount, 'inside', 'irwxu'), sym(S.stat(path .. '/inside')))
  say(S.move_mount(mount, '', nil, path, 'f_empty_path'), S.stat(path .. '/inside').isdir, S.statfs(path).f_blocks == 2)
  local entry
  for _, m in ipairs(S.mounts()) do
    if m.target == path then entry = m end
  end
  say(entry.type, entry.options:find('noexec') ~= nil)

  -- a copy of it elsewhere, and attributes
  assert(S.mkdir(path .. '/copy', 'irwxu'))
  local tree = assert(S.open_tree(nil, path, 'clone, cloexec'))
  say(S.move_mount(tree, nil, nil, path .. '/copy', 'f_empty_path'), S.stat(path .. '/copy/inside').isdir)
  say(S.mount_setattr(nil, path .. '/copy', nil, { set = 'rdonly', clear = 'noexec' }), sym(S.mkdir(path .. '/copy/x', 'irwxu')), S.mkdir(path .. '/x', 'irwxu'))
  say(tree:close(), S.umount(path .. '/copy'), S.umount(path, 'detach'), S.rmdir(path))
  say(sym(S.fsopen('nosuchfs')), (pcall(S.fsopen, 'tmpfs', 'slowly')), sym(S.open_tree(nil, '/no/such/tree')), sym(S.swapoff('/no/such/file')))
end))
