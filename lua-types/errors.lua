---@meta _
-- SPDX-License-Identifier: MIT OR BSL-1.0

---Whose numbers an error has: `tostring` gives its name, "system" for instance.
---@class error_category
local error_category = {}

---What number `code` of this category means.
---@param code integer
---@return string
function error_category:message(code) end

---What the system, or the runtime, raises. Two are equal if `code` and `category` are.
---@class error_code
---@field code integer
---@field category error_category
---@field message string Everything in words.
---@field syscall? string The system call that failed.
---@field address? string The IP address that was tried.
---@field port? integer The port that was tried.
---@field host? string The name that was to be resolved.
---@field service? string The name of a service that stood for the port.
---@field path? string The file that was tried; of a bad argument the part of it that is at fault.
---@field dest? string Where the file was to go.
---@field arg? integer The number of the argument at fault.
---@field expected? string What that has to be.
---@field value? string|number|boolean What it was.
---@field id? string The module that was asked for.
---@operator concat(any): string
local error_code = {}

---The portable error that this one stands for, or else the error itself.
---@return error_code
function error_code:togeneric() end
