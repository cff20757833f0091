-- SPDX-License-Identifier: MIT OR BSL-1.0
-- An actor of embedded.lua.
require('inbox'):receive():send('from a ' .. _CONTEXT)
