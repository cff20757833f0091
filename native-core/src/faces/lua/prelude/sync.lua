-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What fibers of one VM synchronise with: each kind a module of its own.
--
-- chunk(native, wrap_suspending, id) returns the module `id`; called once for each.

local native, wrap_suspending, id = ...
local setmetatable = setmetatable

local modules = {
  mutex = function ()
    return { new = native.new_mutex }, { lock = native.lock, try_lock = native.try_lock, unlock = native.unlock }
  end,
  recursive_mutex = function ()
    return { new = native.new_recursive_mutex },
      { lock = native.lock, try_lock = native.try_lock, unlock = native.unlock }
  end,
  condition_variable = function ()
    return { new = native.new_condition },
      { wait = wrap_suspending(native.wait), notify_one = native.notify_one, notify_all = native.notify_all }
  end,
  promise = function () return nil, { set_value = native.set_value, set_error = native.set_error } end,
  future = function () return { new = native.new_future }, { get = wrap_suspending(native.get) } end
}

local function open (kind)
  local module, methods = modules[kind]()
  native.sync_metatable(kind, setmetatable(methods, {
    __index = function (_, key) native.refuse_member(2, kind, key, methods) end
  }))
  return module
end

if id == 'future' then open('promise') end
return open(id)
