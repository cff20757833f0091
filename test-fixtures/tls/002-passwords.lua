-- SPDX-License-Identifier: MIT OR BSL-1.0
local fs, system, time, tls = require 'filesystem', require 'system', require 'time', require 'tls'

local folder = fs.path.new((system.arguments[2]:gsub('tls/[^/]*$', 'conformance')))
local encrypted = fs.temp_directory_path() / ('emilua-tls-' .. tostring(system.getpid()) .. '.pem')
scope_cleanup_push(function () fs.remove(encrypted) end)
system.spawn{
  program = 'openssl',
  arguments = {
    'openssl', 'pkey', '-in', tostring(folder / 'm_key.pem'), '-aes256', '-passout', 'pass:sesame', '-out', tostring(encrypted)
  },
  environment = system.environment
}:wait()

local context = tls.context.new('tls_server')
context:use_certificate_chain_file(folder / 'm_cert.pem')
local function try (...)
  local ok, e = pcall(context.use_private_key_file, context, encrypted, 'pem', ...)
  return ok, ok and '' or e
end

-- Which key it is, is said with it.
local function says (ok, e)
  print(ok, (tostring(e):gsub("'/.*'", "'FILE'")))
end

says(try())
context:set_password_callback(function (max_length, purpose)
  print('asked', max_length > 100, purpose)
  return 'sesame'
end)
print(try())
print('in memory', pcall(context.use_private_key, context, byte_span.append('nonsense'), 'pem'))
print(try(function () return byte_span.append('sesame') end))
says(try(function () return 'open' end))
print(try(function () return 5 end))
local why = { 'why' }
print(select(2, try(function () error(why) end)) == why)
print(try(function () time.sleep(0) end))
print(pcall(context.set_password_callback, context, 'sesame'))
print(pcall(context.set_password_callback, 5, print))
