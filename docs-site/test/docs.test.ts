// SPDX-License-Identifier: MIT OR BSL-1.0
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { type BrowserContext, type Page, chromium } from 'playwright-core'

const root = fileURLToPath(new URL('../..', import.meta.url))
const built = join(root, 'docs-site/public')
const browser = '/usr/bin/chromium'
const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }

describe('the documentation in a browser', function () {
  this.timeout(120_000)
  let server: Server
  let context: BrowserContext
  let page: Page
  let profile: string
  let address: string
  let complaints: string[]

  before(async function () {
    // CI installs the browser and says so; elsewhere it may be missing.
    if (!existsSync(browser) && !process.env.EMILUA_NEED_BROWSER) this.skip()
    execFileSync('pnpm', ['run', 'docs'], { cwd: root, stdio: 'pipe' })
    server = createServer((request, response) => {
      const path = join(built, decodeURIComponent(new URL(request.url!, 'http://localhost').pathname))
      if (!existsSync(path)) {
        response.writeHead(404).end()
        return
      }
      response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' }).end(readFileSync(path))
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    profile = mkdtempSync(join(tmpdir(), 'emilua-docs-'))
    context = await chromium.launchPersistentContext(profile, {
      executablePath: browser,
      headless: true,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
    })
  })
  beforeEach(async () => {
    page = await context.newPage()
    complaints = []
    page.on('pageerror', error => complaints.push(error.message))
    page.on('response', response => { if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`) })
  })
  afterEach(async () => {
    await page.close()
    expect(complaints).deep.equal([])
  })
  after(async () => {
    await context?.close()
    server?.close()
    if (profile) rmSync(profile, { recursive: true, force: true })
  })

  it('leads from the first page to the architecture and its drawing', async () => {
    await page.goto(`${address}/index.html`)
    expect(await page.title()).equal('Emilua for Node')
    await page.locator('.col-content').getByRole('link', { name: 'Architecture' }).click()
    await page.waitForURL(/Architecture/)
    const drawing = page.locator('.col-content img')
    await drawing.waitFor()
    expect(await drawing.evaluate(image => (image as unknown as { naturalWidth: number }).naturalWidth)).greaterThan(0)
  })

  it('lists every decision', async () => {
    await page.goto(`${address}/index.html`)
    await page.locator('.col-content').getByRole('link', { name: 'Decisions' }).click()
    await page.waitForURL(/Decisions/)
    for (const file of readdirSync(join(root, 'docs-site/decisions'))) {
      const title = /^title: ["']?(.*?)["']?$/m.exec(readFileSync(join(root, 'docs-site/decisions', file), 'utf8'))![1]!
      expect(await page.locator('.site-menu a', { hasText: title }).count(), title).greaterThan(0)
    }
  })

  it('has a page for every package', async () => {
    const packages = readdirSync(join(root, 'packages')).filter(name => existsSync(join(root, 'packages', name, 'package.json')))
    expect(packages).include.members(['runtime', 'ip'])
    for (const name of packages) {
      await page.goto(`${address}/modules/_emilua_${name}.html`)
      expect(await page.locator('h1').first().textContent(), name).contain(`@emilua/${name}`)
    }
  })

  it('has a page for every further door of a package, with what is behind it', async () => {
    for (const [door, name] of [['stream.node', 'toDuplex'], ['stream.compliance', 'compliesAsDuplex'], ['native.fiber', 'Hold']] as const) {
      await page.goto(`${address}/modules/_emilua_${door}.html`)
      expect(await page.locator('.col-content a', { hasText: name }).count(), door).greaterThan(0)
    }
  })

  it('finds text of guides and comments by the search', async () => {
    for (const [word, where] of [['EADDRINUSE', /Errors|listen|Acceptor/i], ['backpressure', /Sockets/]] as const) {
      await page.goto(`${address}/index.html`)
      await page.locator('#tsd-search-trigger').click()
      await page.locator('#tsd-search-input').pressSequentially(word)
      await page.locator('#tsd-search-results a', { hasText: where }).first().waitFor()
    }
  })

  it('finds guides before what is called by a word, but for a function of that very name', async () => {
    await page.goto(`${address}/index.html`)
    await page.locator('#tsd-search-trigger').click()
    const words: [word: string, first: string[]][] = [
      ['timeout', ['@emilua/runtime.timeout', 'Fibers', 'From node:net and worker_threads']], ['cancel', ['Fibers']], ['errors', ['Errors']],
      ['socket', ['Sockets', 'UNIX sockets and descriptors', 'From node:net and worker_threads']], ['sandbox', ['Sandboxes']], ['close', ['HTTP, TLS and databases over the bridge']]
    ]
    for (const [word, first] of words) {
      await page.locator('#tsd-search-input').fill('')
      await page.locator('#tsd-search-results a').first().waitFor({ state: 'detached' })
      await page.locator('#tsd-search-input').pressSequentially(word)
      await page.locator('#tsd-search-results a').first().waitFor()
      const found = (await page.locator('#tsd-search-results a').allTextContents()).map(text => text.replace(/\s+/g, ' ').trim().replace('. ', '.'))
      expect(found.slice(0, first.length), word).deep.equal(first)
    }
  })

  it('fits a telephone, and a page moves in no other direction than down', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    for (const path of ['index.html', 'documents/Getting_started.html', 'documents/Errors.html', 'modules/_emilua_time.html', 'classes/_emilua_ip.tcp.Socket.html', 'classes/_emilua_tls.Socket.html']) {
      await page.goto(`${address}/${path}`)
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), path).most(0)
    }
  })

  it('says what a module is once', async () => {
    await page.goto(`${address}/modules/_emilua_time.html`)
    expect(await page.locator('.col-content p:visible', { hasText: /^Clocks, timers and sleep/ }).count()).equal(1)
  })

  it('shows each title once', async () => {
    for (const path of ['index.html', 'modules/_emilua_ip.html', 'documents/Sockets.html']) {
      await page.goto(`${address}/${path}`)
      expect(await page.locator('h1:visible').count(), path).equal(1)
    }
  })

  it('finds a name that is typed into the search', async () => {
    await page.goto(`${address}/index.html`)
    await page.locator('#tsd-search-trigger').click()
    await page.locator('#tsd-search-input').pressSequentially('compile')
    await page.locator('#tsd-search-results a', { hasText: 'compile' }).first().click()
    await page.waitForURL(/compile/)
    expect(await page.locator('.col-content').textContent()).contain('Makes a program that Node can run')
  })
})
