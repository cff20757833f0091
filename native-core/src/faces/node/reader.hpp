// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "faces/node/environment.hpp"
#include "faces/node/messages.hpp"

#include <array>

namespace emilua::node {

/// Text that was read, in one piece as long as it is short.
class text_arena {
public:
    struct mark {
        std::uint32_t used;
        std::uint32_t blocks;
    };

    text_arena() noexcept = default;
    text_arena(const text_arena&) = delete;
    text_arena& operator=(const text_arena&) = delete;
    ~text_arena() {
        if (more_ || secret_) [[unlikely]]
            rewind({});
    }

    /// What was read may be a secret: it is overwritten when it goes.
    void secret(bool yes) noexcept { secret_ = yes; }

    char* allocate(std::size_t size);
    /// Where the next short text goes, for whoever does not know its size:
    /// nothing is allocated. Empty for secrets, of which a part would stay.
    std::span<char> room() noexcept {
        if (secret_) return {};
        return std::span{first_}.subspan(used_);
    }
    mark now() const noexcept { return {used_, blocks_}; }
    void rewind(mark to) noexcept;

private:
    struct block {
        std::unique_ptr<block> next;
        std::string text;
    };

    std::uint32_t used_ = 0;
    std::uint32_t blocks_ = 0;
    bool secret_ = false;
    std::unique_ptr<block> more_;
    std::array<char, 512> first_;
};

/// Objects that were made of values for one call: two are usual, the receiver
/// and another one.
class temporary_list {
public:
    temporary_list() noexcept = default;
    temporary_list(temporary_list&& o) noexcept
        : count_{std::exchange(o.count_, 0)}, few_{o.few_}, more_{std::move(
                                                                o.more_)} {}
    temporary_list& operator=(temporary_list&&) = delete;
    ~temporary_list() {
        if (count_ != 0) destroy();
    }

    /// Takes over an object of `cls` in memory of `slot_table::allocate`.
    void add(const class_description& cls, void* object);
    bool empty() const noexcept { return count_ == 0; }

private:
    struct temporary {
        const class_description* cls;
        void* object;
    };

    void destroy() noexcept;

    std::size_t count_ = 0;
    std::array<temporary, 2> few_;
    /// Those that `few_` has no room for, if there are any.
    std::unique_ptr<std::vector<temporary>> more_;
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
        if (objects_.pinned()) [[unlikely]]
            objects_.unpin(environment_.slots());
    }

    static place at(napi_value v) noexcept {
        return {reinterpret_cast<std::intptr_t>(v)};
    }
    /// Null where there is nothing.
    napi_value value_of(place p) {
        if (p.at == current_entry) [[unlikely]]
            return entry_value();
        // NOLINTNEXTLINE(performance-no-int-to-ptr): a place holds any face's.
        return reinterpret_cast<napi_value>(p.at);
    }
    /// An object made of a value, for as long as the call.
    void* from_wire(const class_description& cls, napi_value wire);
    /// The object of handle `h`, if it is one of `cls`; null if not. It can be
    /// used. `alone`: nothing but this call uses it, either.
    void* object_of(std::int32_t h, const class_description& cls, bool alone) {
        auto& slots = environment_.slots();
        void* const object = slots.find(h, cls);
        if (!object) [[unlikely]]
            return no_object(h, cls);
        if (alone && slots.pinned(h)) [[unlikely]]
            refuse_if_shared(h);
        objects_.push(slots, h);
        return object;
    }

    environment& environment_;
    const napi_env env_;
    // The arguments, where this reads a call: nothing in other readers.
    const napi_value* arguments_;
    unsigned argument_count_;
    const std::vector<parameter>* parameters_;
    /// Whether a thread of the pool will have what is read.
    bool for_thread_ = false;

    /// The call succeeded: what it took away is no object any more.
    void consume() noexcept {
        if (!extra_) [[likely]]
            return;
        for (const auto h : extra_->consumed)
            environment_.slots().move(h, true);
    }

    pin_list objects_;
    temporary_list temporaries_;
    text_arena text_;
    /// Buffers that are no arguments but inside of one.
    struct inner_buffer {
        napi_value v;
        unsigned argument;
        /// From the inside to the outside.
        std::vector<path_step> path;
    };
    /// What few calls have.
    struct extras {
        std::vector<inner_buffer> inner_buffers;
        departures departed;
        /// What the call takes away.
        std::vector<slot_table::handle> consumed;
        /// Functions of JavaScript that were read can be called as long as
        /// this lives.
        std::shared_ptr<void> scope;
    };
    extras& extra() {
        if (!extra_) extra_ = std::make_unique<extras>();
        return *extra_;
    }
    std::unique_ptr<extras> extra_;
    /// Who knows where buffers are as long as the call lasts.
    call_buffers* buffers_ = nullptr;
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

    /// A part of an argument that was asked for, and those that it is in.
    struct part {
        std::intptr_t at;
        path_step::kind what;
        const char* name;
        napi_value key;
        std::int64_t number;
    };

    void* no_object(std::int32_t h, const class_description& cls);
    /// Something else uses the object of `h`, not only this call.
    void refuse_if_shared(std::int32_t h) const;
    napi_value entry_value();
    unsigned number_of(place buffer);
    unsigned number_inside(place buffer, unsigned argument);
    std::span<std::byte> bytes(place p, unsigned& number);
    /// How many of the parts lead to `p`, which is the last of them.
    std::size_t depth_of(place p) const noexcept;
    /// `p` is what was asked for last, inside of the first `depth` parts.
    void enter(std::size_t depth, const part& p) noexcept;
    std::vector<path_step> path_to(place p);
    std::pair<const class_description*, napi_value> core_of(napi_value v);
    /// The object of `cls` that `v` is. `alone`: nothing else uses it.
    void* instance(napi_value v, const class_description& cls, bool alone,
                   slot_table::handle& h);
    /// The parameter that `v` is for; null where `v` is inside of one.
    const parameter* parameter_of(napi_value v) const;
    /// JavaScript may run now, or from now on.
    void other_code_runs() noexcept {
        bytes_number_ = no_bytes;
        objects_.pin(environment_.slots());
    }
    void visit(napi_value name, entry_visitor& visitor);

    entry* entry_ = nullptr;
    /// Whose core was asked for last. A value of this call is no other one
    /// until the call is over.
    napi_value asked_ = nullptr;
    std::pair<const class_description*, napi_value> core_{};
    /// The value that was made last, and of what: alternatives make it again.
    struct {
        const class_description* cls = nullptr;
        napi_value wire = nullptr;
        void* object = nullptr;
    } made_{};
    std::array<part, 16> parts_;
    std::size_t depth_ = 0;
    /// Something was further inside than `parts_` has room for.
    bool too_deep_ = false;
    /// A function is among the arguments: JavaScript runs at any time.
    bool has_function_ = false;
    /// Where the text of the part that was asked for last begins.
    text_arena::mark part_{};
};

extern template class js_reader<call>;
extern template class js_reader<reader>;

} // namespace emilua::node
