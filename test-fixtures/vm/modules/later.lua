function import (id)
  local ok, e = pcall(function () return require(id) end)
  return ok or tostring(e)
end
