-- SPDX-License-Identifier: MIT OR BSL-1.0
local inbox = require('inbox')
inbox:receive():send(true)
inbox:receive()
