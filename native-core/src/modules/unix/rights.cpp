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

/// Calls `take(is_right, data, n)` for the `n` descriptors of each control
/// message that has some.
template <class F> void each_message(const msghdr& m, F take) {
    auto* const begin = static_cast<const char*>(m.msg_control);
    const std::size_t size = m.msg_controllen;
    // By hand, because CMSG_NXTHDR believes the lengths it finds.
    for (std::size_t at = 0; size - at >= sizeof(cmsghdr);) {
        cmsghdr h;
        std::memcpy(&h, begin + at, sizeof(h));
        if (h.cmsg_len < CMSG_LEN(0) || h.cmsg_len > size - at) return;
        const bool is_right = h.cmsg_type == SCM_RIGHTS;
        const auto n = (h.cmsg_len - CMSG_LEN(0)) / sizeof(int);
        if (h.cmsg_level == SOL_SOCKET && n != 0 &&
            (is_right || h.cmsg_type == scm_pidfd))
            take(is_right, begin + at + CMSG_LEN(0), n);
        const auto step = CMSG_ALIGN(h.cmsg_len);
        if (step > size - at) return;
        at += step;
    }
}

/// Sends bytes and `n` descriptors, of which `get(i)` gives one each.
template <class Get>
attempt send_rights(int fd, const_bytes& buffer, std::size_t n, Get get,
                    name* to, std::size_t& sent, error_code& ec) {
    const auto b = buffer.now(ec);
    if (ec) return attempt::done;
    iovec data{const_cast<void*>(b.data()), b.size()};
    msghdr m{};
    m.msg_iov = &data;
    m.msg_iovlen = 1;
    if (to && !to->empty()) {
        m.msg_name = to->data();
        m.msg_namelen = to->size();
    }
    alignas(cmsghdr)
        std::array<char, CMSG_SPACE(most_descriptors * sizeof(int))>
            control;
    if (n != 0) {
        const auto size = n * sizeof(int);
        m.msg_control = control.data();
        m.msg_controllen = CMSG_SPACE(size);
        auto* h = CMSG_FIRSTHDR(&m);
        *h = {CMSG_LEN(size), SOL_SOCKET, SCM_RIGHTS};
        for (std::size_t i = 0; i < n; ++i) {
            const int one = get(i);
            std::memcpy(CMSG_DATA(h) + i * sizeof(one), &one, sizeof(one));
        }
    }
    return retry(sent, ec, [&] {
        return ::sendmsg(fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
    });
}

} // namespace

descriptors_in::descriptors_in(const msghdr& m) {
    each_message(m, [this](bool is_right, const char* data, std::size_t n) {
        auto& to = is_right ? rights : others;
        const auto had = to.size();
        to.resize(had + n);
        std::memcpy(to.data() + had, data, n * sizeof(int));
    });
}

attempt send_lent_attempt::operator()(int fd, error_code& ec) {
    return send_rights(
        fd, buffer, fds.all.size(),
        [this](std::size_t i) { return fds.all[i]->get(); }, nullptr, sent, ec);
}

attempt send_rights_attempt::operator()(int fd, error_code& ec) {
    return send_rights(
        fd, buffer, fds.size(), [this](std::size_t i) { return fds[i].get(); },
        nullptr, sent, ec);
}

attempt send_rights_to_attempt::operator()(int fd, error_code& ec) {
    return send_rights(
        fd, buffer, fds.size(), [this](std::size_t i) { return fds[i].get(); },
        &to, sent, ec);
}

std::vector<unique_descriptor> copies_of(const lent_descriptors& fds) {
    std::vector<unique_descriptor> copies;
    copies.reserve(fds.all.size());
    for (const auto& fd : fds.all) {
        copies.emplace_back(::fcntl(fd->get(), F_DUPFD_CLOEXEC, 0));
        if (!copies.back()) throw_errno("fcntl", "fds");
    }
    return copies;
}

attempt receive_rights_attempt::receive(int fd, error_code& ec, name* sender) {
    const auto b = buffer.now(ec);
    if (ec) return attempt::done;
    iovec data{b.data(), b.size()};
    alignas(cmsghdr)
        std::array<char,
                   room_for_others + CMSG_SPACE(most_descriptors * sizeof(int))>
            control;
    msghdr m;
    const auto outcome = retry(received, ec, [&] {
        m = {};
        if (sender) {
            m.msg_name = sender->data();
            m.msg_namelen = name::capacity();
        }
        m.msg_iov = &data;
        m.msg_iovlen = 1;
        m.msg_control = control.data();
        m.msg_controllen = room_for_others + CMSG_SPACE(most * sizeof(int));
        return ::recvmsg(fd, &m, flags | MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    });
    if (outcome != attempt::done || ec) return outcome;
    if (sender) sender->resize(m.msg_namelen);
    std::size_t rights = 0;
    each_message(m, [&](bool is_right, const char* from, std::size_t n) {
        if (is_right) {
            rights += n;
            fds.reserve(std::min(rights, most));
        }
        for (std::size_t i = 0; i < n; ++i) {
            int value;
            std::memcpy(&value, from + i * sizeof(value), sizeof(value));
            // Whoever does not take it closes it.
            unique_descriptor one{value};
            if (is_right && fds.size() < most) fds.emplace_back(std::move(one));
        }
    });
    if (rights == 0 && received == 0 && when_empty == no_bytes::end_of_stream)
        ec = boost::asio::error::eof;
    // The kernel drops what it cannot give, and says nothing but this.
    if ((m.msg_flags & MSG_CTRUNC) && rights < most)
        ec = {EMFILE, boost::system::system_category()};
    if (received > b.size()) {
        if (when_cut_off == cut_off::error)
            ec = {EMSGSIZE, boost::system::system_category()};
        received = b.size();
    }
    if (ec) fds.clear();
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
