--
-- needs: jail
local system = require 'system'
system.jail_set({name = 'foo', path = '/', ['host.hostname'] = 'foo.example', persist = true}, {'create'})
local jid, params = system.jail_get {
    "host.hostname",
    "path",
    ["name"] = "foo"
}

print(type(jid))
print(params["host.hostname"])
print(params.path)
system.jail_remove(jid)
