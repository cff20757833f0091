-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Finalizers of the program, which the collector calls: on whatever thread it works, in the middle of anything.
--
-- chunk(ffi, run) makes `ffi` call them through run(finalizer, object), which raises nothing.

local ffi, run = ...

local type, rawget, rawset = type, rawget, rawset
local set, define = ffi.gc, ffi.metatype

-- Functions of C are called by LuaJIT itself: they know nothing of us, and are many.
local callable_objects = false

local function guarded (finalizer)
  local kind = type(finalizer)
  if kind == 'nil' or (kind == 'cdata' and not callable_objects) then return finalizer end
  return function (object) run(finalizer, object) end
end

function ffi.gc (object, finalizer)
  return set(object, guarded(finalizer))
end

function ffi.metatype (of, metatable)
  if type(metatable) == 'table' then
    if rawget(metatable, '__call') ~= nil then callable_objects = true end
    rawset(metatable, '__gc', guarded(rawget(metatable, '__gc')))
  end
  return define(of, metatable)
end
