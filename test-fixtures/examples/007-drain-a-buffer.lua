--
local stream = {out = ''}
function stream:write_some(b)
  local n = math.min(4, #b)
  self.out = self.out .. tostring(b:first(n)) .. '|'
  return n
end
local buffer = byte_span.append('short writes')

while #buffer > 0 do
  local nwritten = stream:write_some(buffer)
  buffer = buffer:sub(1 + nwritten)
end
print(stream.out)
