-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Times and timers. `c` is what a type is compared with, `header` where that is declared.
return {
  timespec = {
    c = 'struct __kernel_timespec', header = 'linux/time_types.h', behaviour = 'time',
    'int64_t tv_sec', 'int64_t tv_nsec'
  },
  timeval = {
    c = 'struct __kernel_old_timeval', header = 'linux/time_types.h', behaviour = 'time',
    'int64_t tv_sec', 'int64_t tv_usec'
  },
  itimerspec = {
    c = 'struct __kernel_itimerspec', header = 'linux/time_types.h', behaviour = 'time',
    'timespec it_interval', 'timespec it_value'
  },
  itimerval = {
    c = 'struct itimerval', header = 'linux/time.h', behaviour = 'time',
    'timeval it_interval', 'timeval it_value'
  },
  timex = {
    c = 'struct timex', header = 'linux/timex.h',
    'unsigned int modes', 'long offset', 'long freq', 'long maxerror', 'long esterror', 'int status', 'long constant',
    'long precision', 'long tolerance', 'timeval time', 'long tick', 'long ppsfreq', 'long jitter', 'int shift',
    'long stabil', 'long jitcnt', 'long calcnt', 'long errcnt', 'long stbcnt', 'int tai', 'int pad[11]'
  },
  tms = {
    c = 'struct tms', header = 'linux/times.h',
    'long tms_utime', 'long tms_stime', 'long tms_cutime', 'long tms_cstime'
  }
}
