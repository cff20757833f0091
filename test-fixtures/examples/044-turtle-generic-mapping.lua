--
local cat = require "/ex_generic_mapping"
local generic_error = require 'generic_error'
local e = cat.operation_would_block
print(e, e == cat.resource_unavailable_try_again)
print(e == generic_error.EAGAIN, e:togeneric() == generic_error.EAGAIN)
