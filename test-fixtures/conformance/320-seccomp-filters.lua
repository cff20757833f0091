-- a BPF program as byte_span; the child is killed by SIGSYS
local system = require 'system'
local function filter(k)
    local b = byte_span.with_zeros(8)
    b:sub(1, 2):set_u16le(0x06)      -- BPF_RET | BPF_K (little endian hosts)
    b:sub(5, 8):set_u32le(k)
    return b
end
local function run(f)
    local p = system.spawn{program = 'true', arguments = {'true'}, set_no_new_privs = true,
        seccomp_set_mode_filter = f}
    p:wait()
    return p
end
print(run(filter(0x7fff0000)).exit_code)
local ok, p = pcall(run, filter(0x80000000))
print(not ok or p.exit_signal == system.signal.SIGSYS)
