-- needs: userns landlock unsanitized
-- What cannot be started, because there is no /proc to start it from, is an error: of the first guest, whose folder is made ready before, too.
local fs, system = require 'filesystem', require 'system'

local program = fs.path.new(system.arguments[2]).parent_path / 'without-proc.lua'
local child = system.spawn{
  program = 'unshare', environment = system.environment, stdout = 'share', stderr = 'share',
  arguments = {
    'unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', 'unset EMILUA_LANDLOCK_ABI; mount -t tmpfs none /proc && exec "$@"', 'sh',
    tostring(fs.read_symlink(fs.path.new('/proc/self/exe'))), tostring(program)
  }
}
child:wait()
print(child.exit_code, child.exit_signal)
