/** Ways out of this computer that pages and workers alike may have. Each tries one address and says what it was told. */
import type { CanaryId } from '#core/privacy/canary'
import type { Observation, PolicyReport } from '#core/privacy/self-test'

export interface Attempt {
  url: string
  /** Of what the policy of another scope refused, which the trial's own scope is not told of. */
  report: (report: PolicyReport) => void
  /** Aborted when the trial is over: whatever still hangs is ended. */
  signal: AbortSignal
}

export type Probe = (attempt: Attempt) => Promise<Observation>

const REACHED: Observation = { kind: 'reached' }
const ACCEPTED: Observation = { kind: 'accepted' }
const ABSENT: Observation = { kind: 'absent' }

/** The error of the page's Trusted Types (app/own-scripts). */
const STOPPED_BY_APP = 'ForeignScript'

export function failed(error: unknown): Observation {
  if (error instanceof Error && error.name === STOPPED_BY_APP) return { kind: 'stopped' }
  if (error instanceof DOMException && error.name === 'SecurityError') {
    return { kind: 'forbidden', detail: error.message }
  }
  return {
    kind: 'failed',
    detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
  }
}

/** Runs what needs a part of the platform that may be missing. */
export function ifPresent(name: string, probe: Probe): Probe {
  return (attempt) =>
    (globalThis as Record<string, unknown>)[name] === undefined ? Promise.resolve(ABSENT) : probe(attempt)
}

/** `no-cors` lets an answer count that the other host did not mean for us: it was asked all the same. */
const request: RequestInit = { mode: 'no-cors', cache: 'no-store', credentials: 'omit' }

function fetching(init: RequestInit): Probe {
  return ({ url, signal }) => fetch(url, { ...request, ...init, signal }).then(() => REACHED, failed)
}

const xhr: Probe = ({ url, signal }) =>
  new Promise((resolve) => {
    const call = new XMLHttpRequest()
    call.onload = () => resolve(REACHED)
    call.onerror = () => resolve({ kind: 'failed', detail: 'error' })
    signal.addEventListener('abort', () => call.abort())
    call.open('GET', url)
    call.send()
  })

const websocket: Probe = ({ url, signal }) =>
  new Promise((resolve) => {
    const socket = new WebSocket(url.replace(/^http/, 'ws'))
    socket.onopen = () => resolve(REACHED)
    socket.onerror = () => resolve({ kind: 'failed', detail: 'error' })
    signal.addEventListener('abort', () => socket.close())
  })

const eventsource: Probe = ({ url, signal }) =>
  new Promise((resolve) => {
    const source = new EventSource(url)
    source.onopen = () => resolve(REACHED)
    source.onerror = () => resolve({ kind: 'failed', detail: 'error' })
    signal.addEventListener('abort', () => source.close())
  })

const webtransport: Probe = async ({ url, signal }) => {
  // It knows no other scheme.
  const transport = new WebTransport(url.replace(/^http:/, 'https:'))
  // One of them rejects when it is refused, whoever listens.
  transport.closed.catch(() => undefined)
  signal.addEventListener('abort', () => {
    void transport.ready.then(
      () => transport.close(),
      () => undefined,
    )
  })
  return transport.ready.then(() => REACHED, failed)
}

/** What of WebRTC is needed to make a browser speak to a server of one's choice. */
interface Connection {
  localDescription: { sdp: string } | null
  iceGatheringState: string
  createDataChannel(label: string): unknown
  setLocalDescription(): Promise<void>
  close(): void
  onicecandidate: ((event: { candidate: { candidate: string } | null }) => void) | null
}

interface ConnectionMaker {
  new (configuration: { iceServers: { urls: string }[] }): Connection
}

const STUN_PORT = 3478
/** A server that answers at all does so sooner; a browser that asks has asked by then. */
const STUN_LIMIT_MS = 1_500

/** Asks a STUN server for this computer's address, with the connections of a window. No policy of pages covers it. */
export async function askStun(scope: object, { url, signal }: Attempt): Promise<Observation> {
  const { RTCPeerConnection: Maker } = scope as { RTCPeerConnection?: ConnectionMaker }
  if (!Maker) return ABSENT
  const connection = new Maker({ iceServers: [{ urls: `stun:${new URL(url).hostname}:${STUN_PORT}` }] })
  signal.addEventListener('abort', () => connection.close())
  connection.createDataChannel('canary')
  const gathered = new Promise<Observation>((resolve) => {
    connection.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate.includes(' srflx ')) resolve(REACHED)
      // The end of the search: the server was asked, whether it answered or not.
      if (candidate === null) resolve(ACCEPTED)
    }
    setTimeout(() => {
      if (connection.iceGatheringState !== 'new') resolve(ACCEPTED)
    }, STUN_LIMIT_MS)
  })
  await connection.setLocalDescription()
  return gathered
}

const webrtc: Probe = (attempt) => askStun(globalThis, attempt)

const importing: Probe = ({ url }) => import(/* @vite-ignore */ url).then(() => REACHED, failed)

const worker: Probe = ({ url, signal }) => startWorker(url, signal, () => REACHED)

/** A worker made of text has the policy of whoever made it; here it must not have a freer one. */
const blobWorker: Probe = ({ url, report, signal }) => {
  const code = `
    addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, disposition }) =>
      disposition === 'enforce' && postMessage({ directive: effectiveDirective, blocked: blockedURI }))
    fetch(${JSON.stringify(url)}, { mode: 'no-cors', cache: 'no-store' }).then(
      () => postMessage('reached'),
      (error) => setTimeout(postMessage, 100, String(error)),
    )`
  const address = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
  signal.addEventListener('abort', () => URL.revokeObjectURL(address))
  return startWorker(address, signal, (said) => {
    if (typeof said !== 'string') {
      report(said as PolicyReport)
      return null
    }
    return said === 'reached' ? REACHED : { kind: 'failed', detail: said }
  })
}

/** `hear` makes an observation of what the worker says, or waits for more. */
function startWorker(
  url: string,
  signal: AbortSignal,
  hear: (said: unknown) => Observation | null,
): Promise<Observation> {
  return new Promise((resolve) => {
    const started = new Worker(url)
    signal.addEventListener('abort', () => started.terminate())
    started.onmessage = ({ data }) => {
      const observation = hear(data)
      if (observation) resolve(observation)
    }
    started.onerror = ({ message }) => resolve({ kind: 'failed', detail: message || 'error' })
  })
}

export const PROBES: Partial<Record<CanaryId, Probe>> = {
  fetch: fetching({}),
  keepalive: fetching({ keepalive: true }),
  xhr: ifPresent('XMLHttpRequest', xhr),
  websocket: ifPresent('WebSocket', websocket),
  webtransport: ifPresent('WebTransport', webtransport),
  eventsource: ifPresent('EventSource', eventsource),
  webrtc,
  import: importing,
  worker: ifPresent('Worker', worker),
  'blob-worker': ifPresent('Worker', blobWorker),
}
