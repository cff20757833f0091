-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Socket addresses, and messages with what accompanies them.
return {
  in_addr = { c = 'struct in_addr', header = 'linux/in.h', behaviour = 'sockets', 'uint32_t s_addr' },
  in6_addr = {
    c = 'struct in6_addr', header = 'linux/in6.h', behaviour = 'sockets', 'unsigned char s6_addr[16]'
  },
  sockaddr = {
    c = 'struct sockaddr', glibc = 'sys/socket.h', behaviour = 'sockets',
    'unsigned short sa_family', 'char sa_data[14]'
  },
  sockaddr_storage = {
    c = 'struct sockaddr_storage', glibc = 'sys/socket.h', behaviour = 'sockets',
    'unsigned short ss_family', 'char __ss_data[118]', 'unsigned long __ss_align'
  },
  sockaddr_in = {
    c = 'struct sockaddr_in', header = 'linux/in.h', behaviour = 'sockets',
    'unsigned short sin_family', 'uint16_t sin_port', 'in_addr sin_addr', 'unsigned char sin_zero[8]'
  },
  sockaddr_in6 = {
    c = 'struct sockaddr_in6', header = 'linux/in6.h', behaviour = 'sockets',
    'unsigned short sin6_family', 'uint16_t sin6_port', 'uint32_t sin6_flowinfo', 'in6_addr sin6_addr',
    'uint32_t sin6_scope_id'
  },
  sockaddr_un = {
    c = 'struct sockaddr_un', header = 'linux/un.h', behaviour = 'sockets',
    'unsigned short sun_family', 'char sun_path[108]'
  },
  sockaddr_nl = {
    c = 'struct sockaddr_nl', header = 'linux/netlink.h', behaviour = 'sockets',
    'unsigned short nl_family', 'unsigned short nl_pad', 'uint32_t nl_pid', 'uint32_t nl_groups'
  },
  sockaddr_ll = {
    c = 'struct sockaddr_ll', header = 'linux/if_packet.h',
    'unsigned short sll_family', 'uint16_t sll_protocol', 'int sll_ifindex', 'unsigned short sll_hatype',
    'unsigned char sll_pkttype', 'unsigned char sll_halen', 'unsigned char sll_addr[8]'
  },
  sockaddr_vm = {
    c = 'struct sockaddr_vm', header = 'sys/socket.h linux/vm_sockets.h',
    'unsigned short svm_family', 'unsigned short svm_reserved1', 'unsigned int svm_port', 'unsigned int svm_cid',
    'uint8_t svm_flags', 'unsigned char svm_zero[3]'
  },
  msghdr = {
    c = 'struct msghdr', glibc = 'sys/socket.h',
    'void *msg_name', 'int msg_namelen', 'iovec *msg_iov', 'size_t msg_iovlen', 'void *msg_control',
    'size_t msg_controllen', 'int msg_flags'
  },
  mmsghdr = { c = 'struct mmsghdr', glibc = 'sys/socket.h', 'msghdr msg_hdr', 'unsigned int msg_len' },
  cmsghdr = {
    c = 'struct cmsghdr', glibc = 'sys/socket.h', 'size_t cmsg_len', 'int cmsg_level', 'int cmsg_type'
  },
  ucred = { c = 'struct ucred', glibc = 'sys/socket.h', 'int pid', 'unsigned int uid', 'unsigned int gid' },
  linger = { c = 'struct linger', glibc = 'sys/socket.h', 'int l_onoff', 'int l_linger' },
  ip_mreq = { c = 'struct ip_mreq', header = 'linux/in.h', 'in_addr imr_multiaddr', 'in_addr imr_interface' },
  ip_mreqn = {
    c = 'struct ip_mreqn', header = 'linux/in.h', 'in_addr imr_multiaddr', 'in_addr imr_address', 'int imr_ifindex'
  },
  ipv6_mreq = { c = 'struct ipv6_mreq', header = 'linux/in6.h', 'in6_addr ipv6mr_multiaddr', 'int ipv6mr_ifindex' }
}
