// SPDX-License-Identifier: MIT OR BSL-1.0
import { namedError, type EmiluaError } from '@emilua/native'
import { refuseOthers } from './refuse-others.js'

const generic = [
  'EAFNOSUPPORT', 'EADDRINUSE', 'EADDRNOTAVAIL', 'EISCONN', 'E2BIG', 'EDOM', 'EFAULT', 'EBADF', 'EBADMSG', 'EPIPE',
  'ECONNABORTED', 'EALREADY', 'ECONNREFUSED', 'ECONNRESET', 'EXDEV', 'EDESTADDRREQ', 'EBUSY', 'ENOTEMPTY', 'ENOEXEC',
  'EEXIST', 'EFBIG', 'ENAMETOOLONG', 'ENOSYS', 'EHOSTUNREACH', 'EIDRM', 'EILSEQ', 'ENOTTY', 'EINTR', 'EINVAL',
  'ESPIPE', 'EIO', 'EISDIR', 'EMSGSIZE', 'ENETDOWN', 'ENETRESET', 'ENETUNREACH', 'ENOBUFS', 'ECHILD', 'ENOLINK',
  'ENOLCK', 'ENOMSG', 'ENOPROTOOPT', 'ENOSPC', 'ENXIO', 'ENODEV', 'ENOENT', 'ESRCH', 'ENOTDIR', 'ENOTSOCK',
  'ENOTCONN', 'ENOMEM', 'ENOTSUP', 'ECANCELED', 'EINPROGRESS', 'EPERM', 'EOPNOTSUPP', 'EWOULDBLOCK', 'EOWNERDEAD',
  'EACCES', 'EPROTO', 'EPROTONOSUPPORT', 'EROFS', 'EDEADLK', 'EAGAIN', 'ERANGE', 'ENOTRECOVERABLE', 'ETXTBSY',
  'ETIMEDOUT', 'ENFILE', 'EMFILE', 'EMLINK', 'ELOOP', 'EOVERFLOW', 'EPROTOTYPE', 'ENOPROTOPT'
] as const

const asio = {
  basic: [
    'accessDenied', 'addressFamilyNotSupported', 'addressInUse', 'alreadyConnected', 'alreadyStarted', 'brokenPipe',
    'connectionAborted', 'connectionRefused', 'connectionReset', 'badDescriptor', 'fault', 'hostUnreachable',
    'inProgress', 'interrupted', 'invalidArgument', 'messageSize', 'nameTooLong', 'networkDown', 'networkReset',
    'networkUnreachable', 'noDescriptors', 'noBufferSpace', 'noMemory', 'noPermission', 'noProtocolOption',
    'noSuchDevice', 'notConnected', 'notSocket', 'operationAborted', 'operationNotSupported', 'shutDown', 'timedOut',
    'tryAgain', 'wouldBlock'
  ],
  netdb: [
    'hostNotFound', 'hostNotFoundTryAgain', 'noData', 'noRecovery'
  ],
  addrinfo: [
    'serviceNotFound', 'socketTypeNotSupported'
  ],
  misc: [
    'alreadyOpen', 'eof', 'fdSetFailure', 'notFound'
  ]
} as const

/** A name of {@link GenericErrors}, as POSIX has it. */
export type GenericErrorName =
  | 'EAFNOSUPPORT' | 'EADDRINUSE' | 'EADDRNOTAVAIL' | 'EISCONN' | 'E2BIG' | 'EDOM' | 'EFAULT' | 'EBADF' | 'EBADMSG'
  | 'EPIPE' | 'ECONNABORTED' | 'EALREADY' | 'ECONNREFUSED' | 'ECONNRESET' | 'EXDEV' | 'EDESTADDRREQ' | 'EBUSY'
  | 'ENOTEMPTY' | 'ENOEXEC' | 'EEXIST' | 'EFBIG' | 'ENAMETOOLONG' | 'ENOSYS' | 'EHOSTUNREACH' | 'EIDRM' | 'EILSEQ'
  | 'ENOTTY' | 'EINTR' | 'EINVAL' | 'ESPIPE' | 'EIO' | 'EISDIR' | 'EMSGSIZE' | 'ENETDOWN' | 'ENETRESET'
  | 'ENETUNREACH' | 'ENOBUFS' | 'ECHILD' | 'ENOLINK' | 'ENOLCK' | 'ENOMSG' | 'ENOPROTOOPT' | 'ENOSPC' | 'ENXIO'
  | 'ENODEV' | 'ENOENT' | 'ESRCH' | 'ENOTDIR' | 'ENOTSOCK' | 'ENOTCONN' | 'ENOMEM' | 'ENOTSUP' | 'ECANCELED'
  | 'EINPROGRESS' | 'EPERM' | 'EOPNOTSUPP' | 'EWOULDBLOCK' | 'EOWNERDEAD' | 'EACCES' | 'EPROTO' | 'EPROTONOSUPPORT'
  | 'EROFS' | 'EDEADLK' | 'EAGAIN' | 'ERANGE' | 'ENOTRECOVERABLE' | 'ETXTBSY' | 'ETIMEDOUT' | 'ENFILE' | 'EMFILE'
  | 'EMLINK' | 'ELOOP' | 'EOVERFLOW' | 'EPROTOTYPE' | 'ENOPROTOPT'

