-- get/set of 8 to 48 bit integers, both byte orders
local function hex(b) return (tostring(b):gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
for _, w in ipairs{2, 3, 4, 5, 6} do
    local bits = w * 8
    local b = byte_span.new(w)
    for i = 1, w do b[i] = 0x80 + i end
    local be, le = b['get_u' .. bits .. 'be'](b), b['get_u' .. bits .. 'le'](b)
    local sbe, sle = b['get_i' .. bits .. 'be'](b), b['get_i' .. bits .. 'le'](b)
    print(bits, ('%.0f %.0f %.0f %.0f'):format(be, le, sbe, sle))
    b['set_u' .. bits .. 'be'](b, be) io_ = hex(b)
    b['set_u' .. bits .. 'le'](b, be)
    print(io_, hex(b))
    b['set_i' .. bits .. 'be'](b, -2)
    local n1 = hex(b)
    b['set_i' .. bits .. 'le'](b, -2)
    print(n1, hex(b), b['get_i' .. bits .. 'le'](b))
end
local one = byte_span.append('\200')
print(one:get_i8())
one:set_i8(-128)
print(one[1], one:get_i8())
local five = byte_span.append('xABCDy'):sub(2, 5)
print(five:get_u32be() == 0x41424344, five:get_u32le() == 0x44434241)
