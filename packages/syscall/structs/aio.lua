-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Asynchronous input and output: the kernel's first kind, and its rings.
return {
  aio_context = { behaviour = 'aio', 'unsigned long ctx' },
  iocb = {
    c = 'struct iocb', header = 'linux/aio_abi.h',
    'uint64_t aio_data', 'uint32_t aio_key', 'int aio_rw_flags', 'uint16_t aio_lio_opcode', 'int16_t aio_reqprio',
    'uint32_t aio_fildes', 'uint64_t aio_buf', 'uint64_t aio_nbytes', 'int64_t aio_offset', 'uint64_t aio_reserved2',
    'uint32_t aio_flags', 'uint32_t aio_resfd'
  },
  io_event = {
    c = 'struct io_event', header = 'linux/aio_abi.h', 'uint64_t data', 'uint64_t obj', 'int64_t res', 'int64_t res2'
  },
  io_sqring_offsets = {
    c = 'struct io_sqring_offsets', header = 'linux/io_uring.h',
    'uint32_t head', 'uint32_t tail', 'uint32_t ring_mask', 'uint32_t ring_entries', 'uint32_t flags',
    'uint32_t dropped', 'uint32_t array', 'uint32_t resv1', 'uint64_t resv2'
  },
  io_cqring_offsets = {
    c = 'struct io_cqring_offsets', header = 'linux/io_uring.h',
    'uint32_t head', 'uint32_t tail', 'uint32_t ring_mask', 'uint32_t ring_entries', 'uint32_t overflow',
    'uint32_t cqes', 'uint32_t flags', 'uint32_t resv1', 'uint64_t resv2'
  },
  io_uring_params = {
    c = 'struct io_uring_params', header = 'linux/io_uring.h',
    'uint32_t sq_entries', 'uint32_t cq_entries', 'uint32_t flags', 'uint32_t sq_thread_cpu',
    'uint32_t sq_thread_idle', 'uint32_t features', 'uint32_t wq_fd', 'uint32_t resv[3]', 'io_sqring_offsets sq_off',
    'io_cqring_offsets cq_off'
  },
  -- The kernel names most members for each use: what stands here are the first names.
  io_uring_sqe = {
    c = 'struct io_uring_sqe', header = 'linux/io_uring.h',
    'uint8_t opcode', 'uint8_t flags', 'uint16_t ioprio', 'int32_t fd', 'uint64_t off', 'uint64_t addr',
    'uint32_t len', 'uint32_t rw_flags', 'uint64_t user_data', 'uint16_t buf_index', 'uint16_t personality',
    'int32_t splice_fd_in', 'uint64_t addr3', 'uint64_t __pad2[1]'
  },
  io_uring_cqe = {
    c = 'struct io_uring_cqe', header = 'linux/io_uring.h', differs = 'big_cqe',
    'uint64_t user_data', 'int32_t res', 'uint32_t flags'
  }
}
