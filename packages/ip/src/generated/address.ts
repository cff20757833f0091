// SPDX-License-Identifier: MIT OR BSL-1.0
// Written by native-core/generate from the description of "ip"; change that instead.
import { adopt, natives, NativeValue, register, wireOf } from '@emilua/native'

const native = natives('ip')

/**
 * An IPv4 or IPv6 address.
 *
 * A value: it never changes.
 */
export class Address extends NativeValue {
  /**
   * Makes an address from its usual text.
   *
   * EINVAL when the text is no address. No name is ever resolved. inet_pton(3).
   *
   * @param str - "192.0.2.1", "2001:db8::1" or "fe80::1%eth0"; nothing means 0.0.0.0.
   */
  constructor (str?: string) {
    super(adopt() ?? native['address.new'](str))
  }

  /**
   * The IPv4 address 0.0.0.0.
   *
   * Binding to it means every IPv4 address of the machine.
   */
  static anyV4 (): Address {
    return native['address.any_v4']() as Address
  }

  /**
   * The IPv6 address ::.
   *
   * Binding to it means every IPv6 address of the machine, and its IPv4 ones too unless the option "v6_only" is
   * set.
   */
  static anyV6 (): Address {
    return native['address.any_v6']() as Address
  }

  /** The IPv4 address 127.0.0.1, this machine itself. */
  static loopbackV4 (): Address {
    return native['address.loopback_v4']() as Address
  }

  /** The IPv6 address ::1, this machine itself. */
  static loopbackV6 (): Address {
    return native['address.loopback_v6']() as Address
  }

  /**
   * The IPv4 address 255.255.255.255.
   *
   * Everybody on the local network.
   */
  static broadcastV4 (): Address {
    return native['address.broadcast_v4']() as Address
  }

  /**
   * The IPv6 address that stands for this IPv4 one.
   *
   * 192.0.2.1 becomes ::ffff:192.0.2.1. EAFNOSUPPORT for an IPv6 address. RFC 4291, 2.5.5.2.
   */
  toV6 (): Address {
    return native['address.to_v6'](wireOf(this)) as Address
  }

  /**
   * The IPv4 address that this IPv6 one stands for.
   *
   * EAFNOSUPPORT unless the address is v4-mapped.
   */
  toV4 (): Address {
    return native['address.to_v4'](wireOf(this)) as Address
  }

  /** Whether it means this machine itself. */
  get isLoopback (): boolean {
    return native['address.is_loopback'](wireOf(this)) as boolean
  }

  /** Whether it means a group of machines. */
  get isMulticast (): boolean {
    return native['address.is_multicast'](wireOf(this)) as boolean
  }

  /** Whether it is 0.0.0.0 or ::. */
  get isUnspecified (): boolean {
    return native['address.is_unspecified'](wireOf(this)) as boolean
  }

  /** Whether it is IPv4. */
  get isV4 (): boolean {
    return native['address.is_v4'](wireOf(this)) as boolean
  }

  /** Whether it is IPv6. */
  get isV6 (): boolean {
    return native['address.is_v6'](wireOf(this)) as boolean
  }

  /**
   * Whether it is only valid on one link (fe80::/10).
   *
   * EAFNOSUPPORT for an IPv4 address.
   */
  get isLinkLocal (): boolean {
    return native['address.is_link_local'](wireOf(this)) as boolean
  }

  /**
   * Whether it is a multicast address of global scope.
   *
   * EAFNOSUPPORT for an IPv4 address.
   */
  get isMulticastGlobal (): boolean {
    return native['address.is_multicast_global'](wireOf(this)) as boolean
  }

  /**
   * Whether it is a multicast address of link-local scope.
   *
   * EAFNOSUPPORT for an IPv4 address.
   */
  get isMulticastLinkLocal (): boolean {
    return native['address.is_multicast_link_local'](wireOf(this)) as boolean
  }

  /**
   * Whether it is a multicast address that stays in the machine.
   *
   * EAFNOSUPPORT for an IPv4 address.
   */
  get isMulticastNodeLocal (): boolean {
    return native['address.is_multicast_node_local'](wireOf(this)) as boolean
  }

  /**
   * Whether it is a multicast address of organisation scope.
   *
   * EAFNOSUPPORT for an IPv4 address.
   */
  get isMulticastOrgLocal (): boolean {
    return native['address.is_multicast_org_local'](wireOf(this)) as boolean
  }

  /**
   * Whether it is a multicast address of site-local scope.
   *
   * EAFNOSUPPORT for an IPv4 address.
   */
  get isMulticastSiteLocal (): boolean {
    return native['address.is_multicast_site_local'](wireOf(this)) as boolean
  }

  /**
   * Whether it is only valid at one site (fec0::/10).
   *
   * EAFNOSUPPORT for an IPv4 address.
   */
  get isSiteLocal (): boolean {
    return native['address.is_site_local'](wireOf(this)) as boolean
  }

  /**
   * Whether it stands for an IPv4 address (::ffff:0:0/96).
   *
   * EAFNOSUPPORT for an IPv4 address.
   */
  get isV4Mapped (): boolean {
    return native['address.is_v4_mapped'](wireOf(this)) as boolean
  }

  /**
   * The number of the interface that a link-local address belongs to; 0 where none was given.
   *
   * EAFNOSUPPORT for an IPv4 address.
   */
  get scopeId (): number {
    return native['address.scope_id'](wireOf(this)) as number
  }

  /** This value with another {@link scopeId}. */
  withScopeId (value: number): Address {
    return native['address.scope_id='](wireOf(this), value) as Address
  }

  /** As text. */
  override toString (): string {
    return native['address.__tostring'](wireOf(this)) as string
  }

  /** Whether `other` is the same value. */
  equals (other: unknown): boolean {
    return other instanceof Address && native['address.__eq'](wireOf(this), other) as boolean
  }

  /** Negative, zero or positive: where this sorts, compared with `other`. */
  compareTo (other: Address): number {
    if (native['address.__lt'](wireOf(this), other)) return -1
    return native['address.__lt'](wireOf(other), this) ? 1 : 0
  }
}

register('ip', 'address', Address)
