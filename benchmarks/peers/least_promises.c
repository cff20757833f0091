// SPDX-License-Identifier: MIT OR BSL-1.0
// For least_promises.mjs: the least that an addon of Node can do for it. One
// epoll, one call into JavaScript for all descriptors that became readable,
// read(2) and write(2) called from there.
#include <node_api.h>
#include <uv.h>

#include <sys/epoll.h>
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

static napi_value transfer(napi_env env, napi_callback_info info, int writes) {
    size_t count = 3, size;
    napi_value given[3], result;
    void *data;
    napi_get_cb_info(env, info, &count, given, NULL, NULL);
    napi_get_typedarray_info(env, given[1], NULL, &size, &data, NULL, NULL);
    const int fd = number(env, given[0]);
    const ssize_t n = writes ? write(fd, data, (size_t)number(env, given[2]))
                             : read(fd, data, size);
    napi_create_int32(env, (int)n, &result);
    return result;
}

// receive(fd, bytes), send(fd, bytes, size): what read(2) and write(2) give
static napi_value receive(napi_env env, napi_callback_info info) {
    return transfer(env, info, 0);
}
static napi_value send_bytes(napi_env env, napi_callback_info info) {
    return transfer(env, info, 1);
}

NAPI_MODULE_INIT() {
    const napi_property_descriptor all[] = {
        {.utf8name = "start", .method = start},
        {.utf8name = "watch", .method = watch},
        {.utf8name = "receive", .method = receive},
        {.utf8name = "send", .method = send_bytes},
    };
    napi_define_properties(env, exports, sizeof all / sizeof *all, all);
    return exports;
}
