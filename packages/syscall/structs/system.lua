-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The system as a whole.
return {
  sysinfo = {
    c = 'struct sysinfo', header = 'linux/sysinfo.h',
    'long uptime', 'unsigned long loads[3]', 'unsigned long totalram', 'unsigned long freeram',
    'unsigned long sharedram', 'unsigned long bufferram', 'unsigned long totalswap', 'unsigned long freeswap',
    'uint16_t procs', 'uint16_t pad', 'unsigned long totalhigh', 'unsigned long freehigh', 'uint32_t mem_unit'
  },
  utsname = {
    c = 'struct new_utsname', header = 'linux/utsname.h',
    'char sysname[65]', 'char nodename[65]', 'char release[65]', 'char version[65]', 'char machine[65]',
    'char domainname[65]'
  }
}
