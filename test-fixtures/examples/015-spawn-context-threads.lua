--
-- Spawn extra threads to the
-- caller's `asio::io_context`
spawn_context_threads(3)
print('4 threads now')
