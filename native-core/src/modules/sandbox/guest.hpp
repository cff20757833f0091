// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/io_descriptor.hpp"
#include "modules/filesystem/file_status.hpp"
#include "modules/sandbox/policy.hpp"
#include "modules/system/signals.hpp"
#include "sandbox/control_group.hpp"
#include "sandbox/folder_copy.hpp"
#include "sandbox/guest_reports.hpp"
#include "sandbox/program.hpp"
#include "sandbox/refusal_log.hpp"

namespace emilua::sandbox {

/// `opts` of sandbox.spawn.
struct guest_options {
    std::variant<c_string, filesystem::path> program;
    std::optional<std::vector<c_string>> arguments{};
    system::variables environment{};
    system::standard_stream_option standard_input{};
    system::standard_stream_option standard_output{};
    system::standard_stream_option standard_error{};
    std::optional<filesystem::path> working_directory{};
};

/// What a guest made of something in the folder of `copy_on_write`.
struct change {
    std::string path;
    change_kind what{};
    filesystem::file_type type{};
    double size = 0;
};

/// A program that runs in a sandbox, in the hands of who started it.
class guest {
public:
    /// Starts a program, as `opts` and `within` say. Completes when it runs, or
    /// fails with what refused to.
    static void start(vm& owner, std::shared_ptr<const confinement> within,
                      const egress_rules& egress, const guest_options& opts,
                      std::shared_ptr<folder_copy> copy, handler<guest> h);

    /// Completes when it has ended. Several may wait.
    void wait(handler<> h);
    /// ESRCH once it has ended.
    void kill(system::signal_argument signal);

    int exit_code() const;
    std::optional<int> exit_signal() const;
    std::optional<limit_kind> limit() const;
    double processor_time() const;
    std::optional<int> pid() const;
    std::vector<refused_request> refused() const;
    foundation on() const;
    std::optional<memory_scope> counted() const;

private:
    struct state;
    struct beginning;
    /// Where it throws, `h` is still to be told.
    static void start(vm& owner, beginning b, handler<guest>& h);
    void wait_for_init(handler<> h);
    explicit guest(std::shared_ptr<state> s) : state_{std::move(s)} {}
    const program_report& ended(const char* property) const;

    std::shared_ptr<state> state_;
};

/// That which the limits of `c` take; none if they take none. Throws `failure`
/// of category "sandbox".
control_group control_group_for(const confinement& c);

/// An actor that is about to be confined.
struct expected_actor {
    std::shared_ptr<io_descriptor> io;
    std::shared_ptr<guest_reports> reports;
};

/// What may be done, and by whom.
class sandbox {
public:
    explicit sandbox(const std::optional<policy>& p);

    const confinement& within() const noexcept { return *within_; }
    /// An actor tells there whether it is confined.
    void expect_start(vm& owner, std::shared_ptr<guest_reports> reports) const;
    /// Completes when all actors that were started are confined; fails with
    /// what refused to.
    void handshake(handler<> h) const;

    foundation on() const { return within_->on; }
    std::optional<double> memory() const {
        const auto most = within_->most.memory;
        return most == 0 ? std::nullopt
                         : std::optional{static_cast<double>(most)};
    }
    void spawn(vm& owner, const guest_options& opts, handler<guest> h) const {
        guest::start(owner, within_, *egress_, opts, copy_, std::move(h));
    }

    // EINVAL without `copy_on_write`, EBUSY while a guest runs.
    void changes(handler<std::vector<change>> h) const;
    void commit(handler<> h) const;
    void discard(handler<> h) const;
    bool copies() const noexcept { return copy_ != nullptr; }

private:
    std::shared_ptr<const confinement> within_;
    std::shared_ptr<const egress_rules> egress_;
    std::shared_ptr<folder_copy> copy_;
    struct expectations;
    std::shared_ptr<expectations> expected_ = make_expectations();
    static std::shared_ptr<expectations> make_expectations();
};

} // namespace emilua::sandbox

template <> struct emilua::described_in<emilua::sandbox::sandbox> {
    static constexpr const char* module = "sandbox";
};

template <> struct emilua::enum_names<emilua::sandbox::change_kind> {
    using e = sandbox::change_kind;
    static constexpr auto name = "change_kind";
    static constexpr enum_item<e> items[] = {
        {"added", e::added, "It was not there."},
        {"changed", e::changed, "It was there and is different."},
        {"removed", e::removed, "It is not there any more."},
    };
};

template <> struct emilua::fields_of<emilua::sandbox::change> {
    using o = sandbox::change;
    static constexpr auto name = "folder_change";
    static constexpr field_description items[] = {
        field<&o::path>("path", "What it is about, from the folder on. Of "
                                "something removed, all that was in it is "
                                "told, too."),
        field<&o::what>("change", "What became of it."),
        field<&o::type>("type", "What it is now, or was before it was "
                                "removed."),
        field<&o::size>("size", "Bytes; 0 of a folder."),
    };
};

template <> struct emilua::enum_names<emilua::sandbox::refused_operation> {
    using e = sandbox::refused_operation;
    static constexpr auto name = "refused_operation";
    static constexpr enum_item<e> items[] = {
        {"connect", e::connect, "A connection to an address or a path."},
        {"resolve", e::resolve, "The address of a name."},
        {"read", e::read, "To read a file or folder, or to ask about it."},
        {"write", e::write, "To write, make or remove one."},
        {"execute", e::execute, "To run a program."},
    };
};

template <> struct emilua::fields_of<emilua::sandbox::refused_request> {
    using o = sandbox::refused_request;
    static constexpr auto name = "refused_request";
    static constexpr field_description items[] = {
        field<&o::operation>("operation", "What it asked for."),
        field<&o::target>("target",
                          "An address with its port, a name or a path."),
        field<&o::field>("field", "The field of the policy that would allow "
                                  "it: \"network.allow\", \"read\", "
                                  "\"write\" or \"execute\"."),
        field<&o::value>("value", "What it would have to have."),
        field<&o::count>("count", "How often it was asked for."),
    };
};

template <> struct emilua::fields_of<emilua::sandbox::guest_options> {
    using o = sandbox::guest_options;
    static constexpr auto name = "guest_options";
    static constexpr field_description items[] = {
        field<&o::program>(
            "program", "What runs. A name is looked for in the PATH that this "
                       "program was started with; a path is one of the "
                       "sandbox."),
        field<&o::arguments>("arguments", system::option_texts::arguments),
        field<&o::environment>("environment",
                               "Its variables, by name; none if left out.",
                               presence::optional),
        field<&o::standard_input>("stdin",
                                  system::option_texts::standard_input),
        field<&o::standard_output>("stdout",
                                   system::option_texts::standard_output),
        field<&o::standard_error>("stderr",
                                  system::option_texts::standard_error),
        field<&o::working_directory>("working_directory",
                                     "Where it is, a relative path from the "
                                     "folder of this program on; the folder of "
                                     "the policy's `copy_on_write` or the "
                                     "root, if left out."),
    };
};
