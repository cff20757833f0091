--
local fs = require "filesystem"
function cvs_exclude(iter, ctrl)
    local function next()
        local entry, depth = iter()
        if entry == nil then
            return
        end

        local p = entry.path.filename
        if p == ".git" or p == ".svn" or p == ".hg" then
            ctrl:disable_recursion_pending()
        end
        return entry, depth
    end
    return next, ctrl
end
local dir = fs.temp_directory_path() / ('surface-ex59-' .. require('system').getpid())
fs.create_directories(dir / 'src' / 'lib')
fs.create_directories(dir / '.git' / 'objects')
fs.create_directories(dir / 'src' / '.hg' / 'store')
local found = {}
for entry, depth in cvs_exclude(fs.recursive_directory_iterator(dir)) do
    found[#found + 1] = tostring(entry.path:lexically_relative(dir)) .. '@' .. depth
end
fs.remove_all(dir)
table.sort(found)
print(table.concat(found, '\n'))
