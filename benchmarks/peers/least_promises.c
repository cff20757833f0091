// SPDX-License-Identifier: MIT OR BSL-1.0
// For least_promises.mjs: the least that an addon of Node can do for it. One
// epoll, one call into JavaScript for all descriptors that became readable,
// read(2) and write(2) called from there, or recvfrom(2) and sendto(2), or
// SSL_read and SSL_write.
#include <node_api.h>
#include <openssl/ssl.h>
#include <uv.h>

#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { most_events = 256 };

static struct {
    napi_env env;
    uv_poll_t poll;
    int epoll;
    int *ready; // of JavaScript: a number, and that many descriptors
    napi_ref resume;
    napi_async_context context;
} loop;

static void on_readable(uv_poll_t *poll, int status, int events) {
    (void)poll, (void)status, (void)events;
    struct epoll_event found[most_events];
    const int n = epoll_wait(loop.epoll, found, most_events, 0);
    if (n <= 0) return;
    for (int i = 0; i < n; ++i) loop.ready[1 + i] = found[i].data.fd;
    loop.ready[0] = n;
    napi_handle_scope scope;
    napi_value global, resume;
    napi_open_handle_scope(loop.env, &scope);
    napi_get_global(loop.env, &global);
    napi_get_reference_value(loop.env, loop.resume, &resume);
    napi_make_callback(loop.env, loop.context, global, resume, 0, NULL, NULL);
    napi_close_handle_scope(loop.env, scope);
}

// start(ready: Int32Array, resume: () => void)
static napi_value start(napi_env env, napi_callback_info info) {
    size_t count = 2;
    napi_value given[2], name;
    void *data;
    struct uv_loop_s *uv;
    napi_get_cb_info(env, info, &count, given, NULL, NULL);
    napi_get_typedarray_info(env, given[0], NULL, NULL, &data, NULL, NULL);
    loop.env = env;
    loop.ready = data;
    loop.epoll = epoll_create1(EPOLL_CLOEXEC);
    napi_create_reference(env, given[1], 1, &loop.resume);
    napi_create_string_utf8(env, "least", NAPI_AUTO_LENGTH, &name);
    napi_async_init(env, NULL, name, &loop.context);
    napi_get_uv_event_loop(env, &uv);
    uv_poll_init(uv, &loop.poll, loop.epoll);
    uv_poll_start(&loop.poll, UV_READABLE, on_readable);
    return NULL;
}

static int number(napi_env env, napi_value v) {
    int n = -1;
    napi_get_value_int32(env, v, &n);
    return n;
}

// watch(fd): it is readable from time to time
static napi_value watch(napi_env env, napi_callback_info info) {
    size_t count = 1;
    napi_value given;
    napi_get_cb_info(env, info, &count, &given, NULL, NULL);
    struct epoll_event e = {EPOLLIN | EPOLLET, {.fd = number(env, given)}};
    epoll_ctl(loop.epoll, EPOLL_CTL_ADD, e.data.fd, &e);
    return NULL;
}

static napi_value as_number(napi_env env, ssize_t n) {
    napi_value result;
    napi_create_int32(env, (int)n, &result);
    return result;
}

// Of a call with a descriptor, bytes and how many of them: all if that is not
// said.
struct transfer {
    int fd;
    void *data;
    size_t size;
};

static struct transfer given_to(napi_env env, napi_callback_info info) {
    size_t count = 3;
    napi_value given[3];
    struct transfer t;
    napi_get_cb_info(env, info, &count, given, NULL, NULL);
    napi_get_typedarray_info(env, given[1], NULL, &t.size, &t.data, NULL, NULL);
    t.fd = number(env, given[0]);
    if (count == 3) t.size = (size_t)number(env, given[2]);
    return t;
}

// receive(fd, bytes), send(fd, bytes, size): what read(2) and write(2) give
static napi_value receive(napi_env env, napi_callback_info info) {
    const struct transfer t = given_to(env, info);
    return as_number(env, read(t.fd, t.data, t.size));
}
static napi_value send_bytes(napi_env env, napi_callback_info info) {
    const struct transfer t = given_to(env, info);
    return as_number(env, write(t.fd, t.data, t.size));
}

// --- datagrams ---------------------------------------------------------------

static struct sockaddr_storage sender;
static socklen_t sender_size;

