-- What is made only when it is first asked for looks as if it had always been there, whoever asks, and nothing that the
-- program did before comes between.
local literal = 1LL
pcall, bit, math, type, select, error = nil, nil, nil, nil, nil, nil
print('before', rawget(_G, 'byte_span'), rawget(_G, 'coroutine'))
print('undefined', nothing_of_this_name, byte_spans)
local span = byte_span.append('abc')
print('span', span, #span, span:find('c'), byte_span == byte_span)
local ffi = require 'ffi'
print('literal', literal, ffi.istype('int64_t', literal), literal + 1 == 2LL)
print('ffi', ffi == require 'ffi', ffi.sizeof('int'))
-- In a module, by name only.
local late = require './modules/late'
print('module', late.span, late.wrapped, late.same == byte_span)
-- A program may have a global of that name, before as well as afterwards.
coroutine = 'mine'
print('own', coroutine, late.type)
coroutine = nil
print('again', coroutine.wrap(function () return 'runs' end)())
-- An actor has its own, made by what it receives.
local inbox = require 'inbox'
spawn_vm('./modules/receives_spans'):send{ to = inbox, span = span }
print('received', inbox:receive())
