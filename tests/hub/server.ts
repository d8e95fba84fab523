/**
 * A local server that imitates model hubs, with their faults: any file under any path, each with a behaviour of
 * its own. It listens at two origins, so that a redirect leads to another host as on the real ones.
 */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { HubBehaviour } from './behaviour'
import { repositoryAnswers, type RepositoryFiles } from './repository'

export type { HubBehaviour } from './behaviour'

export interface HubRequest {
  method: string
  /** Without the query. */
  path: string
  range: string | null
  authorization: string | null
  host: 'first' | 'second'
}

interface HubFile {
  bytes: Uint8Array
  behaviour: HubBehaviour
  visits: number
  /** How often each fault has happened. */
  done: Record<'refuse' | 'cut' | 'stall' | 'wrongByte', number>
}

const PIECE_BYTES = 16 * 1024

export class Hub {
  readonly requests: HubRequest[] = []
  readonly #files = new Map<string, HubFile>()
  readonly #sent = new Map<string, number>()
  readonly #servers: readonly [Server, Server]

  private constructor(servers: readonly [Server, Server]) {
    this.#servers = servers
  }

  /** Starts at two free ports, or with the first host at `port`. */
  static async start(port = 0): Promise<Hub> {
    const servers = [createServer(), createServer()] as const
    const hub = new Hub(servers)
    for (const [index, server] of servers.entries()) {
      const host = index === 0 ? 'first' : 'second'
      server.on('request', (request, response) => void hub.#answer(host, request, response))
      await new Promise<void>((resolve) => server.listen(index === 0 ? port : 0, '127.0.0.1', resolve))
    }
    return hub
  }

  /** Address of the first host, without a slash at its end. */
  get origin(): string {
    return this.#originOf(0)
  }

  /** Address of the second host, to which the first one may redirect. */
  get storageOrigin(): string {
    return this.#originOf(1)
  }

  url(path: string): string {
    return this.origin + path
  }

  /** Sets what lies at a path ("/…"), forgetting earlier visits to it. */
  serve(path: string, bytes: Uint8Array | string, behaviour: HubBehaviour = {}): string {
    const content = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
    const done = { refuse: 0, cut: 0, stall: 0, wrongByte: 0 }
    this.#files.set(path, { bytes: content, behaviour, visits: 0, done })
    return this.url(path)
  }

  /**
   * Serves a repository as Hugging Face does: its revision, its tree and its files under /resolve/ by branch and
   * by commit. Gives the commit.
   */
  serveRepository(
    repository: string,
    files: RepositoryFiles,
    behaviours: Partial<Record<string, HubBehaviour>> = {},
    /** Of the answers of the API, and of files that have no behaviour of their own. */
    common: HubBehaviour = {},
  ): string {
    const { commit, answers } = repositoryAnswers(repository, files)
    for (const [path, { bytes, file }] of answers) {
      this.serve(path, bytes, (file === null ? undefined : behaviours[file]) ?? common)
    }
    return commit
  }

  /** Bytes of bodies that were sent for a path, or for all. */
  sentBytes(path?: string): number {
    if (path !== undefined) return this.#sent.get(path) ?? 0
    return [...this.#sent.values()].reduce((sum, bytes) => sum + bytes, 0)
  }

  /** Requests for a path, the preflights of browsers included. */
  requestsFor(path: string): HubRequest[] {
    return this.requests.filter((request) => request.path === path)
  }

  /** Changes how a path answers from now on; its visits are forgotten. */
  behave(path: string, behaviour: HubBehaviour): void {
    const file = this.#files.get(path)
    if (!file) throw new Error(`nothing lies at ${path}`)
    this.serve(path, file.bytes, behaviour)
  }

  /** Breaks every connection, as a lost network does. */
  cutAll(): void {
    for (const server of this.#servers) server.closeAllConnections()
  }

  async close(): Promise<void> {
    this.cutAll()
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))))
  }

  #originOf(index: 0 | 1): string {
    return `http://127.0.0.1:${(this.#servers[index].address() as AddressInfo).port}`
  }

  async #answer(host: HubRequest['host'], request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET'
    const path = decodeURI((request.url ?? '/').split('?')[0] ?? '/')
    const { range = null, authorization = null } = request.headers
    this.requests.push({ method, path, range, authorization, host })
    const file = this.#files.get(path)
    const behaviour = file?.behaviour ?? {}
    if (behaviour.cors !== false) allowOthers(response, behaviour)
    // Real hubs allow few headers to other sites: a request that needs a preflight fails. A token may be sent to
    // the hub itself, and not to the hosts that store the files.
    if (method === 'OPTIONS') {
      const allowed =
        behaviour.gated && host === 'first' ? { 'access-control-allow-headers': 'authorization' } : null
      return void response.writeHead(allowed ? 204 : 403, allowed ?? {}).end()
    }
    if (behaviour.gated && host === 'first' && authorization !== `Bearer ${behaviour.gated.token}`)
      return void response.writeHead(authorization === null ? 401 : 403).end('Access to it is restricted')
    if (!file) return void response.writeHead(404).end('Entry not found')
    const { refuse } = behaviour
    if (refuse && file.done.refuse < refuse.times) {
      file.done.refuse += 1
      const retryAfter = refuse.retryAfter === undefined ? {} : { 'retry-after': refuse.retryAfter }
      return void response.writeHead(refuse.status, retryAfter).end()
    }
    if (behaviour.redirect && host === 'first') {
      const location = `${this.#originOf(1)}${encodeURI(path)}?signature=${this.requests.length}`
      return void response.writeHead(302, { location }).end()
    }
    if (method === 'HEAD' && behaviour.head === false) return void response.writeHead(405).end()
    file.visits += 1
    await this.#sendFile(path, file, request, response)
  }

  async #sendFile(
    path: string,
    file: HubFile,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { behaviour } = file
    const bytes = behaviour.changed && file.visits > 1 ? behaviour.changed : file.bytes
    const etag = `"${createHash('md5').update(bytes.subarray(0, 1024)).digest('hex')}-${bytes.length}"`
    const asked = behaviour.ranges === false ? null : /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
    const from = Number(asked?.[1] ?? 0) + (asked ? (behaviour.shiftedRange ?? 0) : 0)
    const to = asked?.[2] ? Math.min(bytes.length, Number(asked[2]) + 1) : bytes.length
    if (behaviour.etag !== false) response.setHeader('etag', etag)
    if (asked && from >= bytes.length) {
      return void response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end()
    }
    const zipped =
      behaviour.gzip && !asked && String(request.headers['accept-encoding']).includes('gzip')
        ? gzipSync(bytes)
        : undefined
    const body = zipped ?? bytes.subarray(from, to)
    if (zipped) response.setHeader('content-encoding', 'gzip')
    if (behaviour.ranges !== false) response.setHeader('accept-ranges', 'bytes')
    if (asked) response.setHeader('content-range', `bytes ${from}-${to - 1}/${bytes.length}`)
    if (behaviour.length !== false) response.setHeader('content-length', body.length)
    response.writeHead(asked ? 206 : 200, { 'content-type': 'application/octet-stream' })
    if (request.method === 'HEAD') return void response.end()
    await this.#sendBody(path, file, response, body, from)
  }

  /** `from` is the place of the body's first byte in the file. */
  async #sendBody(
    path: string,
    file: HubFile,
    response: ServerResponse,
    body: Uint8Array,
    from: number,
  ): Promise<void> {
    const { behaviour, done } = file
    const reaches = (fault: 'cut' | 'stall' | 'wrongByte') => {
      const place = behaviour[fault]
      if (!place || done[fault] >= place.times) return undefined
      return place.at >= from && place.at < from + body.length ? place.at - from : undefined
    }
    const wrong = reaches('wrongByte')
    const every = behaviour.cutEvery ?? Infinity
    const cut = reaches('cut') ?? (every < body.length ? every : undefined)
    const stall = reaches('stall')
    if (wrong !== undefined) {
      done.wrongByte += 1
      body = Uint8Array.from(body)
      body[wrong] = (body[wrong] as number) ^ 1
    }
    const end = Math.min(cut ?? body.length, stall ?? body.length)
    for (let at = 0; at < end && !response.destroyed; at += PIECE_BYTES) {
      const piece = body.subarray(at, Math.min(at + PIECE_BYTES, end))
      this.#sent.set(path, (this.#sent.get(path) ?? 0) + piece.length)
      if (!response.write(piece)) await drained(response)
      // No catching up after a delay: bursts would fill buffers that a slow line leaves empty.
      const pause = behaviour.bytesPerSecond ? (piece.length / behaviour.bytesPerSecond) * 1000 : 0
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause))
    }
    if (cut !== undefined && end === cut) {
      done.cut += 1
      // What was written leaves the machine before the connection breaks.
      response.write('', () => setTimeout(() => response.destroy(), 20))
    } else if (stall !== undefined) done.stall += 1
    else response.end()
  }
}

function allowOthers(response: ServerResponse, behaviour: HubBehaviour): void {
  response.setHeader('access-control-allow-origin', '*')
  if (behaviour.exposed !== false) {
    response.setHeader('access-control-expose-headers', 'ETag, Content-Range, Accept-Ranges, Retry-After')
  }
}

function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const go = () => {
      response.off('drain', go).off('close', go)
      resolve()
    }
    response.on('drain', go).on('close', go)
  })
}
