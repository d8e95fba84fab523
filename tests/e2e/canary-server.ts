/** A server that answers every canary as gladly as it can, and the built site without any of its protection. */
import { createHash } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { listen } from './logging-proxy'

export interface CanaryServer {
  url: string
  /** The canaries that came, as "realm/id"; a way may come by more than one request. */
  reached: Set<string>
  close(): void
}

/** What the last part of a canary's address has to be answered with, or the browser would not take it. */
const TYPES: Record<string, string> = {
  image: 'image/svg+xml',
  'css-image': 'image/svg+xml',
  preload: 'image/svg+xml',
  stylesheet: 'text/css',
  'css-import': 'text/css',
  eventsource: 'text/event-stream',
  frame: 'text/html',
  object: 'text/html',
  embed: 'text/html',
  form: 'text/html',
}
const IMAGE = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
/** The key that every WebSocket handshake is answered with (RFC 6455). */
const WEBSOCKET_KEY = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const STUN_PORT = 3478

export async function openCanaryServer(): Promise<CanaryServer> {
  const reached = new Set<string>()
  const note = (url = '') => reached.add(url.split('/').slice(-2).join('/'))
  const server = createServer((asked, answer) => {
    note(asked.url)
    const type = TYPES[asked.url?.split('/').at(-1) ?? ''] ?? 'text/javascript'
    answer.writeHead(200, {
      'content-type': type,
      'access-control-allow-origin': '*',
      'access-control-allow-headers': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'timing-allow-origin': '*',
    })
    answer.end(type === 'image/svg+xml' ? IMAGE : '')
  })
  server.on('upgrade', (asked, socket) => {
    note(asked.url)
    const accept = createHash('sha1')
      .update(String(asked.headers['sec-websocket-key']) + WEBSOCKET_KEY)
      .digest('base64')
    socket.on('error', () => socket.destroy())
    socket.write(
      ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
        .concat(`Sec-WebSocket-Accept: ${accept}`, '', '')
        .join('\r\n'),
    )
  })
  // The port of STUN may be taken; the page's own verdict has to do then.
  const stun = createSocket('udp4')
    .on('message', () => reached.add('page/stun'))
    .on('error', () => undefined)
  stun.bind(STUN_PORT, '127.0.0.1')
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}`,
    reached,
    close() {
      server.closeAllConnections()
      server.close()
      stun.close()
    },
  }
}

const FILE_TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
}

/** The files of `folder` without headers, without the policy in the page itself, and without the service worker. */
export async function openBareSite(folder: string): Promise<{ url: string; close(): void }> {
  const server = createServer((asked, answer) => {
    const { pathname } = new URL(asked.url ?? '/', 'http://none.invalid')
    const path = pathname === '/' ? 'index.html' : decodeURIComponent(pathname.slice(1))
    readFile(join(folder, path)).then(
      (content) => {
        if (path === 'sw.js') return void answer.writeHead(404).end()
        answer.writeHead(200, { 'content-type': FILE_TYPES[extname(path)] ?? 'application/octet-stream' })
        answer.end(path === 'index.html' ? withoutPolicy(content.toString()) : content)
      },
      () => void answer.writeHead(404).end(),
    )
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}/`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function withoutPolicy(html: string): string {
  return html.replace(/<meta[^>]*http-equiv="?Content-Security-Policy"?[^>]*>/gi, '')
}
