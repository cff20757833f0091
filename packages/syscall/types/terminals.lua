-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The attributes of a terminal, with the functions on them as methods.

local S = ...

local names = { cfmakeraw = true, cfgetispeed = true, cfgetospeed = true, cfsetispeed = true, cfsetospeed = true, cfsetspeed = true }

local function termios ()
  return {
    __index = function (_, key)
      if names[key] then return S[key] end
      error('termios has no member ' .. tostring(key), 2)
    end
  }
end

return { termios = termios }
