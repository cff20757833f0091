-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Names of other libraries, and a forgotten argument 0.
local system = require 'system'

local function says (opts)
    local ok, e = pcall(system.spawn, opts)
    print(ok, ok or (e.message:gsub('program, arguments.*net;', '…;')))
    if ok then e:wait() print(e.exit_code) end
end

says 'ls'
says { 'ls', '-l' }
says { command = 'ls' }
says { program = 'true', args = { 'true' } }
says { program = 'true', env = {} }
says { program = 'true', cwd = '/' }
says { program = 'true', working_dir = '/' }
says { program = 'true', working_directory = '/' }
says { program = 'true', arguments = 'true' }
says { program = 'true', arguments = {} }
says { program = 'true', arguments = { '-l' } }
says { program = 'true', arguments = { '--help' } }
-- As login(1) starts a shell, and nothing at all.
says { program = 'sh', arguments = { '-sh', '-c', 'exit 3' } }
says { program = 'true' }
