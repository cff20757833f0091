-- A mutex that its owner locks again says so at once, as an error-checking mutex of POSIX does.
local mutex = require('mutex').new()
mutex:lock()
local ok, e = pcall(mutex.lock, mutex)
print('lock', ok, e, e:togeneric() == require('generic_error').EDEADLK)
print('try_lock', select(2, pcall(mutex.try_lock, mutex)))
mutex:unlock()
print('free', mutex:try_lock())
