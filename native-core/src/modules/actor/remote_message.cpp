// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/actor/remote_message.hpp"

#include "modules/actor/actor.hpp"
#include "modules/actor/remote.hpp"
#include "modules/file_descriptor/file_descriptor.hpp"
#include "sandbox/part.hpp"

#include <sys/socket.h>

namespace emilua::actor {
namespace {

using file_descriptor::file_descriptor;
using sandbox::handle;

[[noreturn]] void refuse(const std::string& what) {
    throw_invalid_argument(
        "message", "a value that another process can be sent, not " + what);
}

class converter {
public:
    explicit converter(outgoing& to) noexcept : to_{to} {}

    sandbox::message::leaf leaf(const value& v) {
        return v.visit([this](const auto& x) -> sandbox::message::leaf {
            using T = std::remove_cvref_t<decltype(x)>;
            if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, double>)
                return x;
            else if constexpr (std::is_same_v<T, std::string>)
                return text(x);
            else if constexpr (std::is_same_v<T, boxed>)
                return object(x);
            else if constexpr (std::is_same_v<T, std::monostate>)
                refuse("nil");
            else if constexpr (std::is_same_v<T, std::int64_t>)
                refuse("a 64-bit integer");
            else if constexpr (std::is_same_v<T, value::bytes>)
                refuse("a byte_span: only strings");
            else
                refuse("a table inside a table");
        });
    }

    static const std::string& text(const std::string& s) {
        if (s.size() > sandbox::longest_string)
            refuse("a string of more than 255 bytes");
        return s;
    }

private:
    handle object(const boxed& o) {
        auto& p = *o.contents;
        to_.kept.push_back(o.contents);
        if (o.cls == &class_of<file_descriptor>())
            return {false, p.descriptors.at(0).get()};
        if (o.cls == &class_of<remote_channel>())
            return {
                true,
                static_cast<const unique_descriptor*>(p.shared.get())->get()};
        if (o.cls != &class_of<channel>() &&
            o.cls != &class_of<bounded_channel>())
            refuse("an object that is neither file_descriptor nor channel");
        return {true,
                new_end(static_cast<actor_address*>(p.shared.get())->box())};
    }

    /// One capability more to send to `box`.
    int new_end(const std::shared_ptr<mailbox>& box) {
        sandbox::socket_pair ends;
        const int end = ends.ours.get();
        to_.content.descriptors.push_back(std::move(ends.ours));
        // One way only.
        ::shutdown(end, SHUT_RD);
        if (!box->attach(make_source(std::move(ends.theirs), box)) &&
            !box->closed())
            refuse("a channel that takes a single answer");
        return end;
    }

    outgoing& to_;
};

} // namespace

outgoing to_outgoing(const value& v) {
    outgoing o;
    converter c{o};
    auto& members = o.content.members;
    const auto* record = v.as<value::record>();
    const auto* list = v.as<value::list>();
    if ((record && record->empty()) || (list && list->empty()))
        refuse("an empty table");
    if (list) refuse("a list");
    if (!record) {
        members.emplace_back(std::string{}, c.leaf(v));
        return o;
    }
    if (record->size() > sandbox::most_members)
        refuse("a table of more than " + std::to_string(sandbox::most_members) +
               " members");
    o.content.is_dictionary = true;
    for (const auto& [key, member] : *record)
        members.emplace_back(converter::text(key),
                             member.is_nil() ? sandbox::message::null{}
                                             : c.leaf(member));
    return o;
}

value to_value(sandbox::message m) {
    const auto leaf = [&m](sandbox::message::leaf& l) -> value {
        if (const auto* b = std::get_if<bool>(&l)) return *b;
        if (const auto* d = std::get_if<double>(&l)) return *d;
        if (auto* s = std::get_if<std::string>(&l)) return std::move(*s);
        if (std::holds_alternative<sandbox::message::null>(l)) return {};
        const auto& h = std::get<handle>(l);
        const auto at =
            std::ranges::find(m.descriptors, h.fd, &unique_descriptor::get);
        auto p = std::make_shared<parcel>();
        if (!h.is_address) {
            p->descriptors.push_back(std::move(*at));
            return boxed{&class_of<file_descriptor>(), std::move(p)};
        }
        p->shared = std::make_shared<unique_descriptor>(std::move(*at));
        return boxed{&class_of<remote_channel>(), std::move(p)};
    };
    if (!m.is_dictionary) return leaf(m.members.front().second);
    value::record r;
    r.reserve(m.members.size());
    for (auto& [key, l] : m.members) r.emplace_back(std::move(key), leaf(l));
    return r;
}

} // namespace emilua::actor
