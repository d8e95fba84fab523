import { waitingText } from '#app/model-failure-text'
import type { ModelFailure } from '#core/model/failure'
import type { ModelJob } from '#app/model-store.svelte'
import type { Locale } from '#i18n/locale.svelte'

/** A job under way as a progress bar: what happens, how much of it is done, how fast it goes. */
export interface JobText {
  label: string
  /** 0 to 1; undefined while the amount is unknown. */
  fraction: number | undefined
  /** "125 MB of 290 MB" */
  amount: string
  /** Speed and time left, or why it waits; empty where neither is known. */
  pace: string
}

/** `now` in milliseconds since 1970, for the time until the next attempt. */
export function jobText({ kind, progress, rate }: ModelJob, locale: Locale, now: number): JobText {
  const t = locale.t.store
  if (!progress) return { label: t.step.starting, fraction: undefined, amount: '', pace: '' }
  if (progress.kind === 'inspecting') {
    return { label: t.step.inspecting, fraction: undefined, amount: '', pace: '' }
  }
  const done = progress.kind === 'downloading' ? progress.loadedBytes : progress.doneBytes
  const label = {
    downloading: t.step.downloading,
    verifying: t.step.verifying,
    converting: progress.kind === 'converting' ? t.step.converting(progress.tensor) : '',
    copying: kind === 'export' ? t.step.exporting : t.step.importing,
  }[progress.kind]
  const waiting = 'waiting' in progress ? progress.waiting : null
  const speed = rate ? t.rate(locale.bytes(rate.bytesPerSecond), locale.duration(rate.remainingMs)) : ''
  return {
    label,
    fraction: progress.totalBytes > 0 ? Math.min(1, done / progress.totalBytes) : undefined,
    amount: t.amount(locale.bytes(done), locale.bytes(progress.totalBytes)),
    pace: waiting ? waitText(waiting, locale, now) : speed,
  }
}

/** What a job does to which model, for a line of its own. */
export function jobTitle({ kind, name }: Pick<ModelJob, 'kind' | 'name'>, locale: Locale): string {
  return locale.t.store.job[kind](name)
}

/** Share of a job that is done, in whole percent rounded down: 100 only when it is done. */
export function percentDone(fraction: number, locale: Locale): string {
  return locale.percent(Math.floor(fraction * 100) / 100, 0)
}

function waitText(
  { reason, retryAt }: { reason: ModelFailure; retryAt: number | null },
  locale: Locale,
  now: number,
): string {
  const t = locale.t.store
  const text = waitingText(reason, locale)
  if (retryAt === null) return t.retryWhenOnline(text)
  return retryAt > now ? t.retryIn(text, locale.duration(retryAt - now)) : t.retryNow(text)
}
