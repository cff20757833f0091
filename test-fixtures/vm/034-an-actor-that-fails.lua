-- A failed actor is reported, and the exit status of the program is 1, although the program itself ended well.
-- env: EMILUA_COLORS=0
-- exit: 1
if _CONTEXT == 'main' then
  spawn_vm('.')
  print 'the program ends well'
else
  local joined = spawn(function () error('joined', 0) end)
  print(pcall(joined.join, joined))
  error('on purpose', 0)
end
