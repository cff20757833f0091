-- LC_MESSAGES selects the language-tagged message
-- env: LC_ALL=pt_BR.UTF-8
-- needs: locale-pt_BR
local cat = require '/m_ttl'
print(tostring(cat.EGREGIOUS))
print(tostring(cat.EIEIO))
