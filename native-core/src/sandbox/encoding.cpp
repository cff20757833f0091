// SPDX-License-Identifier: MIT OR BSL-1.0
// The set-up of a program as bytes: numbers of eight, and texts after their
// size, in the order of `visit`.
#include "sandbox/program.hpp"

#include <cstring>

namespace emilua::sandbox {

namespace {

template <class V, class S> void visit(V& v, S& s) {
    auto& c = s.within;
    v(c.on), v(c.readable), v(c.writable), v(c.executable), v(c.links);
    v(c.real_paths);
    v(c.replaced.path), v(c.replaced.by), v(c.replaced.work);
    v(c.shares_network), v(c.explains), v(c.asks_to_connect),
        v(c.asks_for_services);
    v(c.temporary), v(c.runs_temporary), v(c.host_name), v(c.directory);
    v(c.most.memory), v(c.most.data), v(c.most.reserved);
    v(c.most.processes), v(c.most.processor);
    v(c.most.file_size), v(c.most.descriptors), v(c.most.microseconds);
    v(c.landlock_abi), v(c.seccomp_filter), v(c.asked_calls);
    v(s.programs), v(s.arguments), v(s.environment), v(s.uid), v(s.gid);
    v(s.has_inbox), v(s.entrances);
}

struct writer {
    std::string bytes;

    template <class T>
    requires std::is_arithmetic_v<T> || std::is_enum_v<T>
    void operator()(T n) {
        const auto wide = static_cast<std::uint64_t>(n);
        bytes.append(reinterpret_cast<const char*>(&wide), sizeof(wide));
    }
    void operator()(const std::string& text) {
        (*this)(text.size());
        bytes += text;
    }
    void operator()(const std::vector<std::string>& texts) {
        (*this)(texts.size());
        for (const auto& t : texts) (*this)(t);
    }
    void operator()(const std::map<std::string, std::string>& all) {
        (*this)(all.size());
        for (const auto& [key, value] : all) (*this)(key), (*this)(value);
    }
};

struct reader {
    std::string_view bytes;

    template <class T>
    requires std::is_arithmetic_v<T> || std::is_enum_v<T>
    void operator()(T& n) {
        std::uint64_t wide = 0;
        std::memcpy(&wide, take(sizeof(wide)).data(), sizeof(wide));
        n = static_cast<T>(wide);
    }
    void operator()(std::string& text) { text = take(size()); }
    void operator()(std::vector<std::string>& texts) {
        texts.resize(count());
        for (auto& t : texts) (*this)(t);
    }
    void operator()(std::map<std::string, std::string>& all) {
        for (auto left = count(); left > 0; --left) {
            std::string key;
            (*this)(key);
            (*this)(all[std::move(key)]);
        }
    }

private:
    /// Of what each has a size at least.
    std::size_t count() {
        const auto n = size();
        if (n > bytes.size() / sizeof(std::uint64_t)) refuse();
        return n;
    }
    std::size_t size() {
        std::size_t n = 0;
        (*this)(n);
        return n;
    }
    std::string_view take(std::size_t n) {
        if (n > bytes.size()) refuse();
        const auto r = bytes.substr(0, n);
        bytes.remove_prefix(n);
        return r;
    }
    [[noreturn]] static void refuse() {
        throw failure{error_code{EBADMSG, boost::system::system_category()}};
    }
};

} // namespace

std::string encode(const program_setup& s) {
    writer w;
    visit(w, s);
    return std::move(w.bytes);
}

std::string encode_policy(confinement c) {
    c.directory.clear();
    program_setup s;
    s.within = std::move(c);
    return encode(s);
}

program_setup decode(std::string_view bytes) {
    program_setup s;
    reader r{bytes};
    visit(r, s);
    return s;
}

} // namespace emilua::sandbox