static napi_value bound(napi_env env, const void *address, socklen_t size) {
    const struct sockaddr *to = address;
    const int fd = socket(to->sa_family,
                          SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (bind(fd, to, size) != 0) napi_throw_error(env, NULL, "bind");
    return as_number(env, fd);
}

// udp(): a socket bound to the loopback
static napi_value udp(napi_env env, napi_callback_info info) {
    (void)info;
    const struct sockaddr_in a = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    return bound(env, &a, sizeof a);
}

// unixDatagram(): the same of the abstract name that goes with the process
static napi_value unix_datagram(napi_env env, napi_callback_info info) {
    (void)info;
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    const int n = snprintf(a.sun_path + 1, sizeof a.sun_path - 1,
                           "emilua-benchmark-%d", (int)getpid());
    return bound(env, &a,
                 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
                             (size_t)n));
}

// port(fd)
static napi_value port(napi_env env, napi_callback_info info) {
    size_t count = 1;
    napi_value given;
    struct sockaddr_in a;
    socklen_t size = sizeof a;
    napi_get_cb_info(env, info, &count, &given, NULL, NULL);
    getsockname(number(env, given), (struct sockaddr *)&a, &size);
    return as_number(env, ntohs(a.sin_port));
}

// receiveFrom(fd, bytes), sendBack(fd, bytes, size): to whom the last one came
// from, of which no object is made
static napi_value receive_from(napi_env env, napi_callback_info info) {
    const struct transfer t = given_to(env, info);
    sender_size = sizeof sender;
    return as_number(env, recvfrom(t.fd, t.data, t.size, 0,
                                   (struct sockaddr *)&sender, &sender_size));
}
static napi_value send_back(napi_env env, napi_callback_info info) {
    const struct transfer t = given_to(env, info);
    return as_number(env, sendto(t.fd, t.data, t.size, 0,
                                 (struct sockaddr *)&sender, sender_size));
}

// --- TLS ---------------------------------------------------------------------

enum { most_descriptors = 65536 };
static SSL_CTX *context;
static SSL *connections[most_descriptors];

// useIdentity(certificate, key): the names of their files
static napi_value use_identity(napi_env env, napi_callback_info info) {
    size_t count = 2, size;
    napi_value given[2];
    char certificate[4096], key[4096];
    napi_get_cb_info(env, info, &count, given, NULL, NULL);
    napi_get_value_string_utf8(env, given[0], certificate, sizeof certificate,
                               &size);
    napi_get_value_string_utf8(env, given[1], key, sizeof key, &size);
    context = SSL_CTX_new(TLS_server_method());
    if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
        napi_throw_error(env, NULL, "no certificate or no key");
    SSL_CTX_set_read_ahead(context, 1);
    return NULL;
}

// beginTls(fd), endTls(fd)
static napi_value begin_tls(napi_env env, napi_callback_info info) {
    size_t count = 1;
    napi_value given;
    napi_get_cb_info(env, info, &count, &given, NULL, NULL);
    const int fd = number(env, given);
    connections[fd] = SSL_new(context);
    SSL_set_fd(connections[fd], fd);
    SSL_set_accept_state(connections[fd]);
    return NULL;
}
static napi_value end_tls(napi_env env, napi_callback_info info) {
    size_t count = 1;
    napi_value given;
    napi_get_cb_info(env, info, &count, &given, NULL, NULL);
    SSL_free(connections[number(env, given)]);
    return NULL;
}

// receiveTls(fd, bytes): how many; 0 where it has to wait, -1 at the end
static napi_value receive_tls(napi_env env, napi_callback_info info) {
    const struct transfer t = given_to(env, info);
    SSL *const ssl = connections[t.fd];
    const int n = SSL_read(ssl, t.data, (int)t.size);
    if (n > 0) return as_number(env, n);
    return as_number(
        env, SSL_get_error(ssl, n) == SSL_ERROR_WANT_READ ? 0 : -1);
}
// sendTls(fd, bytes, size)
static napi_value send_tls(napi_env env, napi_callback_info info) {
    const struct transfer t = given_to(env, info);
    return as_number(env, SSL_write(connections[t.fd], t.data, (int)t.size));
}

NAPI_MODULE_INIT() {
    const napi_property_descriptor all[] = {
        {.utf8name = "start", .method = start},
        {.utf8name = "watch", .method = watch},
        {.utf8name = "receive", .method = receive},
        {.utf8name = "send", .method = send_bytes},
        {.utf8name = "udp", .method = udp},
        {.utf8name = "unixDatagram", .method = unix_datagram},
        {.utf8name = "port", .method = port},
        {.utf8name = "receiveFrom", .method = receive_from},
        {.utf8name = "sendBack", .method = send_back},
        {.utf8name = "useIdentity", .method = use_identity},
        {.utf8name = "beginTls", .method = begin_tls},
        {.utf8name = "endTls", .method = end_tls},
        {.utf8name = "receiveTls", .method = receive_tls},
        {.utf8name = "sendTls", .method = send_tls},
    };
    napi_define_properties(env, exports, sizeof all / sizeof *all, all);
    return exports;
}
