-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What of `ip` calls back into the program: connect's condition.
--
-- chunk(native, ip, use) completes the module.

local native, ip, use = ...

local error, getmetatable, ipairs, pairs, pcall, type = error, getmetatable, ipairs, pairs, pcall, type
local not_found = use('asio_error').misc.not_found
local raise_argument = native.raise_argument

local sockets = { ['ip.tcp.socket'] = true, ['ip.udp.socket'] = true }
local fields_of_endpoints = { address = true, port = true, canonical_name = true }
local expected_fields = 'one of the fields address, port, canonical_name'

local function check_endpoint (endpoint, at)
  if type(endpoint) ~= 'table' then raise_argument(2, 'a table of address, port, canonical_name', endpoint, at) end
  for key in pairs(endpoint) do
    if not fields_of_endpoints[key] then raise_argument(2, expected_fields, key, at, key) end
  end
  local address, port, name = endpoint.address, endpoint.port, endpoint.canonical_name
  if getmetatable(address) ~= 'ip.address' then raise_argument(2, 'an ip.address', address, at, 'address') end
  if type(port) ~= 'number' or port % 1 ~= 0 or port < 0 or port > 65535 then
    raise_argument(2, 'an integer from 0 to 65535', port, at, 'port')
  end
  if name ~= nil and type(name) ~= 'string' then raise_argument(2, 'a string', name, at, 'canonical_name') end
end

-- One of the program's own will do.
local function is_socket (value)
  if type(value) == 'table' then return value.open ~= nil and value.connect ~= nil end
  return type(value) == 'userdata' and sockets[getmetatable(value)]
end

function ip.connect (socket, endpoints, condition)
  if not is_socket(socket) then raise_argument(1, 'an ip.tcp.socket or an ip.udp.socket', socket, 'socket') end
  if type(endpoints) ~= 'table' then raise_argument(2, 'a list of what get_address_info() gives', endpoints, 'endpoints') end
  for i, endpoint in ipairs(endpoints) do check_endpoint(endpoint, ('endpoints[%d]'):format(i)) end
  if condition ~= nil and type(condition) ~= 'function' then raise_argument(3, 'a function', condition, 'condition') end
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
