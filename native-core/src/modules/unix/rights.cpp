// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/unix/rights.hpp"

#include <array>
#include <cstring>

#include <fcntl.h>

namespace emilua::unix {
namespace {

// Of <linux/socket.h>, which glibc's headers cannot be mixed with.
constexpr int scm_pidfd = 4;

/// What others who hold the socket may have asked for comes along:
/// credentials, a pidfd and a security label.
constexpr std::size_t room_for_others =
    CMSG_SPACE(sizeof(ucred)) + CMSG_SPACE(sizeof(int)) + CMSG_SPACE(256);

} // namespace

descriptors_in::descriptors_in(const msghdr& m) {
    auto* const begin = static_cast<const char*>(m.msg_control);
    const std::size_t size = m.msg_controllen;
    // By hand, because CMSG_NXTHDR believes the lengths it finds.
    for (std::size_t at = 0; size - at >= sizeof(cmsghdr);) {
        cmsghdr h;
        std::memcpy(&h, begin + at, sizeof(h));
        if (h.cmsg_len < CMSG_LEN(0) || h.cmsg_len > size - at) return;
        const bool is_rights = h.cmsg_type == SCM_RIGHTS;
        if (h.cmsg_level == SOL_SOCKET &&
            (is_rights || h.cmsg_type == scm_pidfd)) {
            auto& to = is_rights ? rights : others;
            const auto n = (h.cmsg_len - CMSG_LEN(0)) / sizeof(int);
            const auto had = to.size();
            to.resize(had + n);
            if (n != 0)
                std::memcpy(to.data() + had, begin + at + CMSG_LEN(0),
                            n * sizeof(int));
        }
        const auto step = CMSG_ALIGN(h.cmsg_len);
        if (step > size - at) return;
        at += step;
    }
}

attempt send_rights_attempt::operator()(int fd, error_code& ec) {
    const auto b = buffer.now(ec);
    if (ec) return attempt::done;
    iovec data{const_cast<void*>(b.data()), b.size()};
    msghdr m{};
    m.msg_iov = &data;
    m.msg_iovlen = 1;
    if (!to.empty()) {
        m.msg_name = to.data();
        m.msg_namelen = to.size();
    }
    alignas(cmsghdr)
        std::array<char, CMSG_SPACE(most_descriptors * sizeof(int))>
            control;
    if (!fds.empty()) {
        const auto size = fds.size() * sizeof(int);
        m.msg_control = control.data();
        m.msg_controllen = CMSG_SPACE(size);
        auto* h = CMSG_FIRSTHDR(&m);
        *h = {CMSG_LEN(size), SOL_SOCKET, SCM_RIGHTS};
        std::memcpy(CMSG_DATA(h), fds.data(), size);
    }
    return retry(sent, ec, [&] {
        return ::sendmsg(fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
    });
}

void send_rights_attempt::keep() {
    copies.reserve(fds.size());
    for (auto& fd : fds) {
        unique_descriptor copy{::fcntl(fd, F_DUPFD_CLOEXEC, 0)};
        if (!copy) throw_errno("fcntl", "fds");
        fd = copy.get();
        copies.push_back(std::move(copy));
    }
}

attempt receive_rights_attempt::operator()(int fd, error_code& ec) {
    const auto b = buffer.now(ec);
    if (ec) return attempt::done;
    iovec data{b.data(), b.size()};
    alignas(cmsghdr)
        std::array<char,
                   room_for_others + CMSG_SPACE(most_descriptors * sizeof(int))>
            control;
    msghdr m{};
    const auto outcome = retry(received, ec, [&] {
        m = {};
        m.msg_name = sender.data();
        m.msg_namelen = sender.capacity();
        m.msg_iov = &data;
        m.msg_iovlen = 1;
        m.msg_control = control.data();
        m.msg_controllen = room_for_others + CMSG_SPACE(most * sizeof(int));
        return ::recvmsg(fd, &m, flags | MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    });
    if (outcome != attempt::done || ec) return outcome;
    sender.resize(m.msg_namelen);
    const descriptors_in found{m};
    // From here on whoever does not take them closes them.
    std::vector<unique_descriptor> rights, others;
    for (int n : found.rights) rights.emplace_back(n);
    for (int n : found.others) others.emplace_back(n);
    if (rights.empty() && received == 0 &&
        when_empty == no_bytes::end_of_stream)
        ec = boost::asio::error::eof;
    // The kernel drops what it cannot give, and says nothing but this.
    if ((m.msg_flags & MSG_CTRUNC) && rights.size() < most)
        ec = {EMFILE, boost::system::system_category()};
    if (received > b.size()) {
        if (when_cut_off == cut_off::error)
            ec = {EMSGSIZE, boost::system::system_category()};
        received = b.size();
    }
    if (ec) return outcome;
    rights.resize(std::min(rights.size(), most));
    for (auto& right : rights) fds.emplace_back(std::move(right));
    return outcome;
}

} // namespace emilua::unix

namespace emilua {

unix::message_data type_traits<unix::message_data>::read(reader& r, place p) {
    auto v = either::read(r, p);
    if (auto* bytes = std::get_if<const_bytes>(&v)) return {*bytes, {}};
    auto text =
        std::make_unique<std::string>(std::get<std::string>(std::move(v)));
    const const_bytes bytes{text->data(), text->size()};
    return {bytes, std::move(text)};
}

unix::lent_descriptors type_traits<unix::lent_descriptors>::read(reader& r,
                                                                 place p) {
    unix::lent_descriptors lent{list::read(r, p)};
    if (lent.all.size() > unix::most_descriptors) {
        argument_error e;
        e.expected = "at most 253 descriptors";
        throw e;
    }
    for (std::size_t i = 0; i < lent.all.size(); ++i) {
        try {
            lent.all[i]->get();
        } catch (const failure& f) {
            argument_error e;
            e.code = f.code;
            e.path.push_back(detail::index_step(i));
            throw e;
        }
    }
    return lent;
}

} // namespace emilua
