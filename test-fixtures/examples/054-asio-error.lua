--
local asio_error = require 'asio_error'

local ok, e = pcall(function()
    error(asio_error.misc.eof)
end)
print(ok, e == asio_error.misc.eof)
