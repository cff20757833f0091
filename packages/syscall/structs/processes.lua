-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Processes: limits, capabilities, filters, creation.
return {
  rlimit = { c = 'struct rlimit64', header = 'linux/resource.h', 'uint64_t rlim_cur', 'uint64_t rlim_max' },
  rusage = {
    c = 'struct rusage', header = 'linux/resource.h',
    'timeval ru_utime', 'timeval ru_stime', 'long ru_maxrss', 'long ru_ixrss', 'long ru_idrss', 'long ru_isrss',
    'long ru_minflt', 'long ru_majflt', 'long ru_nswap', 'long ru_inblock', 'long ru_oublock', 'long ru_msgsnd',
    'long ru_msgrcv', 'long ru_nsignals', 'long ru_nvcsw', 'long ru_nivcsw'
  },
  sched_param = { c = 'struct sched_param', glibc = 'sched.h', 'int sched_priority' },
  cap_header = {
    c = 'struct __user_cap_header_struct', header = 'linux/capability.h', 'uint32_t version', 'int pid'
  },
  cap_data = {
    c = 'struct __user_cap_data_struct', header = 'linux/capability.h',
    'uint32_t effective', 'uint32_t permitted', 'uint32_t inheritable'
  },
  seccomp_data = {
    c = 'struct seccomp_data', header = 'linux/seccomp.h',
    'int nr', 'uint32_t arch', 'uint64_t instruction_pointer', 'uint64_t args[6]'
  },
  sock_filter = {
    c = 'struct sock_filter', header = 'linux/filter.h', 'uint16_t code', 'uint8_t jt', 'uint8_t jf', 'uint32_t k'
  },
  sock_fprog = {
    c = 'struct sock_fprog', header = 'linux/filter.h', 'unsigned short len', 'sock_filter *filter'
  },
  clone_args = {
    c = 'struct clone_args', header = 'linux/sched.h',
    'uint64_t flags', 'uint64_t pidfd', 'uint64_t child_tid', 'uint64_t parent_tid', 'uint64_t exit_signal',
    'uint64_t stack', 'uint64_t stack_size', 'uint64_t tls', 'uint64_t set_tid', 'uint64_t set_tid_size',
    'uint64_t cgroup'
  },
  landlock_ruleset_attr = {
    c = 'struct landlock_ruleset_attr', header = 'linux/landlock.h', 'uint64_t handled_access_fs'
  },
  landlock_path_beneath_attr = {
    packed = true, c = 'struct landlock_path_beneath_attr', header = 'linux/landlock.h',
    'uint64_t allowed_access', 'int32_t parent_fd'
  }
}
