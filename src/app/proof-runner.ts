/** Runs the self-test in the page, in a worker of each kind and in the service worker. */
import { CANARIES, type Canary, type Realm } from '#core/privacy/canary'
import type { Observation, Trial } from '#core/privacy/self-test'
import type { LedgerLog } from '#data/privacy/ledger-log'
import { tryCanaries, type TrialRun } from '#data/privacy/trials'
import { pageProbe } from './proof-probes'

/** A service worker that has to start first answers in a fraction of this. */
const ANSWER_LIMIT_MS = 5_000

export interface SelfTestPorts {
  log: Pick<LedgerLog, 'record'>
  startWorker(realm: 'engine-worker' | 'download-worker'): Worker
  /** The service worker that answers for this page; null: none does. */
  serviceWorker(): ServiceWorker | null
}

export const browserPorts: Omit<SelfTestPorts, 'log'> = {
  startWorker: (realm) =>
    // Both written out: the build finds workers by these expressions, and puts them under their policies by name.
    realm === 'engine-worker'
      ? new Worker(new URL('../worker/self-test.ts', import.meta.url), { type: 'module', name: 'self-test' })
      : new Worker(new URL('../worker/self-test-download.ts', import.meta.url), {
          type: 'module',
          name: 'self-test-download',
        }),
  // Missing on insecure origins, whatever the types say.
  serviceWorker: () => (navigator.serviceWorker as ServiceWorkerContainer | undefined)?.controller ?? null,
}

/** Hands each trial on as it ends; ends when all have, or when the signal aborts. */
export async function runSelfTest(
  { target, run }: Omit<TrialRun, 'canaries'>,
  onTrial: (trial: Trial) => void,
  ports: SelfTestPorts,
  signal: AbortSignal,
): Promise<void> {
  const part = (realm: Realm): TrialRun => ({
    target,
    run,
    canaries: CANARIES.filter((canary) => canary.realm === realm),
  })
  const inPage = async () => {
    const books = { log: ports.log, from: 'page' } as const
    for await (const trial of tryCanaries(part('page'), ({ id }) => pageProbe(id), books, signal))
      onTrial(trial)
  }
  await Promise.all([
    inPage(),
    inWorker(() => ports.startWorker('engine-worker'), part('engine-worker'), onTrial, signal),
    inWorker(() => ports.startWorker('download-worker'), part('download-worker'), onTrial, signal),
    inServiceWorker(ports.serviceWorker(), part('service-worker'), onTrial),
  ])
}

async function inWorker(
  start: () => Worker,
  run: TrialRun,
  onTrial: (trial: Trial) => void,
  signal: AbortSignal,
): Promise<void> {
  const missing = new Map(run.canaries.map((canary) => [canary.id, canary]))
  // One that cannot start has tried nothing, which proves nothing.
  const giveUp = (detail: string) => {
    for (const canary of missing.values()) onTrial(untried(canary, { kind: 'failed', detail }))
  }
  let worker: Worker
  try {
    worker = start()
  } catch (error) {
    return giveUp(String(error))
  }
  await new Promise<void>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<Trial | null>) => {
      if (data === null) return resolve()
      missing.delete(data.canary.id)
      onTrial(data)
    }
    worker.onerror = ({ message }) => {
      giveUp(message || 'worker')
      resolve()
    }
    signal.addEventListener('abort', () => resolve())
    worker.postMessage(run)
  })
  worker.terminate()
}

async function inServiceWorker(
  worker: ServiceWorker | null,
  { canaries }: TrialRun,
  onTrial: (trial: Trial) => void,
): Promise<void> {
  const trial = worker && (await ask(worker))
  if (trial) onTrial(trial)
  else for (const canary of canaries) onTrial(untried(canary, { kind: 'untestable' }))
}

function ask(worker: ServiceWorker): Promise<Trial | null> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<Trial>) => resolve(data)
    setTimeout(() => resolve(null), ANSWER_LIMIT_MS)
    worker.postMessage({ kind: 'self-test' }, [port2])
  }).then((trial) => {
    port1.close()
    return trial as Trial | null
  })
}

function untried(canary: Canary, observation: Observation): Trial {
  return { canary, url: '', observation, reports: [] }
}
