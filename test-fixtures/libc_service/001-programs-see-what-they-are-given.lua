-- SPDX-License-Identifier: MIT OR BSL-1.0
-- cat, ls and sh, whose files are made up here.
local fs = require 'filesystem'
local generic_error = require 'generic_error'
local libc_service = require 'libc_service'
local pipe = require 'pipe'
local stream = require 'stream'
local system = require 'system'

local function run (answer, ...)
  local master, slave = libc_service.new()
  local environment = libc_service.environment(3)
  environment.PATH = '/bin:/usr/bin'
  environment.LC_ALL = 'C'
  local out, stdout = pipe.pair()
  stdout = stdout:release()
  local child = system.spawn{
    program = (...), arguments = { ... }, environment = environment, extra_fds = { [3] = slave },
    stdout = stdout, stderr = stdout
  }
  stdout:close()
  slave:close()
  local broker = spawn(function ()
    while pcall(function () master:receive() end) do answer(master) end
  end)
  local text = byte_span.new(4096)
  local n = 0
  while true do
    local ok, more = pcall(function () return out:read_some(text:sub(n + 1)) end)
    if not ok then break end
    n = n + more
  end
  child:wait()
  broker:join() -- when the program is gone, nobody has the other end
  print((tostring(text:sub(1, n)):gsub('%s+$', '')))
  print(child.exit_code)
end

local function content (text)
  local reader, writer = pipe.pair()
  stream.write_all(writer, text)
  writer:close()
  return reader:release()
end

run(function (master)
  local path, flags, mode = master:arguments()
  print(master.function_, path, table.concat(flags, ' '), mode)
  if tostring(path) == '/virtual/file' then
    master:send_with_fds(0, { content('made up\n') })
  else
    master:send(-1, generic_error.EACCES)
  end
end, 'cat', '/virtual/file', '/etc/passwd')

-- A program that runs others: each asks for itself.
run(function (master)
  local path, flags, mode = master:arguments()
  if master.function_ == 'open' and tostring(path):find('^/virtual/') then
    print(master.function_, path, table.concat(flags, ' '), mode and ('%o'):format(mode))
    master:send_with_fds(0, { content(tostring(path) .. '\n') })
  else
    master:use_slave_credentials()
  end
end, 'sh', '-c', 'cat /virtual/a; read x </virtual/b; echo "$x"; (cat /virtual/c | cat - /virtual/d); : >/virtual/e')

local t = fs.clock.unix_epoch()
t:add(86400 * 365.25 * 30)
run(function (master)
  local path = tostring((master:arguments()))
  if path == '/virtual/folder/' or path == '/virtual/folder' then
    master:send{ type = 'directory', mode = tonumber('755', 8), nlink = 2, mtime = t }
  elseif path == '/virtual/file' then
    master:send{ type = 'regular', mode = tonumber('640', 8), size = 1234, mtime = t }
  elseif path:find('^/virtual') then
    master:send(-1, generic_error.ENOENT)
  else
    master:use_slave_credentials()
  end
end, 'ls', '-ldnG', '--time-style=+%Y', '/virtual/file', '/virtual/folder', '/virtual/nothing')
