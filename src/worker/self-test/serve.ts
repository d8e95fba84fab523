import { PROBES } from '#data/privacy/probes'
import { tryCanaries, type TrialRun } from '#data/privacy/trials'

/** Tries the canaries that the page names, once; posts each trial, and null at the end. The page ends the worker. */
export function serveSelfTest(): void {
  addEventListener('message', ({ data }: MessageEvent<TrialRun>) => void answer(data), { once: true })
}

async function answer(run: TrialRun): Promise<void> {
  for await (const trial of tryCanaries(run, ({ id }) => PROBES[id], new AbortController().signal)) {
    postMessage(trial)
  }
  postMessage(null)
}
