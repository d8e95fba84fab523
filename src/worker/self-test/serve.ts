import { LedgerLog } from '#data/privacy/ledger-log'
import { PROBES } from '#data/privacy/probes'
import { tryCanaries, type TrialRun } from '#data/privacy/trials'
import { recordViolations } from '#data/privacy/violations'

/** Tries the canaries that the page names, once; posts each trial, and null at the end. The page ends the worker. */
export function serveSelfTest(): void {
  const log = new LedgerLog()
  recordViolations(log, 'worker')
  addEventListener('message', ({ data }: MessageEvent<TrialRun>) => void answer(data, log), { once: true })
}

async function answer(run: TrialRun, log: LedgerLog): Promise<void> {
  const books = { log, from: 'worker' } as const
  const never = new AbortController().signal
  for await (const trial of tryCanaries(run, ({ id }) => PROBES[id], books, never)) postMessage(trial)
  await log.flush()
  postMessage(null)
}
