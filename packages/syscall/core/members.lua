-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Members of structures that are computed: what else is none reads as nil.

local members = {}

function members.get (getters)
  return function (object, key)
    local get = getters[key]
    if get then return get(object) end
  end
end

-- What is no member is ignored.
function members.set (setters)
  return function (object, key, value)
    local set = setters[key]
    if set then set(object, value) end
  end
end

return members
