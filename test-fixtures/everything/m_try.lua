-- What programs here share: prints how a call ended, and the parts of an error.
function try(name, f, ...)
    local ok, e = pcall(f, ...)
    if ok then return print(name, 'ok', e) end
    if type(e) ~= 'table' or not rawget(e, 'category') then return print(name, 'raised', e) end
    print(name, tostring(e), e.arg, e.path, e.expected)
end
