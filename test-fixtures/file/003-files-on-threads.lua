-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The same, with all transfers on threads, as where the kernel refuses rings.
-- env: EMILUA_FILE_IO=pool
require './m_all'
