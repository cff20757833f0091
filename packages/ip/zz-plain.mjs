import { tcp } from '@emilua/ip';
const acceptor = await tcp.listen('127.0.0.1:0');
console.log(`port ${acceptor.localPort}`);
async function serve(socket) {
    socket.setOption('tcp_no_delay', true);
    const b = new Uint8Array(16384);
    try {
        for (;;) {
            const n = await socket.readSome(b);
            await socket.writeSome(b.subarray(0, n));
        }
    }
    catch { }
    finally {
        socket.close();
    }
}
for (;;)
    void serve(await acceptor.accept());
