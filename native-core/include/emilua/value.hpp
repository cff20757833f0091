// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/error.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace emilua {

class mailbox;
class actor_address;
struct class_description;

/// An object of a described class, held by value outside any language.
struct boxed {
    const class_description* cls = nullptr;
    std::shared_ptr<void> object;
};

/// A deep copy of something from a language: what messages are made of, and
/// what lists and records travel as.
class value {
public:
    using list = std::vector<value>;
    /// In the order they were written; a key appears once.
    using record = std::vector<std::pair<std::string, value>>;
    struct bytes {
        std::string data;
    };

    value() = default;
    value(bool b) : v_{b} {}
    value(double d) : v_{d} {}
    value(int i) : v_{static_cast<double>(i)} {}
    value(std::int64_t i) : v_{i} {}
    value(std::string s) : v_{std::move(s)} {}
    value(std::string_view s) : v_{std::string{s}} {}
    value(const char* s) : v_{std::string{s}} {}
    value(bytes b) : v_{std::move(b)} {}
    value(list l) : v_{std::move(l)} {}
    value(record r) : v_{std::move(r)} {}
    value(boxed o) : v_{std::move(o)} {}
    /// The address of an actor.
    value(std::shared_ptr<actor_address> a) : v_{std::move(a)} {}

    bool is_nil() const noexcept {
        return std::holds_alternative<std::monostate>(v_);
    }
    template <class T> const T* as() const noexcept {
        return std::get_if<T>(&v_);
    }
    template <class T> T* as() noexcept { return std::get_if<T>(&v_); }

    /// The member `key` of a record; nil when this is none or has no such key.
    const value& operator[](std::string_view key) const noexcept {
        static const value nil;
        if (auto* r = as<record>())
            for (const auto& [k, v] : *r)
                if (k == key) return v;
        return nil;
    }

    template <class F> decltype(auto) visit(F&& f) const {
        return std::visit(std::forward<F>(f), v_);
    }

private:
    std::variant<std::monostate, bool, double, std::int64_t, std::string, bytes,
                 list, record, boxed, std::shared_ptr<actor_address>>
        v_;
};

} // namespace emilua
