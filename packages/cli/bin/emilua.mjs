#!/usr/bin/env node
// SPDX-License-Identifier: MIT OR BSL-1.0
import '../bundled/main.js'
