-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What seems not to be there because no descriptor is left. A sanitizer takes some to look at memory.
-- needs: unsanitized
local fs, ip, sandbox, system = require 'filesystem', require 'ip', require 'sandbox', require 'system'

local function says (what)
    local ok, e = pcall(what)
    print(ok and 'nothing' or type(e) ~= 'table' and e or (e.message:gsub("'[^']*/", "'FOLDER/")))
end

-- A lookup opens files, and so does whoever looks for a library.
local kept = {}
local null = fs.path.new('/dev/null')
while pcall(function () kept[#kept + 1] = fs.open(null, { 'read_only' }) end) do end
says(function () ip.tcp.dial('localhost:1') end)
says(function () system.seccomp.filter{ default = 'allow' } end)
says(function () require './m_child' end)
for _, fd in ipairs(kept) do fd:close() end
says(function () ip.tcp.dial('localhost:1') end)

-- A sandbox that may open too little for its program is no lack of the system's, nor is one for whoever answers its calls.
local function run_poor (explain)
    local poor = sandbox.new{ read = sandbox.system_paths(), limits = { descriptors = 3 }, explain = explain }
    return poor:run{ program = 'true' }
end
print(run_poor(false).exit_code)
says(function () run_poor(true) end)
