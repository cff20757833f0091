-- A stream that gives `text` in pieces of `step` bytes.
local eof = require('asio_error').misc.eof

function source (text, step)
  local bytes = byte_span.append(text)
  return {
    read_some = function (_, buffer)
      if #bytes == 0 then error(eof, 0) end
      local n = math.min(#buffer, step, #bytes)
      buffer:copy(bytes:first(n))
      bytes = bytes:sub(n + 1)
      return n
    end
  }
end
