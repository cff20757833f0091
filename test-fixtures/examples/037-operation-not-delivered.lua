-- a stub replaces the SCTP socket
local sleep = require('time').sleep
local sent, checksum = {}, {n = 0, shutdown_msg = 'shutdown'}
function checksum:update(msg) self.n = self.n + 1 end
local my_sctp_sock = {write = function(_, msg) sent[#sent + 1] = msg end}
local f = spawn(function()
    scope_cleanup_push(function()
        my_sctp_sock:write(checksum.shutdown_msg .. ' after ' .. checksum.n)
    end)
    while true do
        sleep(0.02)
        my_sctp_sock:write('broadcast_msg')
        checksum:update('broadcast_msg')
    end
end)
while #sent < 2 do sleep(0.02) end
f:cancel()
f:join()
-- the checksum always agrees with what was sent
local n = #sent - 1
print(n > 1, sent[#sent] == 'shutdown after ' .. n)
