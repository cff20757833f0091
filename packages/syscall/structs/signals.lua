-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Signals.
return {
  -- Like the C library's, with room for 1024; the kernel has 64.
  sigset = { behaviour = 'signals', 'uint32_t val[32]' },
  -- The kernel reads the first eight bytes of the mask.
  sigaction = {
    c = 'struct sigaction', header = 'asm/signal.h', differs = 'sa_mask',
    'sighandler sa_handler', 'unsigned long sa_flags', 'void *sa_restorer', 'sigset sa_mask'
  },
  sigval = { c = 'union sigval', header = 'asm/siginfo.h', union = true, 'int sival_int', 'void *sival_ptr' },
  siginfo_kill = { 'int si_pid', 'unsigned int si_uid' },
  siginfo_timer = { 'int si_tid', 'int si_overrun', 'sigval si_sigval', 'int si_sys_private' },
  siginfo_queue = { 'int si_pid', 'unsigned int si_uid', 'sigval si_sigval' },
  siginfo_child = { 'int si_pid', 'unsigned int si_uid', 'int si_status', 'long si_utime', 'long si_stime' },
  siginfo_fault = { 'void *si_addr', 'short si_addr_lsb' },
  siginfo_poll = { 'long si_band', 'int si_fd' },
  siginfo_system = { 'void *si_call_addr', 'int si_syscall', 'unsigned int si_arch' },
  siginfo_fields = {
    union = true,
    'int pad[28]', 'siginfo_kill kill', 'siginfo_timer timer', 'siginfo_queue rt', 'siginfo_child sigchld',
    'siginfo_fault sigfault', 'siginfo_poll sigpoll', 'siginfo_system sigsys'
  },
  siginfo = {
    c = 'siginfo_t', header = 'asm/siginfo.h', behaviour = 'signals',
    -- What programs call the members of the union, which the headers define as macros.
    inside = {
      si_pid = '_sifields.kill.si_pid', si_uid = '_sifields.kill.si_uid', si_timerid = '_sifields.timer.si_tid',
      si_overrun = '_sifields.timer.si_overrun', si_status = '_sifields.sigchld.si_status',
      si_utime = '_sifields.sigchld.si_utime', si_stime = '_sifields.sigchld.si_stime',
      si_value = '_sifields.rt.si_sigval', si_int = '_sifields.rt.si_sigval.sival_int',
      si_ptr = '_sifields.rt.si_sigval.sival_ptr', si_addr = '_sifields.sigfault.si_addr',
      si_addr_lsb = '_sifields.sigfault.si_addr_lsb', si_band = '_sifields.sigpoll.si_band',
      si_fd = '_sifields.sigpoll.si_fd', si_call_addr = '_sifields.sigsys.si_call_addr',
      si_syscall = '_sifields.sigsys.si_syscall', si_arch = '_sifields.sigsys.si_arch'
    },
    names = { si_timerid = 'si_tid' },
    'int si_signo', 'int si_errno', 'int si_code', 'siginfo_fields _sifields'
  },
  stack = {
    c = 'stack_t', header = 'asm/signal.h', 'void *ss_sp', 'int ss_flags', 'size_t ss_size'
  },
  sigevent = {
    c = 'struct sigevent', header = 'asm/siginfo.h', differs = 'sigev_tid',
    'sigval sigev_value', 'int sigev_signo', 'int sigev_notify', 'int sigev_tid', 'int sigev_pad[11]'
  },
  signalfd_siginfo = {
    c = 'struct signalfd_siginfo', header = 'linux/signalfd.h',
    'uint32_t ssi_signo', 'int32_t ssi_errno', 'int32_t ssi_code', 'uint32_t ssi_pid', 'uint32_t ssi_uid',
    'int32_t ssi_fd', 'uint32_t ssi_tid', 'uint32_t ssi_band', 'uint32_t ssi_overrun', 'uint32_t ssi_trapno',
    'int32_t ssi_status', 'int32_t ssi_int', 'uint64_t ssi_ptr', 'uint64_t ssi_utime', 'uint64_t ssi_stime',
    'uint64_t ssi_addr', 'uint16_t ssi_addr_lsb', 'uint16_t __pad2', 'int32_t ssi_syscall', 'uint64_t ssi_call_addr',
    'uint32_t ssi_arch', 'uint8_t __pad[28]'
  }
}
