-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Giving up rights: Landlock, and filters of system calls.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local C, nr = call.C, call.numbers
local bool, number = call.bool, call.number
local fileno = descriptors.fileno
local t = types.t

ffi.cdef [[
int sys_landlock_create_ruleset(long, const void *attr, size_t size, unsigned int flags) __asm__("syscall");
int sys_landlock_add_rule(long, int ruleset, int type, const void *attr, unsigned int flags) __asm__("syscall");
int sys_landlock_restrict_self(long, int ruleset, unsigned int flags) __asm__("syscall");
int sys_seccomp(long, unsigned int operation, unsigned int flags, const void *argument) __asm__("syscall");
]]

local file_access, network_access = flags.list('LANDLOCK_ACCESS_FS_'), flags.list('LANDLOCK_ACCESS_NET_')
local create_flags = flags.list('LANDLOCK_CREATE_RULESET_')
local ruleset_attr = ffi.typeof 'struct { uint64_t handled_access_fs, handled_access_net; }'
local net_port_attr = ffi.typeof 'struct { uint64_t allowed_access, port; }'

-- A ruleset of { handled_access_fs =, handled_access_net = }, lists of names; with "version" the kernel's version.
function S.landlock_create_ruleset (attr, how)
  how = create_flags(how)
  if attr == nil then return number(C.sys_landlock_create_ruleset(nr.landlock_create_ruleset, nil, 0, how)) end
  arguments.table(attr, 'what the ruleset handles')
  local raw = ruleset_attr(file_access(attr.handled_access_fs) % 2^32, network_access(attr.handled_access_net) % 2^32)
  -- Older kernels know the first member only.
  local size = attr.handled_access_net and ffi.sizeof(raw) or ffi.sizeof(t.landlock_ruleset_attr)
  return descriptors.new(C.sys_landlock_create_ruleset(nr.landlock_create_ruleset, raw, size, how))
end

local rule_types = flags.one('LANDLOCK_RULE_')

-- "path_beneath" with { allowed_access =, parent_fd = }, "net_port" with { allowed_access =, port = }.
function S.landlock_add_rule (ruleset, kind, attr, how)
  kind = rule_types(kind)
  arguments.table(attr, 'a rule')
  local raw
  if kind == S.LANDLOCK_RULE_NET_PORT then
    raw = net_port_attr(network_access(attr.allowed_access) % 2^32, attr.port)
  else
    raw = t.landlock_path_beneath_attr(file_access(attr.allowed_access) % 2^32, fileno(attr.parent_fd))
  end
  return bool(C.sys_landlock_add_rule(nr.landlock_add_rule, fileno(ruleset), kind, raw, how or 0))
end

-- Needs "set_no_new_privs" of prctl, or CAP_SYS_ADMIN.
function S.landlock_restrict_self (ruleset, how)
  return bool(C.sys_landlock_restrict_self(nr.landlock_restrict_self, fileno(ruleset), how or 0))
end

local operations, filter_flags = flags.one('SECCOMP_'), flags.list('SECCOMP_FILTER_FLAG_')

function S.seccomp (operation, how, argument)
  operation = operations(operation)
  local result = C.sys_seccomp(nr.seccomp, operation, filter_flags(how), arguments.pointer(argument))
  if operation == S.SECCOMP_SET_MODE_FILTER and bit.band(filter_flags(how), S.SECCOMP_FILTER_FLAG_NEW_LISTENER) ~= 0 then
    return descriptors.new(result)
  end
  return bool(result)
end

local actions = flags.wide('SECCOMP_RET_')

-- What a call is answered with: "allow", "kill_process", "trap" …, or the name or number of an error.
local function action_of (answer)
  if type(answer) == 'number' then return S.SECCOMP_RET_ERRNO + answer end
  local number_of_error = S.E[answer:upper()] or S.E['E' .. answer:upper()]
  if number_of_error then return S.SECCOMP_RET_ERRNO + number_of_error end
  return actions(answer)
end

local architectures = { x64 = 'AUDIT_ARCH_X86_64', arm64 = 'AUDIT_ARCH_AARCH64' }
local number_offset, arch_offset = 0, 4

-- A program for `seccomp` of { default = answer, [name of a call] = answer, … }. Calls of other architectures kill
-- the process, since their numbers mean others.
function S.seccomp_filter (rules)
  arguments.table(rules, 'a table of rules')
  local code, kept = {}, {}
  local load_word = S.BPF_LD + S.BPF_W + S.BPF_ABS
  local jump_equal, answer_with = S.BPF_JMP + S.BPF_JEQ + S.BPF_K, S.BPF_RET + S.BPF_K
  local function add (...) code[#code + 1] = { ... } end
  add(load_word, 0, 0, arch_offset)
  add(jump_equal, 1, 0, S[architectures[ffi.arch]])
  add(answer_with, 0, 0, S.SECCOMP_RET_KILL_PROCESS)
  add(load_word, 0, 0, number_offset)
  local x32_bit = 0x40000000
  if ffi.arch == 'x64' then
    add(S.BPF_JMP + S.BPF_JGE + S.BPF_K, 0, 1, x32_bit)
    add(answer_with, 0, 0, S.SECCOMP_RET_KILL_PROCESS)
  end
  for name, answer in pairs(rules) do
    if name ~= 'default' then
      add(jump_equal, 0, 1, nr[name] or error('invalid flag: SYS_' .. tostring(name), 2))
      add(answer_with, 0, 0, action_of(answer))
    end
  end
  add(answer_with, 0, 0, action_of(rules.default or 'allow'))
  local filter = ffi.new(ffi.typeof('$[?]', t.sock_filter), #code)
  for i, instruction in ipairs(code) do filter[i - 1] = t.sock_filter(unpack(instruction)) end
  kept.filter = filter
  local program = t.sock_fprog(#code, filter)
  return types.part(program, kept)
end
