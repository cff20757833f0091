-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Network interfaces and bridges.
return {
  macaddr = {
    c = 'struct ether_addr', glibc = 'net/ethernet.h', behaviour = 'sockets', names = { mac_addr = 'ether_addr_octet' },
    'unsigned char mac_addr[6]'
  },
  rtnl_link_stats = {
    c = 'struct rtnl_link_stats', header = 'linux/if_link.h', differs = 'rx_nohandler',
    'uint32_t rx_packets', 'uint32_t tx_packets', 'uint32_t rx_bytes', 'uint32_t tx_bytes', 'uint32_t rx_errors',
    'uint32_t tx_errors', 'uint32_t rx_dropped', 'uint32_t tx_dropped', 'uint32_t multicast', 'uint32_t collisions',
    'uint32_t rx_length_errors', 'uint32_t rx_over_errors', 'uint32_t rx_crc_errors', 'uint32_t rx_frame_errors',
    'uint32_t rx_fifo_errors', 'uint32_t rx_missed_errors', 'uint32_t tx_aborted_errors',
    'uint32_t tx_carrier_errors', 'uint32_t tx_fifo_errors', 'uint32_t tx_heartbeat_errors',
    'uint32_t tx_window_errors', 'uint32_t rx_compressed', 'uint32_t tx_compressed'
  },
  fdb_entry = {
    c = 'struct __fdb_entry', header = 'linux/if_bridge.h',
    'uint8_t mac_addr[6]', 'uint8_t port_no', 'uint8_t is_local', 'uint32_t ageing_timer_value', 'uint8_t port_hi',
    'uint8_t pad0', 'uint16_t unused'
  },
  ifmap = {
    c = 'struct ifmap', header = 'linux/if.h',
    'unsigned long mem_start', 'unsigned long mem_end', 'unsigned short base_addr', 'unsigned char irq',
    'unsigned char dma', 'unsigned char port'
  },
  if_settings = {
    c = 'struct if_settings', header = 'linux/if.h', differs = 'data',
    'unsigned int type', 'unsigned int size', 'void *data'
  },
  ifreq_name = { union = true, 'char ifrn_name[16]' },
  ifreq_value = {
    union = true,
    'sockaddr ifru_addr', 'sockaddr ifru_dstaddr', 'sockaddr ifru_broadaddr', 'sockaddr ifru_netmask',
    'sockaddr ifru_hwaddr', 'short ifru_flags', 'int ifru_ivalue', 'int ifru_mtu', 'ifmap ifru_map',
    'char ifru_slave[16]', 'char ifru_newname[16]', 'void *ifru_data', 'if_settings ifru_settings'
  },
  ifreq = { c = 'struct ifreq', header = 'linux/if.h', 'ifreq_name ifr_ifrn', 'ifreq_value ifr_ifru' }
}
