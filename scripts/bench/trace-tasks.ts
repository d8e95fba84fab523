/** The tasks of a page's main thread, as the browser traces them. */
import type { Page } from 'playwright'

interface TraceEvent {
  name: string
  pid: number
  tid: number
  /** In µs. */
  dur?: number
  /** Processor time in µs. */
  tdur?: number
  args?: { name?: string }
}

export interface Traced<Result> {
  result: Result
  longestMs: number
  longestCpuMs: number
}

/** Chromium only. The longest task of the busiest main thread while `act` runs. */
export async function traceTasks<Result>(page: Page, act: () => Promise<Result>): Promise<Traced<Result>> {
  const session = await page.context().newCDPSession(page)
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])))
  const ended = new Promise<void>((resolve) => session.once('Tracing.tracingComplete', () => resolve()))
  await session.send('Tracing.start', {
    traceConfig: {
      includedCategories: ['disabled-by-default-devtools.timeline', 'devtools.timeline', '__metadata'],
    },
    transferMode: 'ReportEvents',
  })
  const result = await act()
  await session.send('Tracing.end')
  await ended
  await session.detach()
  const tasks = busiest(events)
  const longest = (value: (task: TraceEvent) => number | undefined) =>
    tasks.reduce((most, task) => Math.max(most, value(task) ?? 0), 0) / 1000
  return { result, longestMs: longest(({ dur }) => dur), longestCpuMs: longest(({ tdur }) => tdur) }
}

function busiest(events: readonly TraceEvent[]): TraceEvent[] {
  const threads = events
    .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
    .map(({ pid, tid }) =>
      events.filter((event) => event.name === 'RunTask' && event.pid === pid && event.tid === tid),
    )
  return threads.reduce((most, tasks) => (tasks.length > most.length ? tasks : most), [])
}
