-- error tables, categories, togeneric
-- env: LC_ALL=C
local fs = require 'filesystem'
local generic_error = require 'generic_error'
local ok, e = pcall(fs.file_size, fs.path.new('/nonexistent/file'))
print(ok, type(e), type(e.code), type(e.category))
print(tostring(e.category), tostring(e) == e.category:message(e.code))
print(e:togeneric() == generic_error.ENOENT, tostring(e:togeneric().category))
local a, b = generic_error.EINVAL, generic_error.EINVAL
a.arg = 1
print(a == b, rawequal(a, b), b.arg, a.category == b.category)
print(a == generic_error.ENOENT, tostring(a))
local g = a:togeneric()
print(g == a, tostring(generic_error.ENOENT), generic_error.EAGAIN == generic_error.EWOULDBLOCK)
local asio_error = require 'asio_error'
print(asio_error.misc.eof == asio_error.misc.eof, asio_error.misc.eof == asio_error.misc.not_found)