/** A name of `asioError.basic`: the system's errors under other names. */
export type BasicErrorName =
  | 'accessDenied' | 'addressFamilyNotSupported' | 'addressInUse' | 'alreadyConnected' | 'alreadyStarted'
  | 'brokenPipe' | 'connectionAborted' | 'connectionRefused' | 'connectionReset' | 'badDescriptor' | 'fault'
  | 'hostUnreachable' | 'inProgress' | 'interrupted' | 'invalidArgument' | 'messageSize' | 'nameTooLong'
  | 'networkDown' | 'networkReset' | 'networkUnreachable' | 'noDescriptors' | 'noBufferSpace' | 'noMemory'
  | 'noPermission' | 'noProtocolOption' | 'noSuchDevice' | 'notConnected' | 'notSocket' | 'operationAborted'
  | 'operationNotSupported' | 'shutDown' | 'timedOut' | 'tryAgain' | 'wouldBlock'

/** A name of `asioError.netdb`: what a name server says. */
export type NetdbErrorName =
  | 'hostNotFound' | 'hostNotFoundTryAgain' | 'noData' | 'noRecovery'

/** A name of `asioError.addrinfo`: what a lookup cannot do. */
export type AddrinfoErrorName =
  | 'serviceNotFound' | 'socketTypeNotSupported'

/** A name of `asioError.misc`: the end of a stream, and others of the network layer. */
export type MiscErrorName =
  | 'alreadyOpen' | 'eof' | 'fdSetFailure' | 'notFound'

/** The errors of {@link genericError}. */
export type GenericErrors = Readonly<Record<GenericErrorName, EmiluaError>>

/** The errors of {@link asioError}. */
export type AsioErrors = {
  /** The system's own under other names. */
  readonly basic: Readonly<Record<BasicErrorName, EmiluaError>>
  /** Of name servers. */
  readonly netdb: Readonly<Record<NetdbErrorName, EmiluaError>>
  /** Of lookups. */
  readonly addrinfo: Readonly<Record<AddrinfoErrorName, EmiluaError>>
  /** The end of a stream, `eof`, and others. */
  readonly misc: Readonly<Record<MiscErrorName, EmiluaError>>
}

function named<Name extends string> (group: string, names: readonly Name[]): Readonly<Record<Name, EmiluaError>> {
  const errors = {}
  refuseOthers(errors, group === 'generic' ? 'genericError' : `asioError.${group}`, names)
  for (const name of names) {
    Object.defineProperty(errors, name, {
      enumerable: true,
      get () { return namedError(group, name) }
    })
  }
  return Object.freeze(errors) as Readonly<Record<Name, EmiluaError>>
}

/**
 * The portable errors, by their names in POSIX: `error.toGeneric().equals(genericError.EADDRINUSE)`. Each access
 * makes a new error, which may be thrown as it is or after its `arg` was set.
 */
export const genericError: GenericErrors = named('generic', generic)

/**
 * The errors of the network layer: `basic` are the system's own under other names, `netdb` and `addrinfo` come from
 * resolvers, `misc` has the end of a stream, `eof`. Each access makes a new error.
 */
export const asioError: AsioErrors = Object.freeze(refuseOthers({
  basic: named('basic', asio.basic),
  netdb: named('netdb', asio.netdb),
  addrinfo: named('addrinfo', asio.addrinfo),
  misc: named('misc', asio.misc)
}, 'asioError', Object.keys(asio)))
