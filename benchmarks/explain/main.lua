-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What a call that names a file takes longer where it is explained (`explain` of a policy): the best of many batches of
-- five calls of open(2) and close(2), made by Perl inside of a sandbox. Run it with ./emilua.
local sandbox = require 'sandbox'

local function per_call (explain)
  local box = sandbox.new{ read = sandbox.system_paths(), explain = explain }
  local result = box:run{ program = 'perl', arguments = { 'perl', '-MTime::HiRes=time', '-e', [[
    my $best = 1e9;
    for (1 .. 2000) {
      my $begun = time;
      for (1 .. 5) { open my $f, "<", "/usr/bin/perl" or die $! }
      my $each = (time - $begun) / 5;
      $best = $each if $each < $best;
    }
    print $best * 1e6]] }, environment = { PATH = '/usr/bin:/bin' } }
  return tonumber(result.stdout)
end

local without, with = per_call(false), per_call(true)
print(('open and close: %.1f µs, explained %.1f µs, %.1f µs more'):format(without, with, with - without))
