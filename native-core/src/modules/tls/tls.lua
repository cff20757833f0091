-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What of `tls` is composed of other operations, and the password callback: a function of the program lives as long as
-- the call that it was given to, so the one that a context keeps is kept here.
--
-- chunk(native, tls, use) completes the module.

local native, tls, use = ...

local error, getmetatable, pcall, setmetatable, type = error, getmetatable, pcall, setmetatable, type
local raise_argument = native.raise_argument
local methods = native.written_methods['tls.context']
local passwords = setmetatable({}, { __mode = 'k' })

function methods.set_password_callback (context, callback)
  if type(context) ~= 'userdata' or getmetatable(context) ~= 'tls.context' then
    raise_argument(1, 'a tls.context', context, 'context')
  end
  if type(callback) ~= 'function' then raise_argument(2, 'a function', callback, 'callback') end
  passwords[context] = callback
end

for _, name in ipairs{ 'use_private_key', 'use_private_key_file', 'use_rsa_private_key', 'use_rsa_private_key_file' } do
  local method = methods[name]
  methods[name] = function (context, key, fmt, password)
    if password == nil and context ~= nil then password = passwords[context] end
    return method(context, key, fmt, password)
  end
end

local function host_of (ep)
  local host = ep:match('^%[(.*)%]:[^:]*$') or ep:match('^(.*):[^:]*$')
  return host ~= '' and host or 'localhost'
end

local function greet (socket, host)
  socket:set_server_name(host)
  socket:set_verify_mode('peer')
  socket:set_verify_callback('host_name_verification', host)
  socket:client_handshake()
end

function tls.dial (ep, context)
  if context ~= nil and (type(context) ~= 'userdata' or getmetatable(context) ~= 'tls.context') then
    raise_argument(2, 'a tls.context', context, 'tls_ctx')
  end
  local tcp = use('ip').tcp.dial(ep)
  tcp:set_option('tcp_no_delay', true)
  local socket = tls.socket.new(tcp, context)
  local ok, e = pcall(greet, socket, host_of(ep))
  if ok then return socket end
  socket:close()
  error(e, 0)
end
