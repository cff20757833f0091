-- headers by line, body by length
local stream = require 'stream'
local pipe = require 'pipe'
local pin, pout = pipe.pair()
stream.write_all(pout, 'content-length: 11\r\n\r\nHello World')
spawn(function()
    stream.write_all(pout, 'content-length: 3\r\n\r\nabc')
    pout:close()
end):detach()
local s = stream.scanner.new{stream = pin, record_separator = '\r\n'}
for i = 1, 2 do
    local len
    while true do
        local line = s:get_line()
        if #line == 0 then break end
        len = tonumber(tostring(line):match('content%-length: (%d+)'))
    end
    s:remove_line()
    print('terminator', s.record_terminator)
    local buf, offset = s:buffer()
    local body = byte_span.append(buf:sub(offset))
    if #body < len then
        local rest = byte_span.new(len - #body)
        stream.read_all(pin, rest)
        body = body:append(rest)
        s:set_buffer(byte_span.new(0, 64))
    else
        s:set_buffer(buf, offset + len)
        body = body:first(len)
    end
    print(len, body)
end
print((pcall(s.get_line, s)))
