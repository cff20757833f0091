-- format(): libfmt's language. An integral number is shown as an integer or as a floating-point number, as asked for.
print(format('{} {} {}', 1, 1.5, -2), format('{:d} {:x} {:#b} {:o} {:c}', 255, 255, 5, 8, 65))
print(format('{:.2f} {:e} {:g} {:08.3f} {:+}', 2, 1234.5, 0.5, 3.14159, 7))
print(format('{} {} {}', true, false, -0.0), format('{:d}', true), format('{} {}', 1e300, 1 / 0))
print(format('|{:<5}|{:^5}|{:>5}|{:*^7}|', 'a', 'b', 'c', 'd'), format('{:.3}', 'abcdef'))
print(format('{1} {0} {1}', 'a', 'b'), format('{{{}}}', 'braces'), format('no fields'), format(''))
print(format('{name}: {value:.1f}', { 'value', 2 }, { 'name', 'x' }), format('{} {n}', 1, { 'n', 2 }))

-- Width and precision may be arguments.
print(format('{:.{}f}|{:{}}|{:{}.{}f}', 3.14159, 2, 'x', 4, 2.5, 8, 3))
print(format('{0:.{1}f} {0:{w}}|', 1.5, 3, { 'w', 6 }))

-- Bytes are bytes.
print(#format('{}', 'a\0b'), format('{}', 'ä'))

local function try (...)
  local ok, e = pcall(format, ...)
  print(ok, e.arg, e.expected)
end
try('{')
try('}')
try('{}')
try('{:x}', 1.5)
try('{:d}', 'x')
try('{:.2d}', 1)
try('{:{}}', 1, 'x')
try('{:.{}f}', 1, -1)
try('{:{}}', 1)
try('{0} {}', 1)
try('{0:{}}', 1, 2)
try('{x}', { 'y', 1 })
try('{}', nil)
try('{}', {})
try('{}', { 1, 2 })
try('{} {}', 1, print)
try(5)
try()

-- Integers of 64 bits, which are numbers, too.
print(format('{} {:#x} {:>22}|', -9223372036854775807LL - 1, 18446744073709551615ULL, 7LL), format('{n:+d}', { 'n', 5LL }))
for _, v in ipairs { byte_span.new(1), require('ffi').new('int[1]') } do print(select(2, pcall(format, '{}', v))) end
