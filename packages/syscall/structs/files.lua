-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Files and directories.
return {
  -- The order of the members is the processor's.
  stat = {
    c = 'struct stat', header = 'asm/stat.h', behaviour = 'files',
    x64 = {
      'uint64_t st_dev', 'uint64_t st_ino', 'uint64_t st_nlink', 'unsigned int st_mode', 'unsigned int st_uid',
      'unsigned int st_gid', 'unsigned int __pad0', 'uint64_t st_rdev', 'int64_t st_size', 'int64_t st_blksize',
      'int64_t st_blocks', 'uint64_t st_atime', 'uint64_t st_atime_nsec', 'uint64_t st_mtime',
      'uint64_t st_mtime_nsec', 'uint64_t st_ctime', 'uint64_t st_ctime_nsec', 'int64_t __unused[3]'
    },
    arm64 = {
      'uint64_t st_dev', 'uint64_t st_ino', 'unsigned int st_mode', 'unsigned int st_nlink', 'unsigned int st_uid',
      'unsigned int st_gid', 'uint64_t st_rdev', 'uint64_t __pad1', 'int64_t st_size', 'int st_blksize',
      'int __pad2', 'int64_t st_blocks', 'int64_t st_atime', 'uint64_t st_atime_nsec', 'int64_t st_mtime',
      'uint64_t st_mtime_nsec', 'int64_t st_ctime', 'uint64_t st_ctime_nsec', 'unsigned int __unused4',
      'unsigned int __unused5'
    }
  },
  statfs = {
    c = 'struct statfs', header = 'asm/statfs.h',
    'long f_type', 'long f_bsize', 'uint64_t f_blocks', 'uint64_t f_bfree', 'uint64_t f_bavail', 'uint64_t f_files',
    'uint64_t f_ffree', 'int f_fsid[2]', 'long f_namelen', 'long f_frsize', 'long f_flags', 'long f_spare[4]'
  },
  -- Of the kernel itself, include/linux/types.h: the C library dropped it in 2.28.
  ustat = { 'int f_tfree', 'unsigned long f_tinode', 'char f_fname[6]', 'char f_fpack[6]' },
  iovec = { c = 'struct iovec', header = 'linux/uio.h', 'void *iov_base', 'size_t iov_len' },
  iovecs = { behaviour = 'files', 'int count', 'iovec iov[?]' },
  -- The kernel's own has no header; the C library's is laid out like it.
  linux_dirent64 = {
    c = 'struct dirent64', glibc = 'dirent.h', differs = 'd_name',
    'uint64_t d_ino', 'int64_t d_off', 'unsigned short d_reclen', 'unsigned char d_type', 'char d_name[?]'
  },
  flock = {
    c = 'struct flock', header = 'linux/fcntl.h',
    'short l_type', 'short l_whence', 'int64_t l_start', 'int64_t l_len', 'int l_pid'
  },
  f_owner_ex = { c = 'struct f_owner_ex', header = 'linux/fcntl.h', 'int type', 'int pid' },
  statx_timestamp = {
    c = 'struct statx_timestamp', header = 'linux/stat.h', 'int64_t tv_sec', 'uint32_t tv_nsec', 'int32_t __reserved'
  },
  statx = {
    c = 'struct statx', header = 'linux/stat.h', behaviour = 'files',
    'uint32_t stx_mask', 'uint32_t stx_blksize', 'uint64_t stx_attributes', 'uint32_t stx_nlink', 'uint32_t stx_uid',
    'uint32_t stx_gid', 'uint16_t stx_mode', 'uint16_t __spare0[1]', 'uint64_t stx_ino', 'uint64_t stx_size',
    'uint64_t stx_blocks', 'uint64_t stx_attributes_mask', 'statx_timestamp stx_atime', 'statx_timestamp stx_btime',
    'statx_timestamp stx_ctime', 'statx_timestamp stx_mtime', 'uint32_t stx_rdev_major', 'uint32_t stx_rdev_minor',
    'uint32_t stx_dev_major', 'uint32_t stx_dev_minor', 'uint64_t stx_mnt_id', 'uint32_t stx_dio_mem_align',
    'uint32_t stx_dio_offset_align', 'uint64_t __spare3[12]'
  },
  open_how = {
    c = 'struct open_how', header = 'linux/openat2.h', 'uint64_t flags', 'uint64_t mode', 'uint64_t resolve'
  },
  file_handle = {
    c = 'struct file_handle', glibc = 'fcntl.h', 'unsigned int handle_bytes', 'int handle_type', 'unsigned char f_handle[?]'
  },
  mount_attr = {
    c = 'struct mount_attr', header = 'linux/mount.h',
    'uint64_t attr_set', 'uint64_t attr_clr', 'uint64_t propagation', 'uint64_t userns_fd'
  }
}
