// SPDX-License-Identifier: MIT OR BSL-1.0
// TLS echo on OpenSSL and level-triggered epoll: what is decrypted is encrypted and sent back. Prints "port N".
// usage: tls_echo CERTIFICATE KEY
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { buffer_size = 16384, backlog = 4096, batch = 256 };

// What was decrypted and could not be sent yet; most connections never have any.
struct connection {
    SSL* ssl;
    int fd;
    int begin;
    int end;
    uint32_t events;
    char buffer[buffer_size];
};

static void fail(const char* what)
{
    perror(what);
    exit(1);
}

static void watch(int epoll, int operation, int fd, uint32_t events, void* data)
{
    struct epoll_event event = {.events = events, .data.ptr = data};
    if (epoll_ctl(epoll, operation, fd, &event) == -1)
        fail("epoll_ctl");
}

static void accept_all(int epoll, int listener, SSL_CTX* context)
{
    for (;;) {
        const int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd == -1) {
            if (errno == EAGAIN)
                return;
            if (errno == ECONNABORTED || errno == EINTR)
                continue;
            fail("accept4");
        }
        const int on = 1;
        if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == -1)
            fail("setsockopt");
        struct connection* c = malloc(sizeof(*c));
        SSL* ssl = SSL_new(context);
        if (!c || !ssl || !SSL_set_fd(ssl, fd))
            fail("malloc");
        SSL_set_accept_state(ssl);
        *c = (struct connection){.ssl = ssl, .fd = fd, .events = EPOLLIN};
        watch(epoll, EPOLL_CTL_ADD, fd, EPOLLIN, c);
    }
}

// What SSL wants, or 0 when the connection is over.
static uint32_t wanted(struct connection* c, int result)
{
    switch (SSL_get_error(c->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        return EPOLLIN;
    case SSL_ERROR_WANT_WRITE:
        return EPOLLOUT;
    default:
        ERR_clear_error();
        return 0;
    }
}

// Goes on until it has to wait: 0 when the connection is over, or the event it waits for.
static uint32_t serve(struct connection* c)
{
    for (;;) {
        while (c->begin < c->end) {
            const int n = SSL_write(c->ssl, c->buffer + c->begin, c->end - c->begin);
            if (n <= 0)
                return wanted(c, n);
            c->begin += n;
        }
        const int n = SSL_read(c->ssl, c->buffer, sizeof(c->buffer));
        if (n <= 0)
            return wanted(c, n);
        c->begin = 0;
        c->end = n;
        // Another read would be in vain, unless it need not ask the system.
        if (!SSL_has_pending(c->ssl)) {
            const int sent = SSL_write(c->ssl, c->buffer, c->end);
            if (sent == c->end) {
                c->begin = c->end = 0;
                return EPOLLIN;
            }
            if (sent <= 0)
                return wanted(c, sent);
            c->begin = sent;
        }
    }
}

int main(int argc, char** argv)
{
    if (argc != 3)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    SSL_CTX* context = SSL_CTX_new(TLS_server_method());
    if (!context || !SSL_CTX_use_certificate_chain_file(context, argv[1]) ||
        !SSL_CTX_use_PrivateKey_file(context, argv[2], SSL_FILETYPE_PEM)) {
        ERR_print_errors_fp(stderr);
        return 1;
    }
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE);
    SSL_CTX_set_read_ahead(context, 1);

    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener == -1)
        fail("socket");
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    if (bind(listener, (struct sockaddr*)&address, length) == -1)
        fail("bind");
    if (listen(listener, backlog) == -1)
        fail("listen");
    if (getsockname(listener, (struct sockaddr*)&address, &length) == -1)
        fail("getsockname");
    printf("port %d\n", ntohs(address.sin_port));
    fflush(stdout);

    const int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll == -1)
        fail("epoll_create1");
    watch(epoll, EPOLL_CTL_ADD, listener, EPOLLIN, NULL);
    for (;;) {
        struct epoll_event events[batch];
        const int n = epoll_wait(epoll, events, batch, -1);
        if (n == -1 && errno != EINTR)
            fail("epoll_wait");
        for (int i = 0; i < n; ++i) {
            struct connection* c = events[i].data.ptr;
            if (!c) {
                accept_all(epoll, listener, context);
                continue;
            }
            const uint32_t next = serve(c);
            if (!next) {
                SSL_free(c->ssl);
                close(c->fd);
                free(c);
            } else if (next != c->events) {
                c->events = next;
                watch(epoll, EPOLL_CTL_MOD, c->fd, next, c);
            }
        }
    }
}
