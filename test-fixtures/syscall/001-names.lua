-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Every function that programs may count on exists.
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
local S = require 'syscall'

local missing, count = {}, 0
for name in ([[
  open close creat chdir mkdir rmdir unlink acct chmod link umask uname gethostname sethostname getuid geteuid
  getpid getppid getgid getegid fork execve wait waitpid _exit signal gettimeofday settimeofday time
  clock_getres clock_gettime clock_settime sysinfo read write pread pwrite lseek send sendto sendmsg recv
  recvfrom recvmsg readv writev getsockopt setsockopt select epoll_create epoll_ctl epoll_wait sendfile dup
  fchdir fsync fdatasync fcntl fchmod socket socketpair bind listen connect accept getsockname getpeername mmap
  munmap msync mlock munlock mlockall munlockall mremap madvise pipe access getcwd nanosleep syscall stat fstat
  lstat ioctl eventfd truncate ftruncate pause reboot sync shutdown ksyslogctl mount umount nice getpriority
  setpriority prctl alarm waitid inotify_init inotify_add_watch inotify_rm_watch adjtimex getrlimit setrlimit
  sigprocmask sigpending sigsuspend getsid setsid listxattr llistxattr flistxattr setxattr lsetxattr fsetxattr
  getxattr lgetxattr fgetxattr removexattr lremovexattr fremovexattr readlink splice vmsplice tee signalfd
  timerfd_create timerfd_settime timerfd_gettime posix_fadvise fallocate readahead poll getitimer setitimer
  sync_file_range io_cancel io_destroy io_setup io_submit io_getevents exit inet_aton inet_ntoa inet_pton
  inet_ntop cfgetispeed cfgetospeed cfsetispeed cfsetospeed cfsetspeed tcgetattr tcsetattr tcsendbreak tcdrain
  tcflush tcflow tcgetsid posix_openpt grantpt unlockpt ptsname major minor getdents proc get_interfaces S_ISREG
  block bridge_add bridge_add_interface bridge_del bridge_list cfmakeraw chroot clearenv clone dirfile environ
  eventfd_read eventfd_write fstatfs futimens fxattr getaddr getenv getlink if_nametoindex inotify_read
  interface interfaces kill killpg klogctl ls lxattr makedev mode nlmsg_read nonblock posix_fallocate ps
  readfile sendcred sendfds setcmdline setenv setlink sigaction signalfd_read sleep statfs strerror symlink
  timerfd_read unsetenv unshare ustat writefile xattr S_ISDIR S_ISCHR S_ISBLK S_ISFIFO S_ISLNK S_ISSOCK htons
  ntohs htonl ntohl string sizeof cast copy fill pointer nogc openat openat2 faccessat fchmodat fchownat chown
  lchown fchown fstatat linkat symlinkat unlinkat mkdirat readlinkat utimensat futimesat renameat rename mknodat
  mknod mkfifoat mkfifo statx execveat name_to_handle_at open_by_handle_at bridge_del_interface capget capset
  sysctl mounts cgroup lock unlock flock from_file_descriptor to_file_descriptor epoll_pwait2 preadv pwritev
  syncfs newaddr deladdr prlimit getrusage newlink dellink changelink mprotect sendmmsg recvmmsg pivot_root
  pidfd_open pidfd_getfd pidfd_send_signal close_range memfd_create getrandom copy_file_range userfaultfd clone3
  setns kcmp process_vm_readv process_vm_writev membarrier ppoll pselect gettid getpgid setpgid getpgrp setuid
  setgid setreuid setregid setresuid setresgid wait4 tgkill io_uring_setup io_uring_enter io_uring_register
  io_uring getroute newroute replaceroute delroute getneigh newneigh delneigh landlock_create_ruleset
  landlock_add_rule landlock_restrict_self seccomp seccomp_filter sched_yield sched_getaffinity
  sched_setaffinity sched_getscheduler sched_setscheduler sched_getparam sched_setparam sched_get_priority_max
  sched_get_priority_min sched_rr_get_interval getcpu getgroups setgroups getresuid getresgid times personality
  getdomainname setdomainname isatty tcgetpgrp tcsetpgrp tcgetwinsize tcsetwinsize clock_nanosleep timer_create
  timer_settime timer_gettime timer_delete timer_getoverrun sigqueue sigtimedwait sigwaitinfo preadv2 pwritev2
  renameat2 fanotify_init fanotify_mark fanotify_read fanotify_respond mq_open mq_unlink mq_send mq_timedsend mq_receive
  mq_timedreceive mq_getattr mq_setattr mq_notify ptrace
]]):gmatch('%S+') do
  count = count + 1
  if type(S[name]) ~= 'function' then missing[#missing + 1] = name end
end
print(count, table.concat(missing, ' '))
