span = tostring(byte_span.append('late'))
wrapped = coroutine.wrap(function () coroutine.yield('a coroutine') end)()
same = byte_span
type = type(coroutine)
