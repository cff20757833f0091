-- It begins where './' is this folder.
ids = { './globals', './both', 'parts/both', '../mod', './mod', '../../../../globals' }
messages = {}
for i, id in ipairs(ids) do messages[i] = tostring(select(2, pcall(require, id))):match "is '.*' meant%?" or 'nothing' end
