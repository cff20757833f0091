// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/actor_family.hpp"
#include "core/attempted.hpp"
#include "core/observed.hpp"
#include "faces/node/direct.hpp"
#include "faces/node/js.hpp"
#include "faces/node/known_values.hpp"
#include "faces/node/loop_context.hpp"
#include "faces/node/slot_table.hpp"

#include <array>
#include <map>
#include <thread>
#include <unordered_map>

#include <unistd.h>

namespace emilua::node {

/// The buffers of an operation have numbers: that of the argument, and for
/// those further inside, as many multiples of
/// `environment::arguments_per_operation` more. Each is looked for anew
/// whenever the operation wants to touch it.
class buffer_source {
public:
    /// The memory of buffer `number` at this moment; false when it is gone.
    virtual bool buffer_now(unsigned number, std::span<std::byte>& out) = 0;
    /// What there is to say of buffer `number` when it is gone.
    virtual argument_error loss_of(unsigned number) const = 0;

protected:
    ~buffer_source() = default;
};

/// The value that is at fault, for the message; null where none is known.
struct given_value {
    napi_value v = nullptr;
    /// Its content is not for the message.
    bool secret = false;
    /// What is said at the end.
    std::string hint{};
};

/// EINVAL for a buffer that is gone: argument `argument`, or what `path` leads
/// to inside of it.
argument_error loss_of_buffer(unsigned argument, std::vector<path_step> path);

/// What few operations need until they completed.
class operation_parts : public buffer_source {
public:
    virtual ~operation_parts() = default;
    /// The operation failed.
    virtual void failed() noexcept = 0;
};

class node_results;
class repeated_read;

/// An environment of Node, the main one or a worker's: a program of fibers
/// that are written in JavaScript.
class environment final : public vm,
                          private loop_client,
                          private family_member {
public:
    // What operation.ts calls them.
    enum class status : std::int32_t { returned, pending, failed, several };
    /// It numbers operations from 0 and uses numbers again.
    static constexpr std::uint32_t most_operations = 1U << 26;

    /// Lives until the environment ends.
    static environment& create(napi_env env, uv_loop_t& loop);

    environment(napi_env env, uv_loop_t& loop);
    ~environment() override;

    // vm
    void completed(operation& op) override;
    void post(queue_node& node) override;
    void lost(operation& op) noexcept override;
    void escaped(std::exception_ptr e) noexcept override;
    std::span<std::byte> fetch_buffer(operation& op, unsigned number) override;
    bool is_master() const noexcept override { return master_; }
    std::shared_ptr<mailbox> inbox() override;

    /// This program is an actor of `outer`, to which `box` leads. Before
    /// anything asks for the inbox.
    void be_actor(std::shared_ptr<mailbox> box,
                  std::shared_ptr<actor_family> outer);
    /// Actors in JavaScript that this program has started and that have not
    /// ended, by their number.
    std::map<std::int32_t, std::shared_ptr<mailbox>> actors;

    bool is_on_turn() const noexcept override {
        return std::this_thread::get_id() == thread_;
    }
    napi_env env() const noexcept { return env_; }
    slot_table& slots() noexcept { return slots_; }
    unsigned arguments_per_operation() const noexcept { return stride_; }

    /// Takes the functions and arrays of JavaScript that this side uses.
    void start(napi_value parts);
    /// Keeps what functions of JavaScript refer to for as long as this lives.
    void keep(std::shared_ptr<void> p) { kept_.push_back(std::move(p)); }

    /// Small integers for the classes of the description.
    std::int32_t class_id(const class_description& cls);
    const class_description& class_of(std::int32_t id) const {
        return *classes_.at(static_cast<std::size_t>(id));
    }
    /// Of the instances of class `class_id`.
    void has_prototype(std::int32_t class_id, napi_value prototype);
    /// An instance of the class of `cls` around a handle or wire primitive.
    napi_value instantiate(const class_description& cls, napi_value core) {
        return instantiate(class_id(cls), core);
    }
    napi_value instantiate(std::int32_t class_id, napi_value core);
    /// Several results, of which the classes are known, as one.
    napi_value assemble(node_results& r);
    /// The class and the core of an instance; the class is null if `v` is
    /// none.
    std::pair<const class_description*, napi_value> core_of(napi_value v);

    /// Whose buffers are those of the operation that is being started; returns
    /// who it was before.
    buffer_source* starting(buffer_source* now) noexcept {
        return std::exchange(starting_, now);
    }
    /// Tells JavaScript what became of a call that may suspend.
    void tell(status s) noexcept { status_[0] = static_cast<std::int32_t>(s); }
    /// And what else some calls say.
    void tell_more(std::int32_t n) noexcept { status_[1] = n; }
    /// What JavaScript says with some calls: the object, and a number of bytes.
    std::int32_t told_object() const noexcept { return status_[1]; }
    std::size_t told_size() const noexcept {
        return static_cast<std::uint32_t>(status_[2]);
    }
    /// It has several results, which JavaScript puts together: integers, and
    /// at `place`, if that is one of them, what the call returns.
    void tell_several(std::size_t shape, std::ptrdiff_t place,
                      std::span<const std::int32_t> integers) noexcept {
        tell(status::several);
        tell_more(static_cast<std::int32_t>(shape));
        status_[2] = static_cast<std::int32_t>(place);
        std::ranges::copy(integers, status_ + 3);
    }
    /// The number of how the results `r` are put together.
    std::size_t shape_of(const node_results& r);
    /// Starts what JavaScript has submitted in shared memory, before it asks
    /// for anything else: reads, for which it would call otherwise. Whether
    /// there was any.
    bool start_submitted() {
        if (!submitted_ || submitted_->count == 0) return false;
        start_all_submitted();
        return true;
    }
    /// The first `n` bytes of the memory into which JavaScript copies what is
    /// short before it has it written: to find those of a value takes longer.
    std::optional<std::span<std::byte>>
    copied_to_write(std::size_t n) const noexcept {
        if (n > writing_size_) return std::nullopt;
        return std::span{writing_, n};
    }
    direct_frame& direct() noexcept { return *direct_; }
    known_values& known() noexcept { return known_; }
    /// JavaScript could not take it: its stack was full.
    void forget_untaken() noexcept {
        if (direct_->untaken >= 0) [[unlikely]]
            known_.forget(std::exchange(direct_->untaken, -1));
    }
    /// Of a direct call: the call that follows, which has the arguments, makes
    /// an error of it.
    std::optional<failure> failed_directly;
    /// Where the value `v` is in `known` from now on; -1 if it cannot be.
    std::int32_t know(napi_value v);
    /// Delivers `op` to slot `id` of JavaScript when it completed. `self` is
    /// the receiver, if that is one of its objects. `take`: a thread of the
    /// pool has those until then.
    void wait_for(operation& op, std::uint32_t id, const member& description,
                  pin_list objects, const void* self, bool take,
                  std::unique_ptr<operation_parts> parts);
    /// The same for a read of object `h`. With `again` it has that buffer.
    void wait_for_read(operation& op, std::uint32_t id,
                       const member& description, slot_table::handle h,
                       const void* self, repeated_read* again);
    /// Argument `i` of operation `id`, which waits.
    napi_value held_argument(std::uint32_t id, unsigned i);
    void cancel(std::uint32_t id);
    /// Whether the loop goes on for the sake of operation `id` while it waits;
    /// it does until somebody says otherwise.
    void hold(std::uint32_t id, bool yes);
    napi_value lost_buffer(const member& description, const argument_error& e);

    napi_value make_error(const error_code& ec, const char* syscall,
                          std::string_view argument,
                          const std::string& expected = {},
                          const attempt& tried = {}, given_value given = {});
    /// The same, with a sentence of one's own.
    napi_value make_error_saying(const error_code& ec, const char* syscall,
                                 std::string_view argument,
                                 std::string_view text,
                                 const attempt& tried = {},
                                 given_value given = {});
    /// What the call of `m` tried, which failed; `argument(i)` gives argument
    /// `i`, or null. `path` is what the failure says, or null.
    template <class F>
    attempt attempt_of(const member& m, const char* syscall,
                       const std::string* path, F argument) {
        attempt a;
        for (std::size_t i = 0; i < m.parameters.size(); ++i) {
            const auto what = attempted_by(m.parameters, i);
            if (what == attempted::nothing) continue;
            const auto v = argument(static_cast<unsigned>(i));
            if (!v) continue;
            if (const auto text = text_of(v)) a.add(what, *text);
        }
        if (path) a.add_told(m.parameters, syscall, *path);
        return a;
    }
    const error_category* find_category(std::string_view name) const;

    /// Delivers what nothing waits for and what has come while the loop came to
    /// its end. Whether there was any: whoever gets it goes on after this call.
    bool deliver_rest();
    /// The program has nothing left to do: nobody can send to it and it sends
    /// to nobody any more. Whether the loop goes on nevertheless, for the
    /// actors that still run or because something else has begun.
    bool end_program();
    /// How many of its actors failed whose end it never asked for.
    int unseen_failures() const noexcept;

    /// Has it tell whoever asks what its fibers are at, soon. In a signal
    /// handler.
    void be_asked(std::uint64_t token) noexcept {
        asked_ = token;
        loop_.wake_from_handler();
    }
    /// What there is to see of it without JavaScript. In a copy of the process.
    observed_vm observe() const;
    /// How many seconds operation `id` has waited; nothing if it does not.
    std::optional<double> waited(std::uint32_t id) const noexcept;

private:
    /// Of an argument that is a text, bytes, a number or a value of those.
    std::optional<std::string> text_of(napi_value v);
    napi_value tried_as_object(const attempt& a);

    // What a read needs that comes again and again is in one line of the
    // processor's caches.
    struct alignas(64) pending {
        operation* op = nullptr;
        const member* description = nullptr;
        repeated_read* again = nullptr;
        /// The receiver, one of `objects`; null for a value or for none.
        const void* self = nullptr;
        /// When it began to wait, as `loop_context::now` has it.
        std::uint64_t since = 0;
        /// The buffer that was asked for last, or that was gone.
        unsigned lost = 0;
        bool holds = true;
        std::unique_ptr<operation_parts> parts;
        pin_list objects;
    };

    /// Handlers that run before JavaScript hears of them, and how often in a
    /// turn.
    static constexpr std::size_t portion = 64;
    static constexpr int portions = 16;

    // loop_client
    void turn() override;
    bool has_work() override;
    void woken() override;
    bool holds_for_message() const;
    /// Of which it is, or which it has.
    actor_family* family() const noexcept;
    bool hears_actors_alone() const noexcept;
    bool end_wait_in_vain();
    void fall_asleep(actor_family& all);
    void wake_up() noexcept;
    void round() override { inline_budget = default_inline_budget; }
    void sleeps() override;
    void closed() override;

    // family_member
    bool rests() const override;
    unsigned turns() const override;
    bool close_inbox() override;
    void give_up() override;

    static void on_environment_ends(napi_async_cleanup_hook_handle handle,
                                    void* self);
    void end();
    void last_turn();
    std::size_t poll();
    void run_posted();
    void deliver();
    void call_drain(std::size_t count);
    void start_all_submitted();
    pending& begin_to_wait(operation& op, std::uint32_t id,
                           const member& description, const void* self);
    void collect(operation& op, std::int32_t* out);
    void deliver_values(node_results& r, std::int32_t* out);
    napi_value error_of_exception(const std::exception_ptr& e);
    napi_value failure_of(operation& op, pending& p);
    /// Whether it failed with nothing but the end of a stream, of which whoever
    /// reads until then needs no error.
    static bool is_mere_end(const operation& op, const pending& p);
    void drop_completed();
    void let_go(pending& p) noexcept;
    void holding(std::ptrdiff_t change) noexcept;
    napi_value value_of(napi_ref ref);
    bool is_of_last_class(napi_value v);

    napi_env env_;
    loop_context loop_;
    slot_table slots_;
    known_values known_;
    const std::thread::id thread_ = std::this_thread::get_id();
    /// The main environment runs on the first thread of its process, a
    /// worker's never does.
    const bool master_ = ::gettid() == ::getpid();
    const pid_t thread_id_ = ::gettid();
    std::string program_;
    /// By whom; 0 for nobody.
    std::atomic<std::uint64_t> asked_ = 0;
    bool closing_ = false;

    std::vector<std::shared_ptr<void>> kept_;
    std::unordered_map<const class_description*, std::int32_t> class_ids_;
    std::vector<const class_description*> classes_;
    /// By the number of the class; null for those that JavaScript lacks.
    std::vector<napi_ref> prototypes_;
    /// Of the instance whose core was asked for last.
    std::uint32_t last_class_ = 0;
    /// Those that only plugins know.
    std::vector<const error_category*> categories_;

    std::vector<pending> pending_;
    buffer_source* starting_ = nullptr;
    /// How many operations wait that hold the loop.
    std::ptrdiff_t holding_ = 0;
    std::vector<operation*> done_;
    std::vector<operation*> delivering_;
    /// The arguments of the call that delivers them: how many, then what no
    /// integer is.
    std::vector<napi_value> values_;
    /// How several results are put together, as results.ts has it.
    struct shape {
        const std::vector<const char*>* names;
        std::vector<std::int32_t> classes;
    };
    std::vector<shape> shapes_;
    /// An exception that left a completion destroyed its handler.
    operation* unwound_ = nullptr;

    mutable std::mutex posted_mutex_;
    queue_node* posted_ = nullptr;
    queue_node** posted_end_ = &posted_;

    std::shared_ptr<mailbox> inbox_;
    /// Of an actor.
    std::shared_ptr<actor_family> outer_;
    std::atomic<bool> rests_ = false;
    /// Its family knows.
    std::atomic<bool> asleep_ = false;
    std::atomic<unsigned> turns_ = 0;

    /// As operation.ts lays it out.
    struct submissions {
        struct read {
            std::int32_t id, object;
        };

        /// Whether what is submitted is started soon, without a call.
        std::int32_t accepted;
        std::int32_t count;
        std::array<read, 31> reads;
    };

    // What JavaScript gave.
    napi_ref drain_ = nullptr, make_error_ = nullptr, instantiate_ = nullptr;
    napi_ref define_shape_ = nullptr, assemble_ = nullptr, observe_ = nullptr;
    napi_ref class_key_ = nullptr, core_key_ = nullptr, arguments_ = nullptr;
    napi_ref status_owner_ = nullptr, batch_owner_ = nullptr;
    napi_ref submitted_owner_ = nullptr, writing_owner_ = nullptr;
    napi_ref direct_owner_ = nullptr;
    submissions* submitted_ = nullptr;
    direct_frame* direct_ = nullptr;
    std::byte* writing_ = nullptr;
    std::size_t writing_size_ = 0;
    std::int32_t* status_ = nullptr;
    std::int32_t* batch_ = nullptr;
    std::size_t batch_size_ = 0;
    std::uint32_t stride_ = 8;

    napi_async_cleanup_hook_handle cleanup_ = nullptr;
};

} // namespace emilua::node
