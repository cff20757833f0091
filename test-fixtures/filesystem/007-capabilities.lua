-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What programs gain from files, by path and by descriptor.
-- needs: root
local fs = require 'filesystem'
local system = require 'system'

local p = fs.temp_directory_path() / ('emilua-capable-' .. system.getpid())
local f = fs.open(p, { 'create', 'exclusive', 'read_write' }, 448)
local function fails (g, ...)
    local ok, e = pcall(g, ...)
    print(ok, e, e.syscall, e.path == tostring(p), e.arg)
end

fails(fs.cap_get_file, p)
fails(f.cap_get, f)
local caps = system.cap_from_text('cap_kill,cap_chown=ep')
fs.cap_set_file(p, caps)
print(fs.cap_get_file(p), f:cap_get(), fs.cap_get_file(p):get_flag('cap_chown', 'permitted'))
f:cap_set(system.cap_from_text('cap_net_raw=p'))
print(fs.cap_get_file(p), f:cap_get())
-- Whoever writes to it takes them away.
local stream = require 'file'.stream.new(f:dup())
stream:write_some(byte_span.append('x'))
fails(f.cap_get, f)
f:cap_set(caps)
f:cap_set(nil)
fails(f.cap_get, f)
fs.cap_set_file(p, caps)
fs.cap_set_file(p)
fails(fs.cap_get_file, p)
fails(fs.cap_set_file, fs.path.new('/tmp'), caps)
fails(fs.cap_set_file, p, 'cap_kill=p')
fs.remove(p)
