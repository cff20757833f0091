-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Children whose words are kept, for the programs beside this file.
local system = require 'system'
local filesystem = require 'filesystem'
local pipe = require 'pipe'

local m = { environment = { PATH = '/usr/bin:/bin' } }

-- All that comes out of a stream, but the space at its end.
function m.all(reader)
    local text, buffer = '', byte_span.new(4096)
    while true do
        local ok, n = pcall(reader.read_some, reader, buffer)
        if not ok then return (text:gsub('%s+$', '')) end
        text = text .. tostring(buffer:first(n))
    end
end

-- Runs a shell, or what `opts` says. Gives what it wrote, its status and the signal that ended it.
function m.ask(script, opts)
    opts = opts or {}
    local reader, writer = pipe.pair()
    writer = writer:release()
    opts.program = opts.program or 'sh'
    opts.arguments = opts.arguments or { 'sh', '-c', script }
    opts.environment = opts.environment or m.environment
    opts.stdout = writer
    local child = system.spawn(opts)
    writer:close()
    local text = m.all(reader)
    child:wait()
    return text, child.exit_code, child.exit_signal
end

-- What makes a child of the running program itself, which finds `part` in its arguments.
function m.again(part, opts)
    local program = system.arguments[1]
    opts = opts or {}
    opts.program = program:find '/' and filesystem.path.new(program) or program
    opts.arguments = { program, system.arguments[2], '--', part }
    opts.environment = opts.environment or system.environment
    opts.stderr = opts.stderr or 'share'
    return opts
end

-- What `field` of /proc/*/status is in all threads of this process.
function m.threads(field)
    return (m.ask('grep -h ^' .. field .. ': /proc/' .. system.getpid() .. '/task/*/status | sort -u | tr "\\n\\t" "  "'))
end

return m
