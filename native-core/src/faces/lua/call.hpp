// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "faces/lua/messages.hpp"
#include "faces/lua/objects.hpp"
#include "faces/lua/results.hpp"

#include <span>
#include <vector>

namespace emilua::lua {

class lua_vm;

/// Reads values of a Lua stack; a place is an index, 0 what was left out.
/// Parts are pushed and stay there, so that what was read from them lives as
/// long as the call, or the operation that it starts.
template <class Base> class stack_reader : public Base {
public:
    template <class... A>
    stack_reader(lua_State* L, uses& used, A&&... a)
        : Base{std::forward<A>(a)...}, L_{L}, used_{used} {}

    type_kind kind(place p) override;
    bool is_nil(place p) override;
    bool boolean(place p) override;
    double number(place p) override;
    std::uint64_t integer64(place p, bool is_signed) override;
    std::string_view string(place p) override;
    mutable_bytes writable(place p) override;
    const_bytes readable(place p) override;
    void* object(place p, const class_description& cls) override;
    void* consumable(place p, const class_description& cls) override;
    std::shared_ptr<program_function> function(place p) override;
    value any(place p) override;
    std::size_t size(place list) override;
    place element(place list, std::size_t i) override;
    place field(place record, const char* name) override;
    std::string spelled(const char* name) override { return name; }
    bool spells(std::string_view key, const char* name) override {
        return key == name;
    }
    void entries(place table, entry_visitor& visitor) override;
    void forget(place p) override;

protected:
    int lua_type_of(place p) const noexcept {
        return p.at == 0 ? LUA_TNONE : lua_type(L_, static_cast<int>(p.at));
    }

    /// What is being read, if it is an argument.
    const parameter* given() const noexcept;
    /// Makes one table of the parts above `first`, if they are many: Lua's
    /// stack is short.
    void gather(int first);

    lua_State* L_;
    /// A list that is being read, and where its parts begin.
    struct open_list {
        std::intptr_t list;
        int first;
    };
    /// What few calls need.
    struct extras {
        ~extras() {
            for (void* o : consumed) unpin(o);
        }
        departures gone;
        std::vector<open_list> lists;
        /// What the call takes away, pinned: functions of the program may run
        /// meanwhile.
        std::vector<void*> consumed{};
    };
    extras& more() {
        if (!more_) more_ = std::make_unique<extras>();
        return *more_;
    }

    std::span<const parameter> parameters_{};
    std::unique_ptr<extras> more_;
    uses& used_;
};

/// One call that Lua makes. The results are what lies above `results_from()`
/// afterwards.
class stack_call final : public stack_reader<call> {
public:
    /// All from `base` on are arguments. What they are is added to `used`, for
    /// functions of the program may run meanwhile.
    stack_call(lua_State* L, vm& v, std::span<const parameter> parameters,
               int base, uses& used) noexcept
        : stack_reader<call>{L, used, v}, out_{L}, base_{base},
          count_{static_cast<unsigned>(std::max(0, lua_gettop(L) - base + 1))} {
        parameters_ = parameters;
    }
    stack_call(const stack_call&) = delete;
    stack_call& operator=(const stack_call&) = delete;

    void use_receiver(void* object) {
        self = object;
        if (object) used_.add(object);
    }

    unsigned count() override { return count_; }
    place argument(unsigned i) override {
        return i < count_ ? place{base_ + static_cast<int>(i)} : place{};
    }
    results& out() override {
        if (results_from_ < 0) results_from_ = lua_gettop(L_);
        return out_;
    }

    int base() const noexcept { return base_; }
    std::span<const parameter> parameters() const noexcept {
        return parameters_;
    }
    /// It failed: objects that were to leave are back.
    void undo() noexcept {
        if (more_) more_->gone.come_back(owner);
    }

    /// It goes on as an operation, which may yet fail.
    void wait() {
        if (more_ && !more_->gone.empty()) used_.leave(std::move(more_->gone));
    }

    /// It succeeded: what it took away is no object any more.
    void consume() noexcept {
        if (more_)
            for (void* o : more_->consumed) object_leaves(o);
    }

    int results_from() const noexcept {
        return results_from_ < 0 ? lua_gettop(L_) : results_from_;
    }

private:
    stack_results out_;
    int base_;
    unsigned count_;
    int results_from_ = -1;
};

extern template class stack_reader<call>;
extern template class stack_reader<reader>;

} // namespace emilua::lua
