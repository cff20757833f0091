-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Netlink messages and what they carry.
return {
  nlmsghdr = {
    c = 'struct nlmsghdr', header = 'linux/netlink.h',
    'uint32_t nlmsg_len', 'uint16_t nlmsg_type', 'uint16_t nlmsg_flags', 'uint32_t nlmsg_seq', 'uint32_t nlmsg_pid'
  },
  nlmsgerr = { c = 'struct nlmsgerr', header = 'linux/netlink.h', 'int error', 'nlmsghdr msg' },
  rtattr = {
    c = 'struct rtattr', header = 'linux/rtnetlink.h', 'unsigned short rta_len', 'unsigned short rta_type'
  },
  rtgenmsg = { c = 'struct rtgenmsg', header = 'linux/rtnetlink.h', 'unsigned char rtgen_family' },
  rtmsg = {
    c = 'struct rtmsg', header = 'linux/rtnetlink.h',
    'unsigned char rtm_family', 'unsigned char rtm_dst_len', 'unsigned char rtm_src_len', 'unsigned char rtm_tos',
    'unsigned char rtm_table', 'unsigned char rtm_protocol', 'unsigned char rtm_scope', 'unsigned char rtm_type',
    'unsigned int rtm_flags'
  },
  rta_cacheinfo = {
    c = 'struct rta_cacheinfo', header = 'linux/rtnetlink.h',
    'uint32_t rta_clntref', 'uint32_t rta_lastuse', 'int32_t rta_expires', 'uint32_t rta_error', 'uint32_t rta_used',
    'uint32_t rta_id', 'uint32_t rta_ts', 'uint32_t rta_tsage'
  },
  ifinfomsg = {
    c = 'struct ifinfomsg', header = 'linux/rtnetlink.h',
    'unsigned char ifi_family', 'unsigned char __ifi_pad', 'unsigned short ifi_type', 'int ifi_index',
    'unsigned int ifi_flags', 'unsigned int ifi_change'
  },
  ifaddrmsg = {
    c = 'struct ifaddrmsg', header = 'linux/if_addr.h',
    'uint8_t ifa_family', 'uint8_t ifa_prefixlen', 'uint8_t ifa_flags', 'uint8_t ifa_scope', 'uint32_t ifa_index'
  },
  ifa_cacheinfo = {
    c = 'struct ifa_cacheinfo', header = 'linux/if_addr.h',
    'uint32_t ifa_prefered', 'uint32_t ifa_valid', 'uint32_t cstamp', 'uint32_t tstamp'
  },
  ndmsg = {
    c = 'struct ndmsg', header = 'linux/neighbour.h',
    'uint8_t ndm_family', 'uint8_t ndm_pad1', 'uint16_t ndm_pad2', 'int32_t ndm_ifindex', 'uint16_t ndm_state',
    'uint8_t ndm_flags', 'uint8_t ndm_type'
  }
}
