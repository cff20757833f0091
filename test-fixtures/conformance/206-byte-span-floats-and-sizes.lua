-- floats; EINVAL for spans of the wrong size
local generic_error = require 'generic_error'
local function hex(b) return (tostring(b):gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
local f = byte_span.new(4)
f:set_f32be(1.5)
print(hex(f), f:get_f32be())
f:set_f32le(-2)
print(hex(f), f:get_f32le())
local d = byte_span.new(8)
d:set_f64be(math.pi)
print(hex(d), d:get_f64be() == math.pi)
d:set_f64le(-0.1)
print(hex(d), d:get_f64le() == -0.1)
local bad = 0
for _, name in ipairs{'u16be', 'u16le', 'u24be', 'u24le', 'u32be', 'u32le', 'u40be', 'u40le', 'u48be', 'u48le',
    'i8', 'i16be', 'i16le', 'i24be', 'i24le', 'i32be', 'i32le', 'i40be', 'i40le', 'i48be', 'i48le',
    'f32be', 'f32le', 'f64be', 'f64le'} do
    local b = byte_span.new(7)
    local ok, e = pcall(b['get_' .. name], b)
    if not ok and e:togeneric() == generic_error.EINVAL then bad = bad + 1 end
    ok, e = pcall(b['set_' .. name], b, 0)
    if not ok and e:togeneric() == generic_error.EINVAL then bad = bad + 1 end
end
print(bad)
