-- enabled and disabled standard modules
print(type(string), type(table), type(math), type(bit), type(jit), type(coroutine))
print(io, os, package, debug)
print(type(require('ffi').cdef or nil))
print(bit.bor(1, 4), jit.version:sub(1, 6))
