// SPDX-License-Identifier: MIT OR BSL-1.0
#include "core/observed.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace emilua {

namespace {

// A line is a kind and fields behind tabs: "-" for nothing, "=" before a text.

void put(std::string& line, std::string_view text) {
    line.append("\t=");
    for (const char c : text) {
        switch (c) {
        case '\\':
            line.append("\\\\");
            break;
        case '\t':
            line.append("\\t");
            break;
        case '\n':
            line.append("\\n");
            break;
        default:
            line.push_back(c);
        }
    }
}

void put(std::string& line, const std::optional<std::string>& text) {
    if (text)
        put(line, std::string_view{*text});
    else
        line.append("\t-");
}

void put(std::string& line, const std::optional<double>& number) {
    if (!number) return put(line, std::optional<std::string>{});
    char text[32];
    std::snprintf(text, sizeof(text), "%.9g", *number);
    put(line, std::string_view{text});
}

void put(std::string& line, bool flag) {
    put(line, std::string_view{flag ? "1" : "0"});
}

std::string_view next_of(std::string_view& text, char end) {
    const auto at = text.find(end);
    const auto part = text.substr(0, at);
    text.remove_prefix(at == text.npos ? text.size() : at + 1);
    return part;
}

std::string plain(std::string_view escaped) {
    std::string r;
    for (std::size_t i = 0; i < escaped.size(); ++i) {
        if (escaped[i] != '\\' || i + 1 == escaped.size()) {
            r.push_back(escaped[i]);
            continue;
        }
        const char c = escaped[++i];
        r.push_back(c == 't' ? '\t' : c == 'n' ? '\n' : c);
    }
    return r;
}

/// Takes the fields of one line in their order.
class fields {
public:
    explicit fields(std::string_view line) noexcept : line_{line} {}

    std::optional<std::string> text() {
        const auto field = next_of(line_, '\t');
        if (!field.starts_with('=')) return {};
        return plain(field.substr(1));
    }
    std::string required() {
        auto t = text();
        if (!t) failed_ = true;
        return std::move(t).value_or(std::string{});
    }
    bool flag() { return required() == "1"; }
    std::optional<double> number() {
        const auto t = text();
        if (!t) return {};
        const double d = std::strtod(t->c_str(), nullptr);
        if (!std::isfinite(d)) failed_ = true;
        return d;
    }
    bool failed() const noexcept { return failed_; }

private:
    std::string_view line_;
    bool failed_ = false;
};

} // namespace

std::string encode(const observed_vm& v) {
    std::string text{"vm"};
    for (const auto* s : {&v.id, &v.language, &v.role, &v.state})
        put(text, std::string_view{*s});
    put(text, v.program);
    put(text, v.seconds);
    put(text, v.messages);
    text.push_back('\n');
    for (const auto& f : v.fibers) {
        text.append("fiber");
        put(text, std::string_view{f.id});
        put(text, std::string_view{f.state});
        put(text, f.is_main);
        put(text, f.canceled);
        for (const auto* s :
             {&f.name, &f.waits_for, &f.waits_for_fiber, &f.where, &f.function})
            put(text, *s);
        put(text, f.seconds);
        text.push_back('\n');
    }
    return text;
}

std::optional<std::vector<observed_vm>> decode(std::string_view text) {
    std::vector<observed_vm> vms;
    if (!text.ends_with(end_of_observation)) return {};
    text.remove_suffix(end_of_observation.size());
    while (!text.empty()) {
        auto line = next_of(text, '\n');
        const auto kind = next_of(line, '\t');
        fields f{line};
        if (kind == "vm") {
            auto& v = vms.emplace_back();
            for (auto* s : {&v.id, &v.language, &v.role, &v.state})
                *s = f.required();
            v.program = f.text();
            v.seconds = f.number();
            v.messages = f.number();
        } else if (kind == "fiber" && !vms.empty()) {
            auto& o = vms.back().fibers.emplace_back();
            o.id = f.required();
            o.state = f.required();
            o.is_main = f.flag();
            o.canceled = f.flag();
            for (auto* s : {&o.name, &o.waits_for, &o.waits_for_fiber, &o.where,
                            &o.function})
                *s = f.text();
            o.seconds = f.number();
        } else {
            return {};
        }
        if (f.failed()) return {};
    }
    return vms;
}

} // namespace emilua
