--
print(format("{0}, {1}, {2}", 'a', 'b', 'c'))
-- Result: "a, b, c"

print(format("{}, {}, {}", 'a', 'b', 'c'))
-- Result: "a, b, c"

print(format("{2}, {1}, {0}", 'a', 'b', 'c'))
-- Result: "c, b, a"

print(format("{0}{1}{0}", "abra", "cad")) -- arguments' indices can be repeated
-- Result: "abracadabra"

print(format("{:.{}f}", 3.14, 1))
-- Result: "3.1"

print(format("Elapsed time: {s:.2f} seconds", {"s", 1.23}))
-- Result: "Elapsed time: 1.23 seconds"
