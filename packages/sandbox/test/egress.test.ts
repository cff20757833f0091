// SPDX-License-Identifier: MIT OR BSL-1.0
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { hostname, networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EmiluaError } from '@emilua/errors'
import { Sandbox, systemPaths, type Policy, type RunResult } from '@emilua/sandbox'
import { expect } from 'chai'
import { descriptorsAhead, foundations, onBoth, onNamespaces, signalsInProcess } from './foundations.js'

const system = systemPaths()
const environment = { PATH: '/usr/bin:/bin' }
const descriptors = (): number => readdirSync('/proc/self/fd').length

/** What Perl scripts below have: `reach` says what comes of a connection. */
const prelude = `
  use strict; use Socket qw(:all); use Fcntl; use POSIX ();
  $| = 1;
  sub reach {
    my ($host, $port) = @_;
    my $v6 = $host =~ /:/;
    socket(my $s, $v6 ? PF_INET6 : PF_INET, SOCK_STREAM, 0) or return "socket: $!";
    connect($s, $v6 ? pack_sockaddr_in6($port, inet_pton(AF_INET6, $host)) : sockaddr_in($port, inet_aton($host) // return 'no such name')) or return "$!";
    return <$s> // 'nothing';
  }
`

function perl (script: string, allow: string[], policy: Policy = {}): Promise<RunResult> {
  return new Sandbox({ read: system, limits: { seconds: 30 }, ...policy, network: { allow } })
    .run({ program: 'perl', arguments: ['perl', '-e', prelude + script], environment })
}

