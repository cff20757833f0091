// SPDX-License-Identifier: MIT OR BSL-1.0
// Asio as its tutorials use it: one thread, a shared session a connection, read then write. Prints "port N".
#include <boost/asio.hpp>

#include <array>
#include <cstdio>
#include <memory>
#include <utility>

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

class session : public std::enable_shared_from_this<session>
{
public:
    explicit session(tcp::socket socket)
        : socket_{std::move(socket)}
    {
        socket_.set_option(tcp::no_delay{true});
    }

    void read()
    {
        socket_.async_read_some(
            asio::buffer(buffer_), [self = shared_from_this()](error_code ec, std::size_t n) {
                if (!ec)
                    self->write(n);
            });
    }

private:
    void write(std::size_t n)
    {
        asio::async_write(
            socket_, asio::buffer(buffer_, n), [self = shared_from_this()](error_code ec, std::size_t) {
                if (!ec)
                    self->read();
            });
    }

    tcp::socket socket_;
    std::array<char, 16384> buffer_;
};

void accept(tcp::acceptor& acceptor)
{
    acceptor.async_accept([&acceptor](error_code ec, tcp::socket socket) {
        if (!ec)
            std::make_shared<session>(std::move(socket))->read();
        accept(acceptor);
    });
}

} // namespace

int main()
{
    asio::io_context context{1};
    tcp::acceptor acceptor{context, tcp::endpoint{asio::ip::address_v4::loopback(), 0}};
    std::printf("port %d\n", acceptor.local_endpoint().port());
    std::fflush(stdout);
    accept(acceptor);
    context.run();
}
