-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Terminals.
return {
  -- The C library's, with speeds of their own; of the kernel's c_cc there are 19.
  termios = {
    c = 'struct termios', glibc = 'termios.h', behaviour = 'terminals',
    'unsigned int c_iflag', 'unsigned int c_oflag', 'unsigned int c_cflag', 'unsigned int c_lflag',
    'unsigned char c_line', 'unsigned char c_cc[32]', 'unsigned int c_ispeed', 'unsigned int c_ospeed'
  },
  kernel_termios = {
    c = 'struct termios', header = 'asm/termbits.h',
    'unsigned int c_iflag', 'unsigned int c_oflag', 'unsigned int c_cflag', 'unsigned int c_lflag',
    'unsigned char c_line', 'unsigned char c_cc[19]'
  },
  winsize = {
    c = 'struct winsize', header = 'asm/termios.h',
    'unsigned short ws_row', 'unsigned short ws_col', 'unsigned short ws_xpixel', 'unsigned short ws_ypixel'
  }
}
