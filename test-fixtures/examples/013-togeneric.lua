--
local generic_error = require 'generic_error'
local fs = require 'filesystem'
local function handle_eexist(e) return 'already exists' end
function handle_error(e)
  if e:togeneric() == generic_error.EEXIST then
    -- EEXIST on POSIX or
    -- ERROR_ALREADY_EXISTS on Windows
    return handle_eexist(e)
  else
    error(e)
  end
end
local dir = fs.temp_directory_path() / ('surface-ex13-' .. require('system').getpid())
fs.create_directory(dir)
fs.create_symlink(fs.path.new('x'), dir / 'link')
local ok, e = pcall(fs.create_symlink, fs.path.new('y'), dir / 'link')
fs.remove_all(dir)
print(ok, handle_error(e))
ok, e = pcall(fs.file_size, dir)
print(ok, pcall(handle_error, e) == true, e:togeneric() == generic_error.ENOENT)
