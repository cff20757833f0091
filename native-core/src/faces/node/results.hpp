// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "faces/node/environment.hpp"

#include <array>

namespace emilua::node {

/// Takes the results of a member and makes one JavaScript value of them.
class node_results final : public results {
public:
    /// `raw`: of an object, the handle or wire primitive, for a constructor.
    node_results(environment& owner, const member& m, bool raw) noexcept
        : environment_{owner}, member_{m}, raw_{raw} {}
    ~node_results();
    node_results(const node_results&) = delete;
    node_results& operator=(const node_results&) = delete;

    void nil() override { push(nullptr); }
    void boolean(bool v) override;
    void number(double v) override;
    void string(std::string_view v) override;
    void bytes(std::string_view v) override;
    void* begin_object(const class_description& cls) override;
    void end_object() override;
    void any(const value& v) override;

    /// A result that is an object of `cls` around `core`.
    void instance(const class_description& cls, napi_value core);

    bool empty() const noexcept { return count_ == 0; }
    /// Whether there is one result, a small integer, which costs no value of
    /// JavaScript.
    bool is_integer() const noexcept { return integer_; }
    std::int32_t integer() const noexcept { return integer_value_; }
    /// Undefined, the result, or an object of the results.
    napi_value finish();

private:
    void push(napi_value v);
    const type* what() const noexcept;
    void spill_integer();

    environment& environment_;
    const member& member_;
    bool raw_;
    bool integer_ = false;
    std::int32_t integer_value_ = 0;
    std::size_t count_ = 0;
    std::array<napi_value, 8> values_;
    const class_description* building_ = nullptr;
    void* memory_ = nullptr;
};

} // namespace emilua::node
