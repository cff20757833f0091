-- kcmp(2) with KCMP_FILE; container seccomp profiles may forbid it
-- tags: ambiguous (environment dependent)
local fs = require 'filesystem'
local f = fs.open(fs.path.new('/dev/null'), {'read_only'}, 0)
local g = f:dup()
local h = fs.open(fs.path.new('/dev/null'), {'read_only'}, 0)
print(f:kcmp(g), f:kcmp(h) ~= 0)
