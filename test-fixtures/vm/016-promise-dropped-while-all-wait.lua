-- A promise that nobody can keep is broken even when no fiber runs that would cause a collection.
local promise, future = require('future').new()
promise = nil
print(pcall(future.get, future))
