// SPDX-License-Identifier: MIT OR BSL-1.0
#include "load.hpp"
#include "process_cpu.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace {

using namespace emilua::benchmark;
using options = std::map<std::string, std::string>;

constexpr const char* usage =
    "usage: echo_client echo  --port N --server PID --connections N --bytes N --seconds S [--requests N] [--idle N]\n"
    "                   [--over tcp|udp|stream|datagram|descriptors]\n"
    "       echo_client burst --port N --busy N --arriving N --bytes N --bursts N\n"
    "       echo_client paced --port N --connections N --bytes N --seconds S [--rate N]\n";

options parse(int argc, char** argv)
{
    options result;
    for (int i = 2; i < argc; i += 2) {
        const std::string name = argv[i];
        if (name.rfind("--", 0) != 0 || i + 1 == argc)
            throw std::invalid_argument{"bad option: " + name};
        result[name.substr(2)] = argv[i + 1];
    }
    return result;
}

double number(const options& given, const std::string& name)
{
    const auto found = given.find(name);
    if (found == given.end())
        throw std::invalid_argument{"--" + name + " is missing"};
    std::size_t used = 0;
    const auto value = std::stod(found->second, &used);
    if (used != found->second.size() || value < 0)
        throw std::invalid_argument{"--" + name + " is no number: " + found->second};
    return value;
}

std::size_t count(const options& given, const std::string& name)
{
    return static_cast<std::size_t>(number(given, name));
}

std::chrono::nanoseconds seconds(double value)
{
    return std::chrono::nanoseconds{static_cast<std::int64_t>(value * 1e9)};
}

transport over(const options& given)
{
    const auto found = given.find("over");
    if (found == given.end() || found->second == "tcp")
        return transport::tcp;
    if (found->second == "udp")
        return transport::udp;
    if (found->second == "stream")
        return transport::stream;
    if (found->second == "datagram")
        return transport::datagram;
    if (found->second == "descriptors")
        return transport::descriptors;
    throw std::invalid_argument{"--over is none of tcp, udp, stream, datagram, descriptors: " + found->second};
}

load clients_of(const options& given)
{
    return {over(given), static_cast<std::uint32_t>(count(given, "port")), count(given, "bytes")};
}

void allow_many_descriptors()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == -1)
        throw_errno("getrlimit");
    limit.rlim_cur = limit.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &limit) == -1)
        throw_errno("setrlimit");
}

void echo(const options& given)
{
    const auto connections = count(given, "connections");
    const auto server = static_cast<pid_t>(count(given, "server"));
    const auto window = seconds(number(given, "seconds"));
    const auto requests = given.contains("requests") ? count(given, "requests") : UINT64_MAX;

    const auto idle = given.contains("idle") ? count(given, "idle") : 0;

    auto clients = clients_of(given);
    // Some at a time, as a server's queue is short; and all before any is busy, beside which some servers accept nobody.
    for (std::size_t left = idle + connections; left > 0;) {
        const auto some = std::min<std::size_t>(left, 512);
        clients.connect(some, load::kind::once);
        clients.run_until_answered(some);
        left -= some;
    }
    clients.make_busy(connections);
    clients.run_until(steady::now() + window / 4, requests);
    clients.reset();

    const auto server_before = process_cpu(server);
    const auto client_before = process_cpu(::getpid());
    const auto begin = steady::now();
    clients.run_until(begin + window, requests);
    const std::chrono::duration<double> elapsed = steady::now() - begin;
    const auto server_cpu = process_cpu(server) - server_before;
    const auto client_cpu = process_cpu(::getpid()) - client_before;

    const auto& latencies = clients.latencies();
    const auto answered = static_cast<double>(latencies.total());
    if (answered == 0)
        throw std::runtime_error{"no request was answered"};
    std::printf("cpu %.4f us\n", server_cpu / answered / 1000);
    std::printf("rate %.0f /s\n", answered / elapsed.count());
    std::printf("p50 %.1f us\n", latencies.quantile(0.5));
    std::printf("p99 %.1f us\n", latencies.quantile(0.99));
    std::printf("p99.9 %.1f us\n", latencies.quantile(0.999));
    std::printf("client_cpu %.4f us\n", client_cpu / answered / 1000);
    std::printf("memory %.0f KiB\n", resident_kib(server));
}

void burst(const options& given)
{
    const auto busy = count(given, "busy");
    const auto arriving = count(given, "arriving");
    const auto bursts = count(given, "bursts");
    const auto pause = std::chrono::milliseconds{50};

    auto clients = clients_of(given);
    clients.connect(busy, load::kind::busy);
    clients.run_until_answered(busy);

    std::vector<double> milliseconds;
    for (std::size_t i = 0; i < bursts; ++i) {
        clients.run_until(steady::now() + pause);
        const auto begin = steady::now();
        clients.connect(arriving, load::kind::once);
        clients.run_until_answered(arriving);
        const std::chrono::duration<double, std::milli> elapsed = steady::now() - begin;
        milliseconds.push_back(elapsed.count());
        clients.disconnect(arriving);
    }
    if (milliseconds.empty())
        throw std::invalid_argument{"--bursts must be at least 1"};
    std::sort(milliseconds.begin(), milliseconds.end());
    std::printf("last_first_echo %.3f ms\n", milliseconds[milliseconds.size() / 2]);
    std::printf("last_first_echo_worst %.3f ms\n", milliseconds.back());
}

// A closed loop finds out what the server can; then half as much is asked of it, at fixed times.
void paced(const options& given)
{
    const auto connections = count(given, "connections");
    const auto window = seconds(number(given, "seconds"));
    auto rate = given.contains("rate") ? number(given, "rate") : 0;
    if (rate == 0) {
        auto clients = clients_of(given);
        clients.connect(connections, load::kind::busy);
        clients.run_until_answered(connections);
        clients.run_until(steady::now() + window / 4);
        clients.reset();
        clients.run_until(steady::now() + window / 2);
        rate = static_cast<double>(clients.latencies().total()) / std::chrono::duration<double>(window).count();
    }
    auto clients = clients_of(given);
    clients.connect(connections, load::kind::paced);
    clients.run_until_answered(connections);
    clients.run_at(rate, steady::now() + window / 4);
    clients.reset();
    clients.run_at(rate, steady::now() + window);
    const auto& latencies = clients.latencies();
    if (latencies.total() == 0)
        throw std::runtime_error{"no request was answered"};
    std::printf("asked %.0f /s\n", rate);
    std::printf("p50 %.1f us\n", latencies.quantile(0.5));
    std::printf("p99 %.1f us\n", latencies.quantile(0.99));
    std::printf("p99.9 %.1f us\n", latencies.quantile(0.999));
}

} // namespace

int main(int argc, char** argv)
{
    try {
        const std::string mode = argc > 1 ? argv[1] : "";
        if (mode != "echo" && mode != "burst" && mode != "paced") {
            std::fputs(usage, stderr);
            return 2;
        }
        allow_many_descriptors();
        const auto given = parse(argc, argv);
        mode == "echo" ? echo(given) : mode == "paced" ? paced(given) : burst(given);
        return 0;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "echo_client: %s\n", e.what());
        return 1;
    }
}
