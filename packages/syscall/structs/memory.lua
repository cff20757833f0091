-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Page faults that a program handles.
return {
  uffdio_range = { c = 'struct uffdio_range', header = 'linux/userfaultfd.h', 'uint64_t start', 'uint64_t len' },
  uffdio_api = {
    c = 'struct uffdio_api', header = 'linux/userfaultfd.h', 'uint64_t api', 'uint64_t features', 'uint64_t ioctls'
  },
  uffdio_register = {
    c = 'struct uffdio_register', header = 'linux/userfaultfd.h',
    'uffdio_range range', 'uint64_t mode', 'uint64_t ioctls'
  },
  uffdio_copy = {
    c = 'struct uffdio_copy', header = 'linux/userfaultfd.h',
    'uint64_t dst', 'uint64_t src', 'uint64_t len', 'uint64_t mode', 'int64_t copy'
  },
  uffdio_zeropage = {
    c = 'struct uffdio_zeropage', header = 'linux/userfaultfd.h', 'uffdio_range range', 'uint64_t mode', 'int64_t zeropage'
  },
  uffd_pagefault = { 'uint64_t flags', 'uint64_t address', 'uint32_t ptid' },
  -- With the member of its union that every program needs.
  uffd_msg = {
    c = 'struct uffd_msg', header = 'linux/userfaultfd.h', names = { pagefault = 'arg.pagefault' }, packed = true,
    'uint8_t event', 'uint8_t reserved1', 'uint16_t reserved2', 'uint32_t reserved3', 'uffd_pagefault pagefault'
  }
}
