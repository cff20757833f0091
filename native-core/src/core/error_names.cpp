// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/error_names.hpp"

#include <boost/asio/error.hpp>

#include <string_view>

namespace emilua {

const error_names& generic_error_names() {
    auto e = [](int code) {
        return error_code{code, boost::system::generic_category()};
    };
    // ENOPROTOPT is how the reference spells ENOPROTOOPT.
    static const error_names names{"generic_error",
                                   {
                                       {"EAFNOSUPPORT", e(EAFNOSUPPORT)},
                                       {"EADDRINUSE", e(EADDRINUSE)},
                                       {"EADDRNOTAVAIL", e(EADDRNOTAVAIL)},
                                       {"EISCONN", e(EISCONN)},
                                       {"E2BIG", e(E2BIG)},
                                       {"EDOM", e(EDOM)},
                                       {"EFAULT", e(EFAULT)},
                                       {"EBADF", e(EBADF)},
                                       {"EBADMSG", e(EBADMSG)},
                                       {"EPIPE", e(EPIPE)},
                                       {"ECONNABORTED", e(ECONNABORTED)},
                                       {"EALREADY", e(EALREADY)},
                                       {"ECONNREFUSED", e(ECONNREFUSED)},
                                       {"ECONNRESET", e(ECONNRESET)},
                                       {"EXDEV", e(EXDEV)},
                                       {"EDESTADDRREQ", e(EDESTADDRREQ)},
                                       {"EBUSY", e(EBUSY)},
                                       {"ENOTEMPTY", e(ENOTEMPTY)},
                                       {"ENOEXEC", e(ENOEXEC)},
                                       {"EEXIST", e(EEXIST)},
                                       {"EFBIG", e(EFBIG)},
                                       {"ENAMETOOLONG", e(ENAMETOOLONG)},
                                       {"ENOSYS", e(ENOSYS)},
                                       {"EHOSTUNREACH", e(EHOSTUNREACH)},
                                       {"EIDRM", e(EIDRM)},
                                       {"EILSEQ", e(EILSEQ)},
                                       {"ENOTTY", e(ENOTTY)},
                                       {"EINTR", e(EINTR)},
                                       {"EINVAL", e(EINVAL)},
                                       {"ESPIPE", e(ESPIPE)},
                                       {"EIO", e(EIO)},
                                       {"EISDIR", e(EISDIR)},
                                       {"EMSGSIZE", e(EMSGSIZE)},
                                       {"ENETDOWN", e(ENETDOWN)},
                                       {"ENETRESET", e(ENETRESET)},
                                       {"ENETUNREACH", e(ENETUNREACH)},
                                       {"ENOBUFS", e(ENOBUFS)},
                                       {"ECHILD", e(ECHILD)},
                                       {"ENOLINK", e(ENOLINK)},
                                       {"ENOLCK", e(ENOLCK)},
                                       {"ENOMSG", e(ENOMSG)},
                                       {"ENOPROTOOPT", e(ENOPROTOOPT)},
                                       {"ENOSPC", e(ENOSPC)},
                                       {"ENXIO", e(ENXIO)},
                                       {"ENODEV", e(ENODEV)},
                                       {"ENOENT", e(ENOENT)},
                                       {"ESRCH", e(ESRCH)},
                                       {"ENOTDIR", e(ENOTDIR)},
                                       {"ENOTSOCK", e(ENOTSOCK)},
                                       {"ENOTCONN", e(ENOTCONN)},
                                       {"ENOMEM", e(ENOMEM)},
                                       {"ENOTSUP", e(ENOTSUP)},
                                       {"ECANCELED", e(ECANCELED)},
                                       {"EINPROGRESS", e(EINPROGRESS)},
                                       {"EPERM", e(EPERM)},
                                       {"EOPNOTSUPP", e(EOPNOTSUPP)},
                                       {"EWOULDBLOCK", e(EWOULDBLOCK)},
                                       {"EOWNERDEAD", e(EOWNERDEAD)},
                                       {"EACCES", e(EACCES)},
                                       {"EPROTO", e(EPROTO)},
                                       {"EPROTONOSUPPORT", e(EPROTONOSUPPORT)},
                                       {"EROFS", e(EROFS)},
                                       {"EDEADLK", e(EDEADLK)},
                                       {"EAGAIN", e(EAGAIN)},
                                       {"ERANGE", e(ERANGE)},
                                       {"ENOTRECOVERABLE", e(ENOTRECOVERABLE)},
                                       {"ETXTBSY", e(ETXTBSY)},
                                       {"ETIMEDOUT", e(ETIMEDOUT)},
                                       {"ENFILE", e(ENFILE)},
                                       {"EMFILE", e(EMFILE)},
                                       {"EMLINK", e(EMLINK)},
                                       {"ELOOP", e(ELOOP)},
                                       {"EOVERFLOW", e(EOVERFLOW)},
                                       {"EPROTOTYPE", e(EPROTOTYPE)},
                                       {"ENOPROTOPT", e(ENOPROTOOPT)},
                                   }};
    return names;
}

const std::vector<error_names>& asio_error_names() {
    namespace asio = boost::asio::error;
    static const std::vector<error_names> names{
        {"basic",
         {
             {"access_denied", asio::access_denied},
             {"address_family_not_supported",
              asio::address_family_not_supported},
             {"address_in_use", asio::address_in_use},
             {"already_connected", asio::already_connected},
             {"already_started", asio::already_started},
             {"broken_pipe", asio::broken_pipe},
             {"connection_aborted", asio::connection_aborted},
             {"connection_refused", asio::connection_refused},
             {"connection_reset", asio::connection_reset},
             {"bad_descriptor", asio::bad_descriptor},
             {"fault", asio::fault},
             {"host_unreachable", asio::host_unreachable},
             {"in_progress", asio::in_progress},
             {"interrupted", asio::interrupted},
             {"invalid_argument", asio::invalid_argument},
             {"message_size", asio::message_size},
             {"name_too_long", asio::name_too_long},
             {"network_down", asio::network_down},
             {"network_reset", asio::network_reset},
             {"network_unreachable", asio::network_unreachable},
             {"no_descriptors", asio::no_descriptors},
             {"no_buffer_space", asio::no_buffer_space},
             {"no_memory", asio::no_memory},
             {"no_permission", asio::no_permission},
             {"no_protocol_option", asio::no_protocol_option},
             {"no_such_device", asio::no_such_device},
             {"not_connected", asio::not_connected},
             {"not_socket", asio::not_socket},
             {"operation_aborted", asio::operation_aborted},
             {"operation_not_supported", asio::operation_not_supported},
             {"shut_down", asio::shut_down},
             {"timed_out", asio::timed_out},
             {"try_again", asio::try_again},
             {"would_block", asio::would_block},
         }},
        {"netdb",
         {
             {"host_not_found", asio::host_not_found},
             {"host_not_found_try_again", asio::host_not_found_try_again},
             {"no_data", asio::no_data},
             {"no_recovery", asio::no_recovery},
         }},
        {"addrinfo",
         {
             {"service_not_found", asio::service_not_found},
             {"socket_type_not_supported", asio::socket_type_not_supported},
         }},
        {"misc",
         {
             {"already_open", asio::already_open},
             {"eof", asio::eof},
             {"not_found", asio::not_found},
             {"fd_set_failure", asio::fd_set_failure},
         }},
    };
    return names;
}

const error_category& own_category(const error_category& c) noexcept {
    const std::string_view name = c.name();
    for (const auto* own : {&boost::asio::error::get_netdb_category(),
                            &boost::asio::error::get_addrinfo_category(),
                            &boost::asio::error::get_misc_category()})
        if (name == own->name()) return *own;
    return c;
}

} // namespace emilua
