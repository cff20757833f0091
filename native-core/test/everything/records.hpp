// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include <emilua/plugin.hpp>

/// The enums and records of the module `everything`.

namespace {

using namespace emilua;

enum class color { red = 1, green = 2, blue = 4 };

struct point {
    int x = 0;
    int y = 0;
    std::optional<std::string> label{};
};

struct shape {
    std::string name{};
    std::vector<point> outline{};
    std::map<std::string, point> marks{};
    std::optional<color> fill_color{};
    flags_of<color> other_colors{};
    std::variant<double, std::string> line_width = 1.0;
};

// As `system.spawn` will have them: forty fields of all kinds.
struct spawn_options {
    std::string program{};
    std::vector<std::string> arguments{};
    std::map<std::string, std::string> environment{};
    std::optional<std::string> working_directory{};
    std::variant<std::string, int> standard_input = std::string{"inherit"};
    std::variant<std::string, int> standard_output = std::string{"inherit"};
    std::variant<std::string, int> standard_error = std::string{"inherit"};
    std::map<int, int> extra_fds{};
    std::optional<int> pd_signal{};
    std::optional<ranged<0, 4294967294>> set_uid{};
    std::optional<ranged<0, 4294967294>> set_gid{};
    std::optional<std::vector<ranged<0, 4294967294>>> extra_groups{};
    std::optional<ranged<0, 511>> umask{};
    bool new_session = false;
    bool foreground = false;
    std::optional<int> process_group{};
    bool new_pid_namespace = false;
    bool new_mount_namespace = false;
    bool new_net_namespace = false;
    bool new_user_namespace = false;
    bool new_ipc_namespace = false;
    bool new_uts_namespace = false;
    bool no_new_privileges = false;
    std::optional<double> time_limit{};
    std::optional<ranged<-20, 19>> nice{};
    std::optional<std::string> scheduler_policy{};
    std::optional<ranged<0, 99>> scheduler_priority{};
    std::map<std::string, wide<std::uint64_t>> limits{};
    std::vector<int> cpu_affinity{};
    std::optional<std::string> cgroup{};
    std::optional<std::string> root_directory{};
    std::optional<std::string> landlock_rules{};
    std::vector<std::string> seccomp_rules{};
    std::optional<std::string> capabilities{};
    std::optional<std::string> secure_bits{};
    std::optional<wide<std::uint64_t>> cookie{};
    std::vector<std::string> ambient_capabilities{};
    std::optional<std::string> hostname{};
    bool close_others = true;
    bool reap = true;
};

} // namespace

template <> struct emilua::enum_names<color> {
    static constexpr auto name = "everything_color";
    static constexpr enum_item<color> items[] = {
        {"red", color::red}, {"green", color::green}, {"blue", color::blue}};
};

template <> struct emilua::fields_of<point> {
    static constexpr auto name = "everything_point";
    static constexpr std::array items{
        field<&point::x>("x", "To the right."), field<&point::y>("y", "Down."),
        field<&point::label>("label", "What stands beside it.")};
};

template <> struct emilua::fields_of<shape> {
    static constexpr auto name = "everything_shape";
    static constexpr std::array items{
        field<&shape::name>("name", "What it is called."),
        field<&shape::outline>("outline", "Its corners."),
        field<&shape::marks>("marks", "Places in it, by name.",
                             presence::optional),
        field<&shape::fill_color>("fill_color", "What fills it."),
        field<&shape::other_colors>("other_colors", "More of them."),
        field<&shape::line_width>("line_width", "Points, or a name.",
                                  presence::optional)};
};

template <auto M>
static constexpr emilua::field_description any(const char* n) {
    return emilua::field<M>(n, "As system.spawn has it.",
                            emilua::presence::optional);
}

template <> struct emilua::fields_of<spawn_options> {
    static constexpr auto name = "everything_spawn_options";
    using o = spawn_options;
    static constexpr std::array items{
        field<&o::program>("program", "What is run."),
        any<&o::arguments>("arguments"),
        any<&o::environment>("environment"),
        any<&o::working_directory>("working_directory"),
        any<&o::standard_input>("stdin"),
        any<&o::standard_output>("stdout"),
        any<&o::standard_error>("stderr"),
        any<&o::extra_fds>("extra_fds"),
        any<&o::pd_signal>("pdeathsig"),
        any<&o::set_uid>("setresuid"),
        any<&o::set_gid>("setresgid"),
        any<&o::extra_groups>("setgroups"),
        any<&o::umask>("umask"),
        any<&o::new_session>("setsid"),
        any<&o::foreground>("foreground"),
        any<&o::process_group>("setpgid"),
        any<&o::new_pid_namespace>("newns_pid"),
        any<&o::new_mount_namespace>("newns_mount"),
        any<&o::new_net_namespace>("newns_net"),
        any<&o::new_user_namespace>("newns_user"),
        any<&o::new_ipc_namespace>("newns_ipc"),
        any<&o::new_uts_namespace>("newns_uts"),
        any<&o::no_new_privileges>("no_new_privs"),
        any<&o::time_limit>("time_limit"),
        any<&o::nice>("nice"),
        any<&o::scheduler_policy>("scheduler_policy"),
        any<&o::scheduler_priority>("scheduler_priority"),
        any<&o::limits>("rlimits"),
        any<&o::cpu_affinity>("cpu_affinity"),
        any<&o::cgroup>("cgroup"),
        any<&o::root_directory>("chroot"),
        any<&o::landlock_rules>("landlock_rules"),
        any<&o::seccomp_rules>("seccomp_rules"),
        any<&o::capabilities>("capabilities"),
        any<&o::secure_bits>("secure_bits"),
        any<&o::cookie>("cookie"),
        any<&o::ambient_capabilities>("ambient_capabilities"),
        any<&o::hostname>("hostname"),
        any<&o::close_others>("close_others"),
        any<&o::reap>("reap")};
    static_assert(items.size() == 40);
};
