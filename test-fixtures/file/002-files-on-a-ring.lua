-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The same, with all transfers on a ring of the kernel.
-- env: EMILUA_FILE_IO=ring
-- needs: io_uring
require './m_all'
