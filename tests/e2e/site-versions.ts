/** A site of which newer, and broken, versions can be published, and that can be taken off the network. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { siteHandler } from '../../scripts/serve.mjs'
import { finishSite, workerCode } from '../../scripts/site-build'

/** What goes wrong with a file on its way: another content, no such file, the server's error, a cut connection. */
export type Fault = 'changed' | 'missing' | 'error' | 'cut'

/** The engines: larger than all the rest together, and no matter where nothing is computed. */
const LARGE_BYTES = 5_000_000

/** The same for all versions. */
let code: Promise<string> | undefined

export class SiteVersions {
  readonly url: string
  /** Requests since the start, by path. */
  readonly asked: string[] = []
  /** Faults by the beginning of the path. */
  readonly faults = new Map<string, Fault>()
  readonly #folder: string
  readonly #first: string
  readonly #code: string
  readonly #port: number
  #server: Server
  #handler: RequestListener

  private constructor(folder: string, first: string, code: string, server: Server) {
    this.#folder = folder
    this.#first = first
    this.#code = code
    this.#server = server
    this.#port = (server.address() as AddressInfo).port
    this.url = `http://localhost:${this.#port}/`
    this.#handler = siteHandler(first)
    server.on('request', this.#answer)
  }

  /** Begins with the built site; `withoutEngines`, for what needs none, is installed in a fraction of the time. */
  static async open({ withoutEngines = false } = {}): Promise<SiteVersions> {
    const worker = await (code ??= workerCode(process.cwd(), 'test'))
    const folder = mkdtempSync(join(tmpdir(), 'somnus-versions-'))
    if (!withoutEngines) return new SiteVersions(folder, 'dist', worker, await listen(0))
    const first = join(folder, 'first')
    cpSync('dist', first, { recursive: true, filter: (file) => statSync(file).size < LARGE_BYTES })
    finishSite(first, worker, 'first')
    return new SiteVersions(folder, first, worker, await listen(0))
  }

  /** Publishes the site with another start: `script` runs in place of the app's entry, which it may import. */
  publish(version: string, script: (entry: string) => string, page = (html: string) => html): void {
    const folder = join(this.#folder, version)
    cpSync(this.#first, folder, { recursive: true })
    const entry = readdirSync(join(folder, 'assets')).find((name) => isEntry(folder, name)) ?? ''
    writeFileSync(join(folder, `assets/start-${version}.js`), script(`./${entry}`))
    const html = readFileSync(join(folder, 'index.html'), 'utf8')
    const started = html.replace(`src="./assets/${entry}"`, `src="./assets/start-${version}.js"`)
    writeFileSync(join(folder, 'index.html'), page(started))
    finishSite(folder, this.#code, version)
    this.#handler = siteHandler(folder)
  }

  /** Changes one file of what is published, leaving the lists as they are. */
  overwrite(version: string, path: string, text: string): void {
    writeFileSync(join(this.#folder, version, path), text)
  }

  async goOffline(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async goOnline(): Promise<void> {
    this.#server = await listen(this.#port)
    this.#server.on('request', this.#answer)
  }

  async close(): Promise<void> {
    if (this.#server.listening) await this.goOffline()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  readonly #answer: RequestListener = (request, response) => {
    const path = (request.url ?? '/').slice(1)
    this.asked.push(path)
    const fault = [...this.faults].find(([start]) => path.startsWith(start))?.[1]
    if (fault === 'missing') response.writeHead(404).end()
    else if (fault === 'error') response.writeHead(500).end()
    else if (fault === 'changed') response.writeHead(200).end('// not what was built')
    else if (fault === 'cut') {
      response.writeHead(200, { 'Content-Length': 1_000 }).write('// the beginning')
      setTimeout(() => response.destroy(), 50)
    } else this.#handler(request, response)
  }
}

function isEntry(folder: string, name: string): boolean {
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  return html.includes(`<script type="module" crossorigin src="./assets/${name}"`)
}

function listen(port: number): Promise<Server> {
  const server = createServer()
  return new Promise((resolve) => server.listen(port, 'localhost', () => resolve(server)))
}
