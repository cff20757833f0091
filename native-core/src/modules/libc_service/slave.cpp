// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/own_library.hpp"
#include "modules/libc_service/ends.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <fcntl.h>

namespace emilua::libc_service {

namespace {

unique_descriptor copy_of(int fd) {
    unique_descriptor copy{::fcntl(fd, F_DUPFD_CLOEXEC, 0)};
    if (!copy) throw_errno("fcntl");
    return copy;
}

void append(std::string& to, std::uint32_t n) {
    to.append(reinterpret_cast<const char*>(&n), sizeof(n));
}

} // namespace

slave::slave(unique_descriptor fd, unique_descriptor peer)
    : fd_{std::move(fd)}, peer_{std::move(peer)} {
    write_filters({});
}

int slave::get() const {
    if (!fd_)
        throw failure{error_code{EBADF, boost::system::system_category()}};
    return fd_.get();
}

int slave::lend() {
    const int fd = get();
    lent_ = true;
    return fd;
}

unique_descriptor slave::take() {
    get();
    peer_ = {};
    return std::move(fd_);
}

void slave::close() {
    get();
    take();
}

std::string slave::filter(function what) const {
    const auto f = filters_.find(what);
    return f == filters_.end() ? std::string{} : f->second;
}

void slave::set_filter(function what, std::optional<std::string> source) {
    get();
    // A program that begins while they change would find none.
    if (lent_)
        throw failure{error_code{EBUSY, boost::system::system_category()}};
    auto filters = filters_;
    if (source && !source->empty())
        filters[what] = std::move(*source);
    else
        filters.erase(what);
    write_filters(filters);
    filters_ = std::move(filters);
}

void slave::write_filters(const std::map<function, std::string>& filters) {
    std::string message;
    append(message, filters_magic);
    for (const auto& [what, source] : filters) {
        append(message, static_cast<std::uint32_t>(what));
        append(message, static_cast<std::uint32_t>(source.size()));
        message += source;
    }
    if (message.size() > most_filters)
        throw failure{error_code{EMSGSIZE, boost::system::system_category()}};
    // They are read by peeking: what lay there before is in nobody's hands yet.
    char c;
    while (::recv(fd_.get(), &c, sizeof(c), MSG_DONTWAIT) >= 0) {
    }
    if (::send(peer_.get(), message.data(), message.size(),
               MSG_DONTWAIT | MSG_NOSIGNAL) == -1)
        throw_errno("send");
}

std::tuple<master, slave> make(vm& owner) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        throw_errno("socketpair");
    unique_descriptor m{ends[0]}, s{ends[1]};
    slave made{std::move(s), copy_of(m.get())};
    return {master{owner, std::move(m)}, std::move(made)};
}

namespace {

constexpr const char library[] = "libemilua-libc-service.so";

std::string find_library() {
    auto path = find_own_library(library);
    if (!path.empty()) {
        // Between the names of libraries, that is.
        if (path.find_first_of(" :") == path.npos) return path;
        failure f{error_code{ENOTSUP, boost::system::system_category()}};
        f.expected = "an installation without spaces and colons in its path, "
                     "for LD_PRELOAD";
        throw f;
    }
    failure f{error_code{ENOENT, boost::system::system_category()}};
    f.path = (own_folder() / library).native();
    throw f;
}

} // namespace

std::map<std::string, std::string> environment(ranged<3, 2147483647> fd) {
    return {{"LD_PRELOAD", find_library()},
            {descriptor_variable,
             std::to_string(static_cast<std::int64_t>(fd.value))}};
}

} // namespace emilua::libc_service
