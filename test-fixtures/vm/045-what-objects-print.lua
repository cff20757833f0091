-- What is a table or a userdata inside says what it is, as the objects of the modules do.
local mutex, recursive_mutex, condition_variable, future =
  require 'mutex', require 'recursive_mutex', require 'condition_variable', require 'future'
local promise, f = future.new()
for _, object in ipairs { mutex.new(), recursive_mutex.new(), condition_variable.new(), promise, f } do
  print((tostring(object):gsub('0x%x+$', '0x')))
end
print(tostring(f) == tostring(f), tostring(mutex.new()) ~= tostring(f))
