-- globals exported, isolated environments, evaluated once
secret = 'main global'
local a = require('./m_counter')
local b = require('./m_counter')
print(a.name, a.count(), b.count())
print(a.seen, a.hidden, rawequal(name, nil), secret)
