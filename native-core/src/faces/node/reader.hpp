// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "faces/node/environment.hpp"
#include "faces/node/messages.hpp"

#include <array>
#include <forward_list>

namespace emilua::node {

/// Text that was read, in one piece as long as it is short.
class text_arena {
public:
    struct mark {
        std::size_t used = 0;
        std::size_t blocks = 0;
    };

    char* allocate(std::size_t size);
    mark now() const noexcept { return {used_, blocks_}; }
    void rewind(mark to) noexcept;
    /// Overwrites all of it.
    void wipe() noexcept;

private:
    std::array<char, 512> first_;
    std::size_t used_ = 0;
    std::forward_list<std::string> more_;
    std::size_t blocks_ = 0;
};

/// An object that was made of a value for one call.
class temporary {
public:
    temporary(const class_description& cls, void* object) noexcept
        : cls_{&cls}, object_{object} {}
    temporary(temporary&& o) noexcept
        : cls_{o.cls_}, object_{std::exchange(o.object_, nullptr)} {}
    temporary& operator=(temporary&&) = delete;
    ~temporary() {
        if (!object_) return;
        cls_->destroy(object_);
        slot_table::deallocate(object_);
    }

    void* object() const noexcept { return object_; }

private:
    const class_description* cls_;
    void* object_;
};

/// Reads values of JavaScript: the arguments of a call (`Base` is `call`), or
/// what a callback returned (`Base` is `reader`). A place is an `napi_value`,
/// or `current_entry`.
template <class Base> class js_reader : public Base {
public:
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
    std::string spelled(const char* name) override;
    bool spells(std::string_view key, const char* name) override;
    void entries(place table, entry_visitor& visitor) override;
    void forget(place p) override;

protected:
    template <class... A>
    explicit js_reader(environment& owner, A&... a) noexcept
        : Base{a...}, environment_{owner}, env_{owner.env()} {}
    ~js_reader() {
        for (const auto h : consumed_) environment_.slots().unpin(h);
    }

    static place at(napi_value v) noexcept {
        return {reinterpret_cast<std::intptr_t>(v)};
    }
    /// Null where there is nothing.
    napi_value value_of(place p) {
        if (p.at == current_entry) [[unlikely]]
            return entry_value();
        return reinterpret_cast<napi_value>(p.at);
    }
    /// An object made of a value, for as long as the call.
    void* from_wire(const class_description& cls, napi_value wire);
    /// The object of handle `h`, if it is one of `cls`; null if not. It can be
    /// used. `alone`: nothing else uses it, either.
    void* object_of(std::int32_t h, const class_description& cls, bool alone);

    environment& environment_;
    const napi_env env_;
    /// The arguments, where this reads a call.
    const napi_value* arguments_ = nullptr;
    unsigned argument_count_ = 0;
    const std::vector<parameter>* parameters_ = nullptr;
    /// Whether a thread of the pool will have what is read.
    bool for_thread_ = false;

    /// The call succeeded: what it took away is no object any more.
    void consume() noexcept {
        for (const auto h : consumed_) environment_.slots().move(h, true);
    }

    pin_list objects_;
    /// What the call takes away, pinned: JavaScript may run meanwhile.
    std::vector<slot_table::handle> consumed_;
    std::vector<temporary> temporaries_;
    departures departed_;
    text_arena text_;
    /// Buffers that are no arguments but inside of one.
    struct inner_buffer {
        napi_value v;
        unsigned number;
    };
    std::vector<inner_buffer> inner_buffers_;
    /// The buffer that was read last, as long as no JavaScript ran since.
    std::span<std::byte> bytes_;
    unsigned bytes_number_ = no_bytes;

    static constexpr unsigned no_bytes = ~0U;

private:
    /// The entry that is being visited; its value is asked for when it is
    /// looked at.
    static constexpr std::intptr_t current_entry = 1;
    struct entry {
        napi_value table = nullptr, key = nullptr, v = nullptr;
    };

    napi_value entry_value();
    unsigned number_of(napi_value buffer);
    std::span<std::byte> bytes(place p, unsigned& number);
    /// The object of `cls` that `v` is. `alone`: nothing else uses it.
    void* instance(napi_value v, const class_description& cls, bool alone,
                   slot_table::handle& h);
    /// The parameter that `v` is for; null where `v` is inside of one.
    const parameter* parameter_of(napi_value v) const;
    /// JavaScript may have run.
    void other_code_ran() noexcept { bytes_number_ = no_bytes; }
    void visit(napi_value name, entry_visitor& visitor);

    entry entry_;
    /// Where the text of the part that was asked for last begins.
    text_arena::mark part_;
};

extern template class js_reader<call>;
extern template class js_reader<reader>;

} // namespace emilua::node
