-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Files as programs have them: what is in memory is read at once.
require './m_all'
