-- redirection, empty envp, "\0pid", umask, cwd
local system = require 'system'
local fs = require 'filesystem'
local pipe = require 'pipe'
local function run(opts)
    local r, w = pipe.pair()
    w = w:release()
    opts.stdout = w
    opts.program = opts.program or fs.path.new('/bin/sh')
    local p = system.spawn(opts)
    w:close()
    local out, buf = '', byte_span.new(4096)
    while true do
        local ok, n = pcall(r.read_some, r, buf)
        if not ok then break end
        out = out .. tostring(buf:first(n))
    end
    p:wait()
    return (out:gsub('\n$', ''))
end
print(run{arguments = {'sh', '-c', 'echo "$0 $1"', 'zero', 'one'}})
print(run{program = 'env', arguments = {'env'}} == '')
print(run{program = 'env', arguments = {'env'}, environment = {FOO = 'bar baz'}})
print(run{arguments = {'sh', '-c', 'test "$LISTEN_PID" = $$ && echo same pid'}, environment = {LISTEN_PID = '\0pid'}})
print(run{arguments = {'sh', '-c', 'umask'}, umask = fs.mode(0, 2, 7)})
local tmp = fs.canonical(fs.temp_directory_path())
print(run{arguments = {'sh', '-c', 'pwd -P'}, working_directory = tmp} == tostring(tmp))
print(run{arguments = {'sh', '-c', 'pwd -P'}, working_directory = fs.open(fs.path.new('/'), {'read_only', 'directory'}, 0)})
print(run{arguments = {'sh', '-c', 'read line || echo stdin is closed'}})
local r, w = pipe.pair()
require('stream').write_all(w, 'typed input\n')
print(run{arguments = {'sh', '-c', 'read line; echo "got $line"'}, stdin = r:release()})
print(run{arguments = {'sh', '-c', 'grep NoNewPrivs /proc/self/status | tr -d "\\t"'}, environment = {PATH = '/usr/bin:/bin'}, set_no_new_privs = true})
