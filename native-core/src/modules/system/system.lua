-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What of `system` ends the calling VM, which only its face can.
--
-- chunk(native, system) completes the module.

local native, system = ...

local pairs, type = pairs, type

local function force_of (opts)
  if opts == nil then return nil end
  if type(opts) ~= 'table' then native.raise_argument(2, 'a table of force', opts, 'opts') end
  for key in pairs(opts) do
    if key ~= 'force' then native.raise_argument(2, 'one of the fields force', key, 'opts', key) end
  end
  local force = opts.force
  if force ~= nil and force ~= 0 and force ~= 2 and force ~= 'abort' then
    native.raise_argument(2, '0, 2 or "abort"', force, 'opts.force')
  end
  return force
end

function system.exit (code, opts)
  if code == nil then code = 0 end
  if type(code) ~= 'number' or code % 1 ~= 0 or code < 0 or code > 255 then
    native.raise_argument(1, 'an integer from 0 to 255', code, 'code')
  end
  return native.exit(code, force_of(opts))
end
