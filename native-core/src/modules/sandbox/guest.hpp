// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "core/io_descriptor.hpp"
#include "modules/sandbox/policy.hpp"
#include "modules/system/signals.hpp"
#include "sandbox/control_group.hpp"
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

/// A program that runs in a sandbox, in the hands of who started it.
class guest {
public:
    /// Starts a program, as `opts` and `within` say. Completes when it runs, or
    /// fails with what refused to.
    static void start(vm& owner, std::shared_ptr<const confinement> within,
                      const egress_rules& egress, const guest_options& opts,
                      handler<guest> h);

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

private:
    struct state;
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
    explicit sandbox(const std::optional<policy>& p)
        : within_{std::make_shared<const confinement>(
              confinement_for(p.value_or(policy{})))},
          egress_{std::make_shared<const egress_rules>(
              egress_for(p.value_or(policy{})))} {}

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
        guest::start(owner, within_, *egress_, opts, std::move(h));
    }

private:
    std::shared_ptr<const confinement> within_;
    std::shared_ptr<const egress_rules> egress_;
    struct expectations;
    std::shared_ptr<expectations> expected_ = make_expectations();
    static std::shared_ptr<expectations> make_expectations();
};

} // namespace emilua::sandbox

template <> struct emilua::described_in<emilua::sandbox::sandbox> {
    static constexpr const char* module = "sandbox";
};

template <> struct emilua::enum_names<emilua::sandbox::refused_operation> {
    using e = sandbox::refused_operation;
    static constexpr auto name = "refused_operation";
    static constexpr enum_item<e> items[] = {
        {"connect", e::connect, "A connection to an address or a path."},
        {"resolve", e::resolve, "The address of a name."},
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
                                  "it: \"network.allow\"."),
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
        field<&o::arguments>(
            "arguments",
            "Its words, of which the first is its name: `ls`, `-l`; none if "
            "left out."),
        field<&o::environment>("environment",
                               "Its variables, by name; none if left out.",
                               presence::optional),
        field<&o::standard_input>("stdin",
                                  "What it reads from; a pipe whose other end "
                                  "is closed, if left out."),
        field<&o::standard_output>("stdout",
                                   "What it writes to; a pipe whose other end "
                                   "is closed, if left out."),
        field<&o::standard_error>("stderr",
                                  "What it complains to; a pipe whose other "
                                  "end is closed, if left out."),
        field<&o::working_directory>("working_directory",
                                     "Where it is; the root, if left out."),
    };
};
