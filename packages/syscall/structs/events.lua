-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Waiting for events.
return {
  epoll_data = { union = true, 'void *ptr', 'int fd', 'uint32_t u32', 'uint64_t u64', 'uint32_t halves[2]' },
  -- Packed on x86-64 only.
  epoll_event = {
    c = 'struct epoll_event', header = 'linux/eventpoll.h',
    x64 = { packed = true, 'uint32_t events', 'epoll_data data' },
    arm64 = { 'uint32_t events', 'epoll_data data' }
  },
  pollfd = {
    c = 'struct pollfd', header = 'asm/poll.h', behaviour = 'events', 'int fd', 'short events', 'short revents'
  },
  pollfds = { behaviour = 'events', 'int count', 'pollfd pfd[?]' },
  fdset = { c = 'fd_set', glibc = 'sys/select.h', differs = 'fds_bits', 'uint32_t fds_bits[32]' },
  inotify_event = {
    c = 'struct inotify_event', header = 'linux/inotify.h',
    'int wd', 'uint32_t mask', 'uint32_t cookie', 'uint32_t len', 'char name[?]'
  },
  fanotify_event_metadata = {
    c = 'struct fanotify_event_metadata', header = 'linux/fanotify.h',
    'uint32_t event_len', 'uint8_t vers', 'uint8_t reserved', 'uint16_t metadata_len', 'uint64_t mask', 'int fd',
    'int pid'
  },
  fanotify_response = {
    c = 'struct fanotify_response', header = 'linux/fanotify.h', 'int fd', 'uint32_t response'
  },
  mq_attr = {
    c = 'struct mq_attr', header = 'linux/mqueue.h',
    'long mq_flags', 'long mq_maxmsg', 'long mq_msgsize', 'long mq_curmsgs', 'long __reserved[4]'
  }
}
