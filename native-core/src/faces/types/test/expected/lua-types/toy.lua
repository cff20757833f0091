---@meta toy
-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Written by native-core/generate from the description of the module; change that instead.

---Every kind of thing that can be described.
---@class toy
local toy = {}

---@alias color
---| '"red"' # As blood.
---| '"green"'

---@alias setting
---| '"size"' # How large.
---| '"owner"' # Who has it.

---@class place_info
---@field path string Where it is.
---@field inode ffi.cdata*

---@class run_options
---@field program string What to run.
---@field arguments? string[] Its words.
---@field environment? table<string, string> Its variables; see `box.text`.
---@field verbose? boolean
---@field limit? integer|ffi.cdata* In bytes.
---@field colors? color[]

---@class tags
---@field one toy.tag
---@field other? toy.tag
---@field named table<string, toy.tag>

toy.files = {}

toy.flags = {}

---Holds things.
---@class toy.box
toy.box = {}

---Makes an empty one.
---@param size? number How much fits in.
---@return toy.box
function toy.box.new(size) end

---What is in it.
---
---`take` puts more into it, `files.rename` does not.
---@return string
function toy.box:text() end

---Takes what is in another.
---@param other toy.box What is emptied. Taken over: closed afterwards, if the call succeeds.
function toy.box:take(other) end

---Takes what may be there, and says whose it is.
---@async
---@param buffer byte_span
---@param colors? color[] Which.
---@return integer size
---@return toy.box from_whom
---@return integer port
function toy.box:take_from(buffer, colors) end

---Puts some bytes into it.
---@async
---@param buffer byte_span
---@return integer
function toy.box:put(buffer) end

---Reads.
---@async
---@param buffer byte_span
---@return integer
function toy.box:read_some(buffer) end

---Closes it.
function toy.box:close() end

---Goes through a folder.
---@class toy.files.walker
toy.files.walker = {}

---The next place.
---@return place_info? place
---@return integer? depth
function toy.files.walker:next() end

---Ends it.
function toy.files.walker:close() end

---A name.
---@class toy.tag
---@operator add(number): toy.tag
---@operator sub(number): toy.tag
---@operator sub(toy.tag): number
---@operator len: integer
---@overload fun(value1: toy.tag, value2: integer): toy.tag?
---@operator concat(toy.tag|string): toy.tag
---@operator div(color): toy.tag
toy.tag = {}

---Makes one.
---@param text string
---@return toy.tag
function toy.tag.new(text) end

---Makes it longer.
---@param n number
function toy.tag:add(n) end

---Makes it shorter.
---@param n number
function toy.tag:sub(n) end

---Takes tags.
---@param one toy.tag
---@param more? toy.tag[]
---@param either toy.tag|number
---@param text string|toy.tag
---@param change fun(value1: toy.tag): toy.tag
---@return toy.tag[]
function toy.mark(one, more, either, text, change) end

---Takes more of them.
---@param tags tags
function toy.mark_all(tags) end

---Takes any number.
---@param ... toy.tag
function toy.mark_each(...) end

---Gives one.
---@param of integer
---@param name setting
---@return number|toy.tag|boolean
---@overload fun(of: integer, name: "size"): number
---@overload fun(of: integer, name: "owner"): toy.tag
function toy.setting(of, name) end

---Sets one.
---@param name setting
---@param to number|toy.tag|boolean
function toy.set(name, to) end

---Looks, and may wait.
---@async
---@param buffer byte_span
---@param at? integer
---@param colors? color[] Which.
---@return integer
function toy.look(buffer, at, colors) end

---Takes one of each.
---@param a boolean
---@param b number
---@param c integer From 0 to 65535.
---@param d integer|ffi.cdata*
---@param e string|byte_span A password.
---@param f byte_span
---@param g any
function toy.all(a, b, c, d, e, f, g) end

---Takes any of them.
---@param choice color|string|nil
---@return color|nil
function toy.either(choice) end

---Runs a program.
---
---Only the master VM may call it.
---@param options run_options
---@param ask? fun(value1: string, value2: number): boolean Whether to go on.
---@return toy.box
function toy.run(options, ask) end

---Gives two.
---@return string name
---@return number age
function toy.both() end

---Looks into a folder.
---@param path string
---@return fun(): place_info?, integer?
---@return toy.files.walker
function toy.files.walk(path) end

---Renames a file.
---@param from string
---@param to string
function toy.files.rename(from, to) end

---How large a file is.
---@param path string
---@return ffi.cdata*?
function toy.size(path) end

---Waits, and fills a buffer.
---
---See `box`.
---@async
---@param secs number Seconds.
---@param buffer byte_span
---@return integer
function toy.wait(secs, buffer) end

---Takes any number.
---@param ... string
function toy.many(...) end

---Lists places.
---@param slots table<integer, string>
---@return place_info[]
function toy.places(slots) end

---Opens several.
---@param boxes? toy.box[]
function toy.open(boxes) end

---Calls for each.
---@async
---@param body fun()
function toy.each(body) end

---Gives two, in Lua.
---@return string name
---@return number age
function toy.lua_only() end

---Read from elsewhere.
---@type string
toy.answer = nil

---Past the cache.
---@type integer
toy.flags.O_DIRECT = nil

---The same everywhere.
---@type integer
toy.limit = nil

return toy
