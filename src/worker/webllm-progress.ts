import type { LoadProgress, PreparationStep } from '#core/engine'

/** What WebLLM's `initProgressCallback` is given (0.2.79 to 0.2.86). `progress` restarts with each phase. */
export interface WebLlmReport {
  progress: number
  text: string
}

interface Phase {
  pattern: RegExp
  step: PreparationStep
}

/** WebLLM tells its phases only by these words. */
const PHASES: readonly Phase[] = [
  { pattern: /^Start to fetch params/, step: 'upload' },
  { pattern: /^Loading model from cache\[(\d+)\/(\d+)\]/, step: 'upload' },
  { pattern: /^Loading GPU shader modules\[(\d+)\/(\d+)\]/, step: 'compile-shaders' },
  { pattern: /^Finish loading/, step: 'compile-shaders' },
]

const ORDER: readonly PreparationStep[] = ['verify', 'initialise', 'upload', 'compile-shaders']

/**
 * Passes WebLLM's reports on as steps with their own fractions, which never go back. The compilation is
 * announced as soon as the last shard is on the GPU: WebLLM says nothing before a second of it is over, and the
 * first shaders of a slow device may take a minute.
 */
export function webLlmProgress(onProgress: (progress: LoadProgress) => void): (report: WebLlmReport) => void {
  let step: PreparationStep = 'initialise'
  let fraction = 0
  const tell = (next: PreparationStep, done: number) => {
    if (ORDER.indexOf(next) < ORDER.indexOf(step)) return
    fraction = next === step ? Math.max(fraction, done) : done
    step = next
    onProgress({ kind: 'preparing', step, fraction })
  }
  return ({ progress, text }) => {
    const phase = PHASES.find(({ pattern }) => pattern.test(text))
    if (!phase) return
    // An empty list of shards gives 0/0.
    tell(phase.step, Number.isFinite(progress) ? Math.min(1, Math.max(0, progress)) : 0)
    const [, finished, all] = phase.pattern.exec(text) ?? []
    if (phase.step === 'upload' && all !== undefined && finished === all) tell('compile-shaders', 0)
  }
}
