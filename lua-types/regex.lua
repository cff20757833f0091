---@meta regex
-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Written by native-core/generate from the description of the module; change that instead.

---Regular expressions of three grammars, on strings and bytes.
---@class regex
local regex = {}

---@alias grammar
---| '"basic"' # POSIX basic regular expressions, as grep's.
---| '"extended"' # POSIX extended regular expressions, as those of grep -E and awk.
---| '"ecma"' # Those of JavaScript, with what Perl added.

---@class regex_options
---@field pattern string The regular expression.
---@field grammar grammar How it is written.
---@field ignore_case? boolean Letters match in either case. Only those of ASCII have two.
---@field nosubs? boolean Groups capture nothing.
---@field optimize? boolean Takes more time to compile to match faster.

---A compiled regular expression.
---@class regex.regex
---@field group_names table<string, integer> The numbers of the groups that have a name.
regex.regex = {}

---Compiles a regular expression.
---
---EINVAL for a pattern that is none, telling where it is wrong. The patterns that were used last are not compiled
---again.
---@param options regex_options The pattern, and how it is meant.
---@return regex.regex
function regex.new(options) end

---Matches a whole string and gives what the groups took, or all of it where there are none.
---
---Each is a result, and nil that of a group that took no part. EOVERFLOW when a pattern would take too many steps
---on this text.
---@param re regex.regex What to look for.
---@param str string The string. It is seen as bytes.
---@return string?
function regex.groups(re, str) end

---Where the first match is, and its groups.
---
---Pairs of offsets, counted from 0: where it begins, and behind its end; -1 for a group that took no part.
---EOVERFLOW when a pattern would take too many steps on this text.
---@param re regex.regex What to look for.
---@param str string|byte_span Where. It is seen as bytes.
---@param whole? boolean Whether all of it has to match.
---@param start? integer How many bytes at the beginning are only looked back at. Not negative.
---@return integer[]?
function regex.captures(re, str, whole, start) end

---Where all matches are that are not empty.
---
---Pairs of offsets, counted from 0: where one begins, and behind its end. EOVERFLOW when a pattern would take too
---many steps on this text.
---@param re regex.regex What to look for.
---@param str string|byte_span Where. It is seen as bytes.
---@param start? integer How many bytes at the beginning are only looked back at. Not negative.
---@param limit? integer How many are enough; nothing means all. Not negative.
---@return integer[]
function regex.occurrences(re, str, start, limit) end

---Matches the whole text and gives what the groups took, or all of it where there are none.
---
---EOVERFLOW when a pattern would take too many steps on this text.
---@param re regex.regex What to look for.
---@param str byte_span|string Where. It is seen as bytes.
---@return ((byte_span|string)[])?
function regex.match(re, str) end

---Finds the first match and where it is.
---
---EOVERFLOW when a pattern would take too many steps on this text.
---@param re regex.regex What to look for.
---@param str byte_span|string Where. It is seen as bytes.
---@return any
function regex.search(re, str) end

---What lies between the matches.
---
---EOVERFLOW when a pattern would take too many steps on this text.
---@param re regex.regex What to look for.
---@param str byte_span|string Where. It is seen as bytes.
---@return (byte_span|string)[]
function regex.split(re, str) end

---The matches.
---
---EOVERFLOW when a pattern would take too many steps on this text.
---@param re regex.regex What to look for.
---@param str byte_span|string Where. It is seen as bytes.
---@return (byte_span|string)[]
function regex.patsplit(re, str) end

return regex
