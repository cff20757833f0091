-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Another VM in the process, from its creation to its end; its program does nothing.
require('measure').cost('vm_time', function(n)
    for _ = 1, n do
        spawn_vm('./actors/empty'):closed()
    end
end)
