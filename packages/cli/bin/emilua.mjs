#!/usr/bin/env node
// SPDX-License-Identifier: MIT OR BSL-1.0
import '../dist/main.js'
