--
local ok = pcall(function()
    error('code that might err')
end)
if not ok then
    print('error handler')
end
print('other code')
