-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What of `ip` calls back into the program: connect's condition.
--
-- chunk(native, ip, use) completes the module.

local native, ip, use = ...

local error, ipairs, pcall, type = error, ipairs, pcall, type
local not_found = use('asio_error').misc.not_found

function ip.connect (socket, endpoints, condition)
  if type(endpoints) ~= 'table' then native.raise_argument(2, 'what get_address_info() returned') end
  if condition ~= nil and type(condition) ~= 'function' then native.raise_argument(3, 'a function') end
  local last
  for _, endpoint in ipairs(endpoints) do
    if condition == nil or condition(last, endpoint.address, endpoint.port) then
      if socket.is_open then socket:close() end
      local ok, e = pcall(function ()
        socket:open(endpoint.address)
        socket:connect(endpoint.address, endpoint.port)
      end)
      if ok then return endpoint.address, endpoint.port end
      if not native.is_system_error(e) then error(e, 0) end
      last = e
    end
  end
  error(last or not_found, 0)
end
