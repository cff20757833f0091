// SPDX-License-Identifier: MIT OR BSL-1.0
