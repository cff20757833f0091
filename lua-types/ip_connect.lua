---@meta _
-- SPDX-License-Identifier: MIT OR BSL-1.0

---@class ip
local ip = {}

---Connects to the first of `endpoints` that accepts; opens and closes the socket for each of them.
---
---Raises the error of the last one, or asio_error.misc.not_found if there was none. Source: Boost.Asio, connect.
---@async
---@param socket ip.tcp.socket|ip.udp.socket
---@param endpoints { address: ip.address, port: integer }[] What `get_address_info` gave.
---@param condition? fun(last: error_code?, address: ip.address, port: integer): boolean Whether to try this one; it may not wait.
---@return ip.address address
---@return integer port
function ip.connect(socket, endpoints, condition) end
