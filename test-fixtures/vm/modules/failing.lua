local e = { attempt = 'failed' }
scope_cleanup_push(function () e.cleaned = true end)
error(e)
