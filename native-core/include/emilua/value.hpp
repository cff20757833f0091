// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/error.hpp>
#include <emilua/unique_descriptor.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace emilua {

struct class_description;
struct parcel;

/// An object on its way, of class `cls`. Whoever unpacks it first has it.
struct boxed {
    const class_description* cls = nullptr;
    std::shared_ptr<parcel> contents;
};

/// A deep copy of something from a language: what messages are made of, and
/// what a value class travels as.
class value {
public:
    using list = std::vector<value>;
    /// In the order they were written; a key appears once.
    using record = std::vector<std::pair<std::string, value>>;
    struct bytes {
        std::string data;
    };

    value() noexcept : v_{} {}
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
    value(const value& o) : v_{o.v_} {}
    value(value&& o) noexcept : v_(taken_from(o.v_)) {}
    value& operator=(const value& o) {
        v_ = o.v_;
        return *this;
    }
    value& operator=(value&& o) noexcept {
        if (this == &o) return *this;
        std::destroy_at(this);
        return *std::construct_at(this, std::move(o));
    }
    ~value() {
        if (!is_plain(v_)) std::destroy_at(&v_);
    }

    bool is_nil() const noexcept {
        return std::holds_alternative<std::monostate>(v_);
    }
    template <class T> const T* as() const noexcept {
        return std::get_if<T>(&v_);
    }
    template <class T> T* as() noexcept { return std::get_if<T>(&v_); }

    template <class F> decltype(auto) visit(F&& f) {
        return std::visit(std::forward<F>(f), v_);
    }
    template <class F> decltype(auto) visit(F&& f) const {
        return std::visit(std::forward<F>(f), v_);
    }

private:
    using contents = std::variant<std::monostate, bool, double, std::int64_t,
                                  std::string, bytes, list, record, boxed>;

    static bool is_plain(const contents& v) noexcept { return v.index() < 4; }
    static contents taken_from(contents& v) noexcept {
        if (const auto* d = std::get_if<double>(&v)) return *d;
        if (const auto* b = std::get_if<bool>(&v)) return *b;
        if (const auto* i = std::get_if<std::int64_t>(&v)) return *i;
        if (std::holds_alternative<std::monostate>(v)) return {};
        return std::move(v);
    }

    // Most messages are plain, and go through many hands: a variant's own
    // destructor, and its move, would look up what to do each time.
    union {
        contents v_;
    };
};

/// What an object is while it is in no VM. What consists of `wire` and
/// `descriptors` alone can go to another process.
struct parcel {
    value wire{};
    std::vector<unique_descriptor> descriptors{};
    /// Shared with others of this process.
    std::shared_ptr<void> shared{};
    /// `transfer::version` of who packed it.
    unsigned version = 1;
    /// What arrives, where only who packs it knows; else what the class says.
    const class_description* arrives_as = nullptr;
};

} // namespace emilua
