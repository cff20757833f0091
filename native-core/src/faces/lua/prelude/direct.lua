-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What goes to C++ without a call of Lua's: compiled code goes straight on behind a function of the FFI, and leaves at
-- any other.
--
-- chunk(ffi, is_span, native, vm, frame, write, transfer, call) adds it to the natives; those behind the natives are
-- addresses.

local ffi, is_span, native, vm_address, frame_address, write_address, transfer_address, call_address = ...

local type, error, next = type, error, next
local cast = ffi.cast
local direct_failure, take_object, take_list = native.direct_failure, native.take_object, native.take_list

local vm = cast('void *', vm_address)
local write = cast('int32_t (*)(void *, void *, const void *)', cast('void *', write_address))
local transfer = cast('int32_t (*)(void *, void *, void *, double, const void *)', cast('void *', transfer_address))
local call = cast('int32_t (*)(void *, const void *, void *, const void *, double)', cast('void *', call_address))

-- What they give that is no number of bytes; `call` has those in the frame.
local DONE, NOT_DONE, FAILED, IN_VAIN = 0, -1, -2, -3

-- How many coroutines of the program are inside one another now. Whether one may suspend only its Lua thread knows, which
-- these functions are not given.
local inner = native.inner or { depth = 0 }
native.inner = inner

-- Writes a span without an operation: how many bytes; NOT_DONE if it has to be tried by other means, FAILED if so, and
-- then native.direct_failure(stream, span) gives the error.
function native.write_directly (stream, span)
  if type(stream) == 'userdata' and inner.depth == 0 and is_span(span) then return write(vm, stream, span) end
  return NOT_DONE
end

-- The method at the address `member` that moves bytes between a place of a file and a span. `f` does it by other means,
-- and hears whether it was tried in vain.
function native.wrap_transfer (f, member)
  member = cast('void *', member)
  return function (file, place, span)
    local done = NOT_DONE
    if type(file) == 'userdata' and type(place) == 'number' and inner.depth == 0 and is_span(span) then
      done = transfer(vm, member, file, place, span)
      if done >= 0 then return done end
      if done == FAILED then error(direct_failure(file, place, span), 0) end
    end
    local ok, result = f(file, place, span, done == IN_VAIN)
    if ok then return result end
    error(result, 0)
  end
end

-- Methods that take a span and at most three more arguments, and may have their results at once.

local frame = cast([[struct {
  struct { const void *pointer; double number; int32_t kind; } slots[3];
  double numbers[4];
  double turn;
  int32_t kept;
} *]], cast('void *', frame_address))
local slots, numbers = frame.slots, frame.numbers
local first, second, third = slots[0], slots[1], slots[2]
local NOTHING, OBJECT, NUMBER, LIST = 0, 1, 2, 3

-- Between the first argument and the call a finalizer may run, or what a program has attached to the JIT: the frame is then
-- that of another turn, and the call is not made.
local function next_turn ()
  local turn = frame.turn + 1
  frame.turn = turn
  return turn
end

local longest_list = 256
local objects = ffi.new('const void *[?]', longest_list)

-- How an argument is handed over, by what it has to be: false if that is to be done by other means.
local hand_over = {
  nothing = function (slot, value)
    slot.kind = NOTHING
    return type(value) == 'nil'
  end,
  object = function (slot, value)
    if type(value) ~= 'userdata' then return false end
    slot.pointer, slot.kind = value, OBJECT
    return true
  end,
  number = function (slot, value)
    if type(value) ~= 'number' then return false end
    slot.number, slot.kind = value, NUMBER
    return true
  end,
  list = function (slot, value)
    if type(value) ~= 'table' then return false end
    local n = 0
    local key, object = next(value)
    while key ~= nil do
      if type(key) ~= 'number' or key ~= n + 1 or n == longest_list or type(object) ~= 'userdata' then return false end
      objects[n] = object
      n = n + 1
      key, object = next(value, key)
    end
    slot.pointer, slot.number, slot.kind = objects, n, LIST
    return true
  end
}

-- Values that came lately, to be given again where the same one comes: which they are, C++ knows.
local kept = {}

local function result_object ()
  local place = frame.kept
  if place >= 0 then return kept[place + 1] end
  local object = take_object(kept)
  return object
end

-- By the results: n is a number, o an object, l a list of objects.
local wrap_by_results = {
  n = function (f, member, hand_first, hand_second, hand_third)
    return function (self, span, a, b, c)
      local done, turn = NOT_DONE, next_turn()
      if type(self) == 'userdata' and inner.depth == 0 and is_span(span) and hand_first(first, a) and
        hand_second(second, b) and hand_third(third, c) then
        done = call(vm, member, self, span, turn)
        if done == DONE then return numbers[0] end
        if done == FAILED then error(direct_failure(self, span, a, b, c), 0) end
      end
      local ok, n = f(self, span, a, b, c, done == IN_VAIN)
      if ok then return n end
      error(n, 0)
    end
  end,
  no = function (f, member, hand_first, hand_second, hand_third)
    return function (self, span, a, b, c)
      local done, turn = NOT_DONE, next_turn()
      if type(self) == 'userdata' and inner.depth == 0 and is_span(span) and hand_first(first, a) and
        hand_second(second, b) and hand_third(third, c) then
        done = call(vm, member, self, span, turn)
        if done == DONE then
          local n, o = numbers[0], result_object()
          return n, o
        end
        if done == FAILED then error(direct_failure(self, span, a, b, c), 0) end
      end
      local ok, n, o = f(self, span, a, b, c, done == IN_VAIN)
      if ok then return n, o end
      error(n, 0)
    end
  end,
  non = function (f, member, hand_first, hand_second, hand_third)
    return function (self, span, a, b, c)
      local done, turn = NOT_DONE, next_turn()
      if type(self) == 'userdata' and inner.depth == 0 and is_span(span) and hand_first(first, a) and
        hand_second(second, b) and hand_third(third, c) then
        done = call(vm, member, self, span, turn)
        if done == DONE then
          local n, m, o = numbers[0], numbers[1], result_object()
          return n, o, m
        end
        if done == FAILED then error(direct_failure(self, span, a, b, c), 0) end
      end
      local ok, n, o, m = f(self, span, a, b, c, done == IN_VAIN)
      if ok then return n, o, m end
      error(n, 0)
    end
  end,
  nl = function (f, member, hand_first, hand_second, hand_third)
    return function (self, span, a, b, c)
      local done, turn = NOT_DONE, next_turn()
      if type(self) == 'userdata' and inner.depth == 0 and is_span(span) and hand_first(first, a) and
        hand_second(second, b) and hand_third(third, c) then
        done = call(vm, member, self, span, turn)
        if done == DONE then
          local n, l = numbers[0], take_list()
          return n, l
        end
        if done == FAILED then error(direct_failure(self, span, a, b, c), 0) end
      end
      local ok, n, l = f(self, span, a, b, c, done == IN_VAIN)
      if ok then return n, l end
      error(n, 0)
    end
  end
}

-- The method at the address `member`; `f` does it by other means, and hears behind four arguments whether it was tried in
-- vain. The rest says what the arguments behind the span are.
function native.wrap_prompt (f, member, results, a, b, c)
  return wrap_by_results[results](f, cast('const void *', member), hand_over[a or 'nothing'], hand_over[b or 'nothing'],
    hand_over[c or 'nothing'])
end
