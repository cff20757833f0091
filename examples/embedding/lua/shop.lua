-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What ../command.cpp is tried with.
local errors = require 'shop/errors'
local rates = require 'rates'
local shop = require 'shop'

print(rates.vat(10), shop.total(3), errors.SOLD_OUT)
