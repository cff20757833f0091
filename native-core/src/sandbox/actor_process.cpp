// SPDX-License-Identifier: MIT OR BSL-1.0
#include "sandbox/actor_process.hpp"

#include <emilua/error.hpp>

#include <fcntl.h>
#include <sys/socket.h>

namespace emilua::sandbox {
started_actor start_actor(const actor_setup& s) {
    socket_pair messages;
    // One way only.
    ::shutdown(messages.ours.get(), SHUT_RD);
    const unique_descriptor here{::open(".", O_PATH | O_DIRECTORY | O_CLOEXEC)};
    if (!here) throw_errno("open");
    std::vector<int> first{messages.theirs.get(), here.get()};
    for (const int fd : s.standard)
        if (fd != -1) first.push_back(fd);
    if (s.init_arg != -1) first.push_back(s.init_arg);
    if (s.reports != -1) first.push_back(s.reports);
    first.insert(first.end(), s.entrances.begin(), s.entrances.end());
    std::vector<int> second;
    for (const auto& m : s.native_modules) second.push_back(m.fd);
    if (s.libc_service != -1) second.push_back(s.libc_service);
    const auto beginning = pack_beginning(s), rest = pack_rest(s);
    const setup_part parts[] = {{beginning, first}, {rest, second}};
    started_actor a;
    a.process = fork_server::instance().fork(
        {s.confinement.empty() ? guest_kind::actor : guest_kind::confined_actor,
         s.namespaces, s.init_script.has_value()},
        parts);
    a.to = std::move(messages.ours);
    a.reports = std::move(a.process.setup);
    return a;
}

std::string pack_beginning(const actor_setup& s) {
    packer p;
    p.number(s.namespaces != 0 || s.init_script);
    for (const int fd : s.standard) p.number(fd != -1);
    p.number(s.init_script.has_value());
    p.number(s.init_arg != -1);
    if (s.init_script) p.text(*s.init_script);
    p.text(s.confinement);
    return p.take();
}

actor_beginning unpack_beginning(std::string_view bytes) {
    unpacker u{bytes};
    actor_beginning b;
    b.is_apart = u.number<bool>();
    for (bool& has : b.has_standard) has = u.number<bool>();
    b.has_script = u.number<bool>();
    b.has_argument = u.number<bool>();
    if (b.has_script) b.script = u.text();
    b.confinement = u.text();
    return b;
}

std::string pack_rest(const actor_setup& s) {
    packer p;
    p.number(s.environment.size());
    for (const auto& e : s.environment) p.text(e);
    p.text(s.module);
    p.number(s.sources.size());
    for (const auto& [path, source] : s.sources) p.text(path).text(source);
    p.number(s.native_modules.size());
    for (const auto& m : s.native_modules) p.text(m.id);
    p.number(s.libc_service != -1);
    return p.take();
}

actor_rest unpack_rest(std::string_view bytes) {
    unpacker u{bytes};
    actor_rest r;
    for (auto n = u.number<std::size_t>(); n > 0; --n)
        r.environment.emplace_back(u.text());
    r.module = u.text();
    for (auto n = u.number<std::size_t>(); n > 0; --n) {
        const auto path = u.text();
        r.sources.emplace(path, u.text());
    }
    for (auto n = u.number<std::size_t>(); n > 0; --n)
        r.native_modules.emplace_back(u.text());
    r.has_libc_service = u.number<bool>();
    return r;
}

} // namespace emilua::sandbox
