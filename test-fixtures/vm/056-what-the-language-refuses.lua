-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What LuaJIT itself refuses reads as if all of it were LuaJIT's, and says where the program went wrong.
local function says (what, f, ...)
  local ok, e = pcall(f, ...)
  print(what, ok, (e:match('[^/]*$')))
end

local handler
says('pcall()', function () pcall() end)
says('xpcall()', function () xpcall() end)
says('xpcall(f)', function () xpcall(print) end)
says('xpcall(f, nil)', function () xpcall(print, handler) end)
says('xpcall(f, 5)', function () xpcall(print, 5) end)
says('pcall', pcall)
says('xpcall', xpcall, print, 'x')
says('resume()', function () coroutine.resume() end)
says('resume(5)', function () coroutine.resume(5) end)
scope(function ()
  scope_cleanup_push(function () print('cleaned up') end)
  says('pcall() with a handler', function () pcall() end)
end)
print(pcall(nil))
print(xpcall(nil, function (e) return 'handled: ' .. e end))
print(select('#', pcall(function (...) return ... end, nil, nil)))

local span = byte_span.append('a')
local view = byte_span.append('ab'):first(1)
says('span < span', function () return span < span end)
says('view <= span', function () return view <= span end)
says('span > 5', function () return span > 5 end)
says('span + 5', function () return span + 5 end)
says('span()', function () span() end)
