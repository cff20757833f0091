-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Message queues, and another process looked into and steered.
-- env: EMILUA_PATH=$DIR/../../packages:$DIR
-- env: LUA_PATH=$DIR/../../packages/?/init.lua;$DIR/?/init.lua
local S = require 'syscall'
local t = S.t
local function sym (ok, err) return ok and 'ok' or err.sym end

-- queues
local name = '/syscall-queue-' .. S.getpid()
local queue = assert(S.mq_open(name, 'creat, excl, rdwr, nonblock', 'irusr, iwusr', { maxmsg = 4, msgsize = 32 }))
print(sym(S.mq_open(name, 'creat, excl, rdwr', 'irusr', { maxmsg = 4, msgsize = 32 })), sym(S.mq_open('/no-such-queue', 'rdwr')), type(queue.fileno))
local attr = assert(queue:mq_getattr())
print(attr.mq_maxmsg == 4, attr.mq_msgsize == 32, attr.mq_curmsgs == 0, attr.mq_flags == S.O_NONBLOCK)
print(queue:mq_send('later', nil, 1), queue:mq_send('first', nil, 9), queue:mq_getattr().mq_curmsgs == 2)
print(queue:mq_receive())
local buffer = t.buffer(32)
print(queue:mq_receive(buffer, 32), S.string(buffer, 5), sym(queue:mq_receive()), sym(queue:mq_send(('x'):rep(33))))
print(queue:mq_setattr { flags = '' }.mq_flags == S.O_NONBLOCK, queue:mq_getattr().mq_flags == 0, sym(queue:mq_timedreceive(nil, nil, 1)))
for i = 1, 4 do assert(queue:mq_send('message ' .. i)) end
print(sym(queue:mq_timedsend('one more', nil, 0, 1)), queue:mq_receive())
for _ = 1, 3 do assert(queue:mq_receive()) end
S.sigprocmask('block', 'usr1')
print(queue:mq_notify { signo = 'usr1', value = 7 }, sym(queue:mq_notify { signo = 'usr1' }), queue:mq_send('wake'))
local info = assert(S.sigtimedwait('usr1', 5))
print(info.si_code == S.SI_MESGQ, info.si_int, info.si_pid == S.getpid(), queue:mq_notify())
print(S.mq_unlink(name), sym(S.mq_unlink(name)), queue:close(), sym(queue:mq_getattr()), (pcall(S.mq_open, 5)), (pcall(S.mq_open, name, 'creat', nil, 'big')))

-- A child that lets itself be traced stops at signals, and at calls.
local secret = t.uint64_1(0x1122334455667788ULL)
local pid = assert(S.fork())
if pid == 0 then
  if not S.ptrace('traceme') then S._exit(1) end
  S.kill(S.getpid(), 'stop')
  S._exit(secret[0] == 42 and 7 or 8)
end
local stopped = assert(S.waitpid(pid))
print(stopped.WSTOPSIG == S.SIGSTOP, S.ptrace('getsiginfo', pid).si_pid == pid, S.ptrace('setoptions', pid, nil, 'tracesysgood, exitkill, traceexit'))
print(S.ptrace('peekdata', pid, secret) == secret[0], S.ptrace('pokedata', pid, secret, 42), S.ptrace('peekdata', pid, secret) == 42, sym(S.ptrace('peekdata', pid, 8)))
print(S.ptrace('syscall', pid), S.waitpid(pid).WSTOPSIG == bit.bor(S.SIGTRAP, 0x80))
print(S.ptrace('cont', pid))
local ending = assert(S.waitpid(pid))
print(bit.rshift(ending.status, 8) == S.SIGTRAP + S.PTRACE_EVENT_EXIT * 256, S.ptrace('geteventmsg', pid), S.ptrace('cont', pid, nil, 0))
print(S.waitpid(pid).EXITSTATUS, sym(S.ptrace('cont', pid)), (pcall(S.ptrace, 'guess', pid)), (pcall(S.ptrace, 'setoptions', pid, nil, 'guess')))
pid = assert(S.fork())
if pid == 0 then S.pause() end
print(S.ptrace('seize', pid, nil, 'exitkill'), S.ptrace('interrupt', pid), S.waitpid(pid).WIFSTOPPED, S.ptrace('detach', pid), S.kill(pid, 'kill'), S.waitpid(pid).TERMSIG == S.SIGKILL)
