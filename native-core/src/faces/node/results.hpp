// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "faces/node/environment.hpp"

#include <array>
#include <span>

namespace emilua::node {

/// Takes what C++ gives and makes values of JavaScript of it: the results of a
/// member, or the arguments of a callback.
class node_results final : public results {
public:
    /// How many results a member has at most.
    static constexpr std::size_t most = 8;

    /// What an object becomes that is a result itself.
    enum class objects {
        /// An instance of its class.
        instances,
        /// Its handle or wire primitive, for a constructor.
        raw,
        /// The same, whose class `classes` has, until `finish`.
        named,
    };

    /// `names`: what several results are called, or null.
    node_results(environment& owner, const std::vector<const char*>* names,
                 objects what) noexcept
        : environment_{owner}, names_{names}, objects_{what} {}
    ~node_results() {
        if (memory_) [[unlikely]]
            drop();
    }
    node_results(const node_results&) = delete;
    node_results& operator=(const node_results&) = delete;

    void nil() override;
    void boolean(bool v) override;
    void number(double v) override;
    void integer64(std::uint64_t bits, bool is_signed) override;
    void string(std::string_view v) override;
    void bytes(std::string_view v) override;
    void* begin_object(const class_description& cls) override;
    void end_object() override;
    void begin_list(std::size_t size) override;
    void begin_record(std::size_t fields) override;
    void field(const char* name) override;
    void key(std::string_view text) override;
    void key(std::int64_t number) override;
    void end() override;
    void any(value v) override;

    /// A result that is an object of `cls` around `core`.
    void instance(const class_description& cls, napi_value core);

    bool empty() const noexcept { return count_ == 0; }
    /// Whether there is one result, a small integer, which costs no value of
    /// JavaScript.
    bool is_integer() const noexcept { return count_ == 1 && !values_[0]; }
    std::int32_t integer() const noexcept { return integers_[0]; }
    /// Undefined, the result, or an object of the results.
    napi_value finish() {
        if (count_ == 1 && values_[0] && classes_[0] == -1) [[likely]]
            return values_[0];
        return finish_others();
    }
    /// The same for a call that may suspend: says, too, how it went. What
    /// JavaScript can put together of small integers and one value, it does.
    napi_value finish_promptly();
    /// All of them.
    std::span<const napi_value> values();
    /// Of each the number of its class, -1 if it has none, or if it is a list
    /// of one class -2 minus its number.
    std::span<const std::int32_t> classes() const noexcept {
        return {classes_.data(), count_};
    }
    /// What they are called; null if nothing.
    const std::vector<const char*>* names() const noexcept {
        return names_ && names_->size() == count_ ? names_ : nullptr;
    }

private:
    /// A list or record that is being filled.
    struct container {
        /// What it is inside of.
        container* outer;
        std::unique_ptr<container> inner{};
        napi_value object;
        std::uint32_t size;
        /// Of the next value: a field's name, or any key; of a list neither.
        const char* field;
        napi_value key;
        /// Whether the key is `__proto__`, which is not to be assigned.
        bool is_proto;
        /// Of a list that holds the cores of this class as yet; or -1.
        std::int32_t cls;
    };

    void push(napi_value v) {
        if (open_ || count_ == values_.size()) [[unlikely]]
            return push_inside(v);
        classes_[count_] = -1;
        values_[count_++] = v;
    }
    void push_inside(napi_value v);
    void push_core(std::int32_t class_id, napi_value core);
    void make_instances();
    napi_value finish_others();
    void push_integer(std::int32_t i) {
        integers_[count_] = i;
        classes_[count_] = -1;
        values_[count_++] = nullptr;
    }
    void spill_integers();
    void begin(napi_value object);
    void leave() noexcept;
    void drop() noexcept;

    environment& environment_;
    const std::vector<const char*>* names_;
    objects objects_;
    std::size_t count_ = 0;
    /// Null where there is a small integer.
    std::array<napi_value, most> values_;
    std::array<std::int32_t, most> integers_;
    std::array<std::int32_t, most> classes_;
    /// The innermost; the outermost is `first_`.
    container* open_ = nullptr;
    container first_;
    const class_description* building_ = nullptr;
    void* memory_ = nullptr;
};

} // namespace emilua::node
