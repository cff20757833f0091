---@meta asio_error
-- SPDX-License-Identifier: MIT OR BSL-1.0

---Those of the system.
---@class asio_error.basic
---@field access_denied error_code
---@field address_family_not_supported error_code
---@field address_in_use error_code
---@field already_connected error_code
---@field already_started error_code
---@field broken_pipe error_code
---@field connection_aborted error_code
---@field connection_refused error_code
---@field connection_reset error_code
---@field bad_descriptor error_code
---@field fault error_code
---@field host_unreachable error_code
---@field in_progress error_code
---@field interrupted error_code
---@field invalid_argument error_code
---@field message_size error_code
---@field name_too_long error_code
---@field network_down error_code
---@field network_reset error_code
---@field network_unreachable error_code
---@field no_descriptors error_code
---@field no_buffer_space error_code
---@field no_memory error_code
---@field no_permission error_code
---@field no_protocol_option error_code
---@field no_such_device error_code
---@field not_connected error_code
---@field not_socket error_code
---@field operation_aborted error_code
---@field operation_not_supported error_code
---@field shut_down error_code
---@field timed_out error_code
---@field try_again error_code
---@field would_block error_code

---Those of name servers.
---@class asio_error.netdb
---@field host_not_found error_code
---@field host_not_found_try_again error_code
---@field no_data error_code
---@field no_recovery error_code

---Those of getaddrinfo(3).
---@class asio_error.addrinfo
---@field service_not_found error_code
---@field socket_type_not_supported error_code

---Those that are no numbers of the system: `eof` is the end of a stream.
---@class asio_error.misc
---@field already_open error_code
---@field eof error_code
---@field not_found error_code
---@field fd_set_failure error_code

---Errors to compare with, `e == asio_error.misc.eof`. A new error at each access.
---@class asio_error
---@field basic asio_error.basic
---@field netdb asio_error.netdb
---@field addrinfo asio_error.addrinfo
---@field misc asio_error.misc
local asio_error = {}

return asio_error
