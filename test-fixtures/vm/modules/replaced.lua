before = 'in the first environment'
setfenv(0, { name = 'the second environment' })
