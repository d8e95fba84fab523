/** A proxy around a browser that writes down every host that is asked for, and lets through only what it is told to. */
import { createServer, request, type IncomingMessage, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'

export interface LoggingProxy {
  /** For the browser: everything, also what is at this computer, goes through the proxy. */
  browserArgs: string[]
  /** "GET http://host/path" or "CONNECT host:port", in the order of coming. */
  log: string[]
  close(): void
}

/** `isLetThrough` is asked with the host and port; whatever else is asked for is logged and answered with an error. */
export async function openProxy(isLetThrough: (host: string) => boolean): Promise<LoggingProxy> {
  const log: string[] = []
  const server = createServer((asked, answer) => {
    log.push(`${asked.method} ${asked.url}`)
    const { host, port, hostname, pathname, search } = new URL(asked.url ?? '', 'http://none.invalid')
    if (!isLetThrough(host)) return void answer.writeHead(502).end()
    const onward = request(
      { host: hostname, port, path: pathname + search, method: asked.method, headers: asked.headers },
      (came: IncomingMessage) => {
        answer.writeHead(came.statusCode ?? 502, came.headers)
        came.pipe(answer)
      },
    )
    onward.on('error', () => answer.destroy())
    asked.pipe(onward)
  })
  server.on('connect', (asked, socket) => {
    const { url = '' } = asked
    log.push(`CONNECT ${url}`)
    if (!isLetThrough(url)) return void socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    const [host, port] = url.split(':')
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      onward.pipe(socket)
      socket.pipe(onward)
    })
    for (const end of [socket, onward]) end.on('error', () => end.destroy())
  })
  const port = await listen(server)
  return {
    browserArgs: [`--proxy-server=http://127.0.0.1:${port}`, '--proxy-bypass-list=<-loopback>'],
    log,
    close: () => void server.close(),
  }
}

export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
