-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Every function and constructor is called with anything, over and over so that compiled code is as well: what comes
-- back is a result or an error that says what was wrong, never a crash or an accident inside of the module.
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- needs: pidns
local S = require 'syscall'
local ffi = require 'ffi'
local t = S.t
local folder = '/tmp/syscall-anything-' .. S.getpid()

-- Those that end, stop or double the process, take any memory, or any call; and the program's own doors to the FFI.
local left_out = {}
for name in ([[
  exit _exit fork clone clone3 kill killpg tgkill ptrace reboot string cast copy fill sizeof sync syscall mremap
  process_vm_writev
]]):gmatch('%S+') do left_out[name] = true end
local names = {}
for name, value in pairs(S) do
  if type(value) == 'function' and not left_out[name] then names[#names + 1] = name end
end
for name in ([[
  aio_context buffer epoll_events error fd file_handle in6_addr in_addr inotify_event int1 ints io_events iocb_ptrs iocbs
  iovecs itimerspec itimerval linux_dirent64 macaddr mmsghdrs pollfd pollfds siginfo sigset sockaddr_in sockaddr_in6
  sockaddr_nl sockaddr_un stat string_array termios timespec timeval uint64_1
]]):gmatch('%S+') do names[#names + 1] = 't.' .. name end
table.sort(names)

local function values ()
  local closed = assert(S.open('/dev/null'))
  closed:close()
  local pipe = assert(S.pipe('nonblock'))
  local _, userdata = pcall(function () return byte_span and byte_span.new(4) or newproxy() end)
  return {
    false, -1, 0, 1, 2, 7, 2^31, 2^32, 2^53, -2^53, 0 / 0, 1 / 0, -1 / 0, 0.5, -5LL, 5ULL,
    '', 'x', 'a,b', '\0', ('y'):rep(5000), 'lo', '127.0.0.1', 'inet', 'rdonly', 'usr1', 'real', 'stream', 'nofile',
    {}, { 1 }, { {} }, { 0 / 0, 0 / 0 }, { -1, 2^40 }, { readfds = { 0 / 0 } }, { fd = 1 }, { 'a', 'b' }, { t.buffer(1) }, { handle = 'x' }, { name = 'x', kind = 'dummy' },
    setmetatable({}, { __index = function (_, key) return key end }),
    function () end, coroutine.create(function () end), userdata, closed, assert(S.open('/dev/null', 'rdwr')), pipe[1],
    pipe[2], assert(S.socket('inet', 'stream, nonblock')), t.buffer(1), t.buffer(64), t.buffer(5000), t.int1(),
    ffi.new('char[?]', 3), ffi.cast('void *', 0), ffi.cast('char *', 0), t.sigset(), t.timespec(), t.timeval(), t.stat(),
    t.iovecs(1), t.pollfds(1), t.iovec(), t.msghdr(), t.sockaddr_in(), t.sockaddr_un(), t.in_addr(), t.termios(),
    t.itimerspec(), t.rlimit(), t.siginfo(), t.aio_context(), t.io_event(), t.iocb(), t.uint64_1(), t.loff1(),
    t.error(5), t.epoll_events(2)
  }
end

-- The standard ones are nobody's while functions are tried.
local reports = 200
local function complain (...) S.write(reports, table.concat({ ... }, '\t') .. '\n') end

local function try (name)
  for number = 0, 2 do S.dup(S.open('/dev/null', 'rdwr'), number):nogc() end
  local call = t[name:match('^t%.(.*)')] or S[name]
  -- Its own generator, so that a failure can be had again.
  local state = 1
  for i = 1, #name do state = (state * 31 + name:byte(i)) % 2^31 end
  local function random (limit)
    state = (state * 1103515245 + 12345) % 2^31
    return math.floor(state / 2^15) % (limit + 1)
  end
  S.sigprocmask('setmask', '')
  S.sigaction('pipe', 'ign')
  -- Whatever waits is interrupted.
  S.sigaction('alrm', function () end)
  S.setitimer('real', { 0.001, 0.001 })
  for _ = 1, 2 do
    local pool = values()
    for _ = 1, 15 do
      local count, arguments = random(5), {}
      for i = 1, count do arguments[i] = pool[random(#pool)] end
      local ok, err = pcall(function () return call(unpack(arguments, 1, count)) end)
      if not ok and type(err) == 'string' and err:find('attempt to', 1, true) then complain(name, err) end
    end
    collectgarbage()
  end
  -- In compiled code the FFI does not refuse what it cannot make.
  for i = 1, 80 do pcall(call, i < 70 and 8 or -8) end
end

-- In a child without rights over anything that is there already; `run` says how it ended.
local function run (f, ...)
  local pid = assert(S.fork())
  if pid == 0 then
    local ok, err = pcall(f, ...)
    if not ok then complain(tostring(err)) end
    S._exit(ok and 0 or 1)
  end
  local watch = assert(S.pidfd_open(pid))
  local late = not assert(S.poll({ { fd = watch, events = 'in' } }, 5000))[1].IN
  if late then S.kill(pid, 'kill') end
  watch:close()
  local w = assert(S.waitpid(pid))
  return late and 'does not end' or w.WTERMSIG and 'signal ' .. w.WTERMSIG or w.EXITSTATUS
end

-- Limits and filters of its own end a process as they should.
local may_be_killed = { seccomp = true, setrlimit = true, prlimit = true, prctl = true }

assert(S.dup(1, reports)):nogc()
assert(S.mkdir(folder, 'irwxu'))
assert(S.chmod(folder, 'irwxu, irwxg, irwxo'))
local pid = assert(S.fork())
if pid == 0 then
  if S.geteuid() == 0 then
    assert(S.setgroups {})
    assert(S.setresgid(65534, 65534, 65534))
    assert(S.setresuid(65534, 65534, 65534))
  end
  S.setrlimit('core', 0, 0)
  assert(S.chdir(folder))
  assert(S.unshare('newuser, newpid, newns, newnet, newuts, newipc'))
  local first = assert(S.fork())
  if first == 0 then
    local batch = 8
    for first = 1, #names, batch do
      -- One by one only when something is wrong.
      if run(function () for i = first, math.min(first + batch - 1, #names) do try(names[i]) end end) ~= 0 then
        for i = first, math.min(first + batch - 1, #names) do
          local ended = run(try, names[i])
          if ended ~= 0 and not (may_be_killed[names[i]] and type(ended) == 'string') then complain(names[i], ended) end
        end
      end
    end
    S._exit(0)
  end
  S.waitpid(first)
  S._exit(0)
end
assert(S.waitpid(pid))
print(#names > 390)
for name in pairs(assert(S.dirfile(folder, true))) do
  local path = folder .. '/' .. name
  if not S.unlink(path) then S.rmdir(path) end
end
print(S.rmdir(folder))
