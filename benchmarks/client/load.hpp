// SPDX-License-Identifier: MIT OR BSL-1.0
#pragma once

#include "file_descriptor.hpp"
#include "histogram.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace emilua::benchmark {

using steady = std::chrono::steady_clock;

// What the clients speak: TCP, UDP, or UNIX sockets under the abstract name of a number, of which the last kind passes a
// descriptor with each request.
enum class transport
{
    tcp,
    udp,
    stream,
    datagram,
    descriptors,
};

// Closed-loop echo clients on one epoll: each connection has one request under way at any time.
class load
{
public:
    // `place`: the port, or the number in the name.
    load(transport over, std::uint32_t place, std::size_t bytes);

    enum class kind
    {
        busy, // one request after the other
        once, // one request, then silence
        paced, // one request, then those of run_at
    };

    // Starts `count` connections at once; each sends its first request as soon as it is connected.
    void connect(std::size_t count, kind requests);

    // Lets the newest `count`, each of which had its answer, go on with one request after the other.
    void make_busy(std::size_t count);

    // Serves the connections until `deadline`, or until `requests` more are answered.
    void run_until(steady::time_point deadline, std::uint64_t requests = UINT64_MAX);

    // Lets the paced connections send `rate` requests a second until `deadline`, whether or not earlier ones are
    // answered. The latency of one counts from when it was due.
    void run_at(double rate, steady::time_point deadline);

    // Serves the connections until each of the newest `count` had its first answer.
    void run_until_answered(std::size_t count);

    // Closes the newest `count` connections.
    void disconnect(std::size_t count);

    void reset() { latencies_ = {}; }

    const histogram& latencies() const { return latencies_; }

private:
    struct connection
    {
        file_descriptor socket;
        std::uint32_t id;
        kind requests;
        std::uint64_t sequence = 0;
        std::size_t written = 0;
        std::size_t received = 0;
        bool waits_for_output = true;
        steady::time_point sent;
    };

    file_descriptor open_socket() const;
    void connect_socket(int fd) const;
    ssize_t send(int fd, const void* data, std::size_t size);
    ssize_t receive(int fd, void* data, std::size_t size);
    void poll(int milliseconds);
    void write(connection& c);
    void read(connection& c);
    void start_request(connection& c);
    void watch_output(connection& c, bool on);
    std::uint64_t tag(const connection& c) const;

    file_descriptor epoll_;
    // What is passed.
    file_descriptor passed_;
    transport over_;
    std::uint32_t place_;
    std::size_t bytes_;
    std::uint32_t next_id_ = 0;
    std::uint32_t first_of_newest_ = 0;
    std::size_t first_answers_ = 0;
    std::vector<std::unique_ptr<connection>> connections_;
    // The paced ones without a request under way.
    std::deque<connection*> free_;
    std::vector<std::uint64_t> outgoing_;
    std::vector<std::uint64_t> incoming_;
    histogram latencies_;
};

} // namespace emilua::benchmark