async function listening (server: Server, ...where: unknown[]): Promise<number> {
  (server.listen as (...words: unknown[]) => Server)(...where)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function refusal (attempt: () => unknown): EmiluaError {
  try {
    attempt()
  } catch (error) {
    return error as EmiluaError
  }
  throw new Error('nothing failed')
}

describe('a guest with rules for the network', () => {
  let server: Server
  let port: number
  beforeEach(async () => {
    server = createServer(socket => { socket.on('error', () => {}).end('hello') })
    port = await listening(server, 0, '127.0.0.1')
  })
  afterEach(() => { server.close() })

  for (const foundation of foundations) {
    it(`connects where it may and nowhere else, ${foundation}`, async () => {
      const other = createServer()
      const closed = await listening(other, 0, '127.0.0.1')
      const result = await perl(`
        print join ' | ', reach('127.0.0.1', ${port}), reach('127.0.0.1', ${closed}), reach('127.0.0.2', ${port}), reach('192.0.2.1', 80), reach('::1', ${port})
      `, [`127.0.0.1:${port}`], { foundation })
      other.close()
      expect(result.stdout.toString()).equal(`hello${' | Permission denied'.repeat(4)}`)
      expect(result.stderr.toString()).equal('')
      expect(result).include({ exitCode: 0, foundation })
      expect(result.refused).deep.equal([
        `127.0.0.1:${closed}`, `127.0.0.2:${port}`, '192.0.2.1:80', `[::1]:${port}`
      ].map(target => ({ operation: 'connect', target, field: 'network.allow', value: target, count: 1 })))
    })

    it(`has blocks of addresses and ranges of ports, ${foundation}`, async () => {
      const script = `print join ' ', map { reach($_, ${port}) } '127.0.0.1', '127.0.0.1', '0.0.0.0'`
      const each = async (rule: string): Promise<string> => (await perl(script, [rule], { foundation })).stdout.toString()
      for (const rule of [`127.0.0.0/8:${port}`, `127.0.0.1:${port - 1}-${port + 1}`, '127.0.0.1:*', `0.0.0.0/0:${port}`, `localhost:${port}`, '126.0.0.0/7:*']) {
        expect(await each(rule), rule).equal('hello hello hello')
      }
      for (const rule of [`127.128.0.0/9:${port}`, `127.0.0.1:${port + 1}-${port + 5}`, '[::1]:*', `*:${port}`]) {
        expect(await each(rule), rule).not.include('hello')
      }
    })

    it(`has sockets as its own were, ${foundation}`, async () => {
      const { stdout, stderr } = await perl(`
        my $to = sockaddr_in(${port}, inet_aton('127.0.0.1'));
        socket(my $s, PF_INET, SOCK_STREAM, 0);
        setsockopt($s, SOL_SOCKET, SO_KEEPALIVE, 1); setsockopt($s, IPPROTO_TCP, TCP_NODELAY, 1);
        fcntl($s, F_SETFD, 0);
        my $number = fileno $s;
        connect($s, $to) or die $!;
        print join ' ', $number == fileno $s, fcntl($s, F_GETFD, 0) + 0, fcntl($s, F_GETFL, 0) & O_NONBLOCK,
          map({ unpack 'i', getsockopt($s, $$_[0], $$_[1]) } [SOL_SOCKET, SO_KEEPALIVE], [IPPROTO_TCP, TCP_NODELAY]),
          join(':', (sockaddr_in(getpeername $s))[0] == ${port}), connect($s, $to) ? 'twice' : $!+0;
        socket(my $n, PF_INET, SOCK_STREAM, 0);
        fcntl($n, F_SETFL, O_NONBLOCK); fcntl($n, F_SETFD, FD_CLOEXEC);
        print ' ', connect($n, $to) ? 'at once' : $!;
        print ' ', fcntl($n, F_GETFD, 0) + 0, ' ', (fcntl($n, F_GETFL, 0) & O_NONBLOCK) != 0;
        socket(my $m, PF_INET, SOCK_STREAM, 0); fcntl($m, F_SETFL, O_NONBLOCK);
        print ' ', connect($m, sockaddr_in(1, inet_aton('127.0.0.1'))) ? 'connected' : $!;
      `, [`127.0.0.1:${port}`, '127.0.0.1:1'], { foundation })
      expect(stderr.toString()).equal('')
      expect(stdout.toString()).equal('1 0 0 1 1 1 106 at once 1 1 Connection refused')
    })

    it(`cannot disconnect, listen or send elsewhere with what it was handed, ${foundation}`, async () => {
      const { stdout, stderr } = await perl(`
        my $evil = sockaddr_in(${port}, inet_aton('127.0.0.2'));
        my @failed;
        sub never { my ($what, $r) = @_; push @failed, "$what: " . ($r ? 'works' : $!+0) }
        socket(my $s, PF_INET, SOCK_STREAM, 0); connect($s, sockaddr_in(${port}, inet_aton('127.0.0.1'))) or die $!;
        never('disconnect', connect($s, pack('Sx14', AF_UNSPEC)));
        never('fast open', defined send($s, 'x', 0x20000000, $evil));
        shutdown($s, 2);
        never('again', connect($s, $evil));
        never('bind', bind($s, sockaddr_in(0, INADDR_ANY)));
        never('listen', listen($s, 1));
        socket(my $t, PF_INET, SOCK_STREAM, 0);
        never('fast open of a fresh one', defined send($t, 'x', 0x20000000, $evil));
        print join ', ', @failed;
      `, [`127.0.0.1:${port}`], { foundation })
      expect(stderr.toString()).equal('')
      for (const line of stdout.toString().split(', ')) expect(line).match(/: [1-9]\d*$/)
      expect(stdout.toString().split(', ')).lengthOf(6)
    })

    it(`reaches UNIX sockets by the paths that are named, ${foundation}`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'emilua-'))
      const [named, unnamed] = [createServer(s => s.end('named')), createServer(s => s.end('unnamed'))]
      named.listen(join(folder, 'a'))
      unnamed.listen(join(folder, 'b'))
      await Promise.all([once(named, 'listening'), once(unnamed, 'listening')])
      const result = await perl(`
        chdir '${folder}';
        for my $path ('${folder}/a', '${folder}/b', 'a', '../${folder.split('/').at(-1)}/a', '${folder}/none', "\\0abstract") {
          socket(my $s, PF_UNIX, SOCK_STREAM, 0) or die $!;
          print connect($s, pack('Sa*', AF_UNIX, "$path\\0")) ? <$s> : $!, ' ';
        }
      `, [join(folder, 'a')], { foundation, read: [...system, folder] })
      named.close()
      unnamed.close()
      rmSync(folder, { recursive: true })
      expect(result.stderr.toString()).equal('')
      expect(result.stdout.toString()).equal('named Permission denied named named No such file or directory Permission denied ')
      expect(result.refused).deep.equal([{ operation: 'connect', target: join(folder, 'b'), field: 'network.allow', value: join(folder, 'b'), count: 1 }])
    })

    it(`may hammer, from many processes that are killed in the middle, ${foundation}`, async () => {
      const result = await perl(`
        my %children;
        for my $i (1 .. 20) {
          my $pid = fork // die $!;
          if ($pid) { $children{$pid} = 1; next }
          for (1 .. 50) { reach('127.0.0.1', ${port}); reach('192.0.2.1', 9) }
          POSIX::_exit(0);
        }
        my $killed = 0;
        for my $pid (keys %children) { kill 'KILL', $pid if $killed++ < 10 }
        my $whole = 0;
        for (1 .. 20) { wait; $whole++ if $? == 0 }
        print "$whole ", reach('127.0.0.1', ${port});
      `, [`127.0.0.1:${port}`], { foundation })
      expect(result.stdout.toString()).match(foundation === 'namespaces' || signalsInProcess ? /^1\d hello$/ : /^20 hello$/)
      expect(result.refused[0]).include({ target: '192.0.2.1:9' })
      expect(result.refused[0]!.count).within(500, 1000)
    }).timeout(20_000)

    it(`gains nothing by changing what was checked, ${foundation}`, async () => {
      const forbidden = createServer(socket => { socket.on('error', () => {}).end('forbidden') })
      const evil = await listening(forbidden, 0, '127.0.0.2')
      let visitors = 0
      forbidden.on('connection', () => visitors++)
      // Two processes share a page: one writes addresses into it, the other connects with it, by the call itself.
      const number = process.arch === 'x64' ? 42 : 203
      const { stdout, stderr } = await perl(`
        my $good = sockaddr_in(${port}, inet_aton('127.0.0.1'));
        my $bad = sockaddr_in(${evil}, inet_aton('127.0.0.2'));
        my $page = syscall(${process.arch === 'x64' ? 9 : 222}, 0, 4096, 3, 0x21, -1, 0);
        pipe(my $r, my $w);
        my $child = fork;
        if (!$child) {
          # Written by read(2) from a pipe, straight into the page that both have.
          while (1) { for ($good, $bad) { syswrite $w, $_; syscall(${process.arch === 'x64' ? 0 : 63}, fileno $r, $page, 16) } }
        }
        my %seen;
        for (my $i = 0; $i < 400 || !($seen{hello} && $seen{'error 13'}); $i++) {
          socket(my $s, PF_INET, SOCK_STREAM, 0);
          my $e = syscall(${number}, fileno $s, $page, 16) == 0 ? 'connected' : "error " . ($!+0);
          $e = <$s> if $e eq 'connected';
          $seen{$e}++;
        }
        kill 'KILL', $child;
        print join ' ', sort keys %seen;
      `, [`127.0.0.1:${port}`], { foundation })
      forbidden.close()
      expect(stderr.toString()).equal('')
      expect(visitors).equal(0)
      expect(stdout.toString()).include('hello').and.include('error 13').and.not.include('forbidden')
    }).timeout(20_000)
  }

  it('reaches no address of this machine by a rule for every host', async () => {
    const own = Object.values(networkInterfaces()).flatMap(each => each ?? []).map(({ address }) => address)
    const there = createServer(socket => { socket.on('error', () => {}).end('hello') })
    const at = await listening(there, 0)
    for (const foundation of foundations) {
      const { stdout, refused } = await perl(`print join '|', ${own.map(address => `reach('${address}', ${at})`).join(', ')}`, ['*:*'], { foundation })
      expect(stdout.toString()).equal(own.map(() => 'Permission denied').join('|'))
      expect(refused).lengthOf(own.length)
      const addresses = own.filter(address => !address.startsWith('fe80:'))
      const written = addresses.map(address => address.includes(':') ? `[${address}]:${at}` : `${address}:${at}`)
      expect((await perl(`print join '|', ${addresses.map(address => `reach('${address}', ${at})`).join(', ')}`, written, { foundation })).stdout.toString())
        .equal(addresses.map(() => 'hello').join('|'))
    }
    there.close()
  })

  onNamespaces('finds the names that it may, outside, and no others', async function () {
    const own = hostname()
    const { address } = await lookup(own, { family: 4 }).catch(() => ({ address: undefined }))
    if (address === undefined) return this.skip()
    const there = createServer(socket => { socket.on('error', () => {}).end('hello') })
    const at = await listening(there, 0, address)
    const result = await perl(`
      print join ' ', reach('${own}', ${at}), reach('${own.toUpperCase()}', ${at}), reach('${own}', ${at === 1 ? 2 : 1}), reach('example.com', 80), inet_ntoa(inet_aton 'localhost');
    `, [`${own}:${at}`, `${address}/32:65535`, '*.example.org:443'])
    there.close()
    expect(result.stderr.toString()).equal('')
    expect(result.stdout.toString()).equal('hello hello Permission denied no such name 127.0.0.1')
    expect(result.refused).deep.equal([
      { operation: 'connect', target: `${address}:1`, field: 'network.allow', value: `${own}:1`, count: 1 },
      { operation: 'resolve', target: 'example.com', field: 'network.allow', value: 'example.com:*', count: 1 }
    ])
  })

  onBoth('has no way to send datagrams anywhere but to its name server', async () => {
    const { stdout } = await perl(`
      socket(my $u, PF_INET, SOCK_DGRAM, 0) or die $!;
      print defined send($u, 'x', 0, sockaddr_in(53, inet_aton('192.0.2.1'))) ? 'sent' : $!, ' ';
      print connect($u, sockaddr_in(9, inet_aton('192.0.2.1'))) ? 'connected' : $!, ' ';
      print connect($u, sockaddr_in(53, inet_aton('127.0.0.1'))) ? 'connected' : $!;
      open my $f, '<', '/etc/resolv.conf' or die $!; print ' ', <$f>;
    `, ['*:*'])
    expect(stdout.toString()).equal('Network is unreachable Network is unreachable connected nameserver 127.0.0.1\n')
    const inProcess = await perl("print socket(my $u, PF_INET, SOCK_DGRAM, 0) ? 'made' : $!", ['127.0.0.1:1'], { foundation: 'process' })
    expect(inProcess.stdout.toString()).equal('Operation not permitted')
  })

  onNamespaces('is told which datagrams go nowhere, and sends none by any call', async () => {
    const number = process.arch === 'x64' ? { sendmsg: 46, sendmmsg: 307 } : { sendmsg: 211, sendmmsg: 269 }
    const send = (policy: Policy): Promise<RunResult> => perl(`
      sub to { sockaddr_in($_[0], inet_aton('192.0.2.1')) }
      socket(my $u, PF_INET, SOCK_DGRAM, 0) or die $!;
      sub said { print $_[0] ? 'sent ' : ($!+0) . ' ' }
      said(defined send($u, 'x', 0, to(1)));
      said(connect($u, to(2)));
      my $name = to(3); my $byte = 'x'; my $iov = pack('PQ', $byte, 1);
      my $message = pack('PL x4 PQ QQ L x4', $name, 16, $iov, 1, 0, 0, 0);
      said(syscall(${number.sendmsg}, fileno $u, $message, 0) != -1);
      $name = to(4); $message = pack('PL x4 PQ QQ L x4 L x4', $name, 16, $iov, 1, 0, 0, 0, 0);
      said(syscall(${number.sendmmsg}, fileno $u, $message, 1, 0) != -1);
      # To itself it may, and without an address nobody is asked.
      socket(my $here, PF_INET, SOCK_DGRAM, 0); bind($here, sockaddr_in(0, INADDR_LOOPBACK)) or print 'bind ';
      if (getsockname $here) { my $at = getsockname $here; (sockaddr_in $at)[0] and said(defined send($u, 'x', 0, $at)) }
    `, ['127.0.0.1:1'], policy)
    const told = ({ refused }: RunResult): string[] => refused.map(({ operation, target, field, value }) => `${operation} ${target}: ${field} ${value}`)
    const line = (port: number): string => `connect 192.0.2.1:${port}/udp: network host`
    const plain = await send({})
    expect(plain.stderr.toString()).equal('')
    expect(plain.stdout.toString()).match(/^(101 ){4}(sent|bind) $/)
    expect(told(plain)).deep.equal([line(1), line(2)])
    const explained = await send({ explain: true })
    expect(explained.stdout.toString()).equal(plain.stdout.toString())
    // A filter cannot read which address these have, and to ask of each would cost every program that sends.
    expect(told(explained).filter(each => each.startsWith('connect'))).deep.equal([line(1), line(2)])
  })

  onNamespaces('is not held by a name server that is asked for nonsense', async () => {
    const { stdout, refused } = await perl(`
      socket(my $u, PF_INET, SOCK_DGRAM, 0); connect($u, sockaddr_in(53, inet_aton('127.0.0.1'))) or die $!;
      for my $n (0 .. 300) { send($u, join('', map { chr(int rand 256) } 0 .. $n % 100), 0) }
      send($u, "\\0\\1\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0" . "\\x3f" . 'a' x 63 . "\\0\\0\\1\\0\\1", 0);
      send($u, "\\0\\1\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0" . "\\xc0\\x0c\\0\\1\\0\\1", 0);
      for my $n (1 .. 400) { send($u, "\\0\\2\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0" . chr(length "n$n") . "n$n\\0\\0\\1\\0\\1", 0) }
      vec(my $set = '', fileno $u, 1) = 1;
      my $answers = 0;
      # What it had no room for while it was busy is asked again.
      for (1 .. 500) {
        if (select(my $ready = $set, undef, undef, 0.3)) { recv($u, my $packet, 512, 0); $answers++ }
        elsif ($answers > 0) { last }
        else { send($u, "\\0\\2\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0\\1n\\0\\0\\1\\0\\1", 0) }
      }
      print $answers > 0, ' ', reach('127.0.0.1', ${port});
    `, [`127.0.0.1:${port}`])
    expect(stdout.toString()).equal('1 hello')
    expect(refused.length).within(1, 256)
  }).timeout(10_000)

  it('leaves nothing behind', async () => {
    await perl('', [])
    const before = descriptors() + foundations.length * descriptorsAhead
    for (let i = 0; i < 10; i++) await Promise.all(foundations.map(foundation => perl(`reach('127.0.0.1', ${port})`, [`127.0.0.1:${port}`], { foundation })))
    // Its thread closes them soon after a guest is over.
    for (let i = 0; i < 1000 && descriptors() > before; i++) await new Promise(resolve => setImmediate(resolve))
    expect(descriptors()).most(before)
  })

  onBoth('says what of its rules is none', () => {
    for (const rule of ['example.org', 'example.org:0', 'example.org:70000', 'example.org:5-3', '10.0.0.0/33:1', '10.0.0.300:80', '[::1:80', '::1:80', 'a..b:1', '*x.org:1', ':80', '', 'http://example.org:80', '[::1]', '10.0.0.1/8/8:1', '*.:80']) {
      expect(refusal(() => new Sandbox({ network: { allow: [rule] } })), rule).include({ code: 'EINVAL', arg: 'policy.network.allow' })
    }
    for (const rule of ['example.org:443', '*.example.org:*', '*:443', '10.0.0.0/8:5432', '[::1]:*', '[2001:db8::]/32:1', '/run/x.sock', 'localhost:1-5', 'EXAMPLE.org.:80']) {
      if (rule.includes(']/')) expect(refusal(() => new Sandbox({ network: { allow: [rule] } }))).include({ code: 'EINVAL' })
      else void new Sandbox({ network: { allow: [rule] } })
    }
    expect(refusal(() => new Sandbox({ network: { allow: ['example.org:443'] }, foundation: 'process' })))
      .include({ name: 'SandboxUnavailable', layer: 'network', code: 'NETWORK_UNAVAILABLE' })
  })
})
