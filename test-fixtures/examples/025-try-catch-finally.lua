--
local function run(fail)
    local ok = pcall(function()
        if fail then error('code that might err') end
    end)
    if not ok then
        print('error handler')
    end
    print('cleanup handler')
    print('other code')
end
run(true)
run(false)
