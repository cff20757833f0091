-- For 021-nothing-to-start-it.
local sandbox, fs, system = require 'sandbox', require 'filesystem', require 'system'

local folder = fs.temp_directory_path() / ('emilua-without-proc-' .. system.getpid())
fs.create_directory(folder)
scope_cleanup_push(function () fs.remove_all(folder) end)
for _, copied in ipairs{ false, true } do
  local box = sandbox.new{ read = sandbox.system_paths(), copy_on_write = copied and folder or nil }
  for _ = 1, 2 do print(copied, select(2, pcall(box.run, box, { program = 'true', arguments = { 'true' } }))) end
end
