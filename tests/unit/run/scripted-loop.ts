/** The loop of a run over an engine that says what a test wants; without a script it replies "B" and scores "C". */
import { answerRun, type RunLoopPorts } from '#app/run-loop'
import type {
  EngineFailure,
  EngineResult,
  Generation,
  GenerationRequest,
  LetterRequest,
  LetterScores,
} from '#core/engine'
import { success } from '#core/result'
import type { RunSummary } from '#core/run/summary'
import type { Answer, RunPlan } from '#core/run/types'
import { created, ENGINE, makeItem } from './fixtures'
import { MemoryLog } from './memory-log'

const REPLY: EngineResult<Generation> = success({
  text: 'B',
  finish: 'stop',
  promptTokens: 9,
  completionTokens: 3,
  timeToFirstTokenMs: 1,
  decodeMs: 2,
})

export const scores = (...probabilities: number[]): EngineResult<LetterScores> =>
  success({ probabilities, promptTokens: 7, elapsedMs: 5 })
export const TOO_LONG: EngineFailure = { kind: 'context-exceeded', promptTokens: 5000, contextTokens: 1024 }
export const LOST: EngineFailure = { kind: 'device-lost', detail: 'x' }

export class ScriptedLoop {
  readonly log = new MemoryLog()
  readonly generated: GenerationRequest[] = []
  readonly scored: LetterRequest[] = []
  /** What came in which order, with the number of answers stored by then. */
  readonly order: string[] = []
  replies: EngineResult<Generation>[] = []
  letterScores: ((signal: AbortSignal) => EngineResult<LetterScores>)[] = []
  readonly ports: RunLoopPorts = {
    log: this.log,
    engine: {
      generate: (request) => {
        this.generated.push(request)
        this.order.push(`generate after ${this.log.answeredPositions.length}`)
        return Promise.resolve(this.replies.shift() ?? REPLY)
      },
      scoreLetters: (request, signal) => {
        this.scored.push(request)
        this.order.push(`score after ${this.log.answeredPositions.length}`)
        return Promise.resolve(this.letterScores.shift()?.(signal) ?? scores(0.1, 0.2, 0.6, 0.1))
      },
    },
    loaded: () => ENGINE,
    reload: () => Promise.resolve(success(ENGINE)),
    item: (index) => Promise.resolve(makeItem(index)),
    read: (text) => Promise.resolve({ officialLetter: text, strictLetter: text, strictReason: null }),
    now: () => 100,
    hidden: () => false,
    userAgent: 'test',
    show: () => undefined,
  }

  /** Creates the run unless it exists, and answers it. */
  async answer(plan: RunPlan, signal = new AbortController().signal): Promise<RunSummary> {
    if (this.log.events.length === 0) await this.log.append(plan.id, created(plan))
    const run = await answerRun(plan, ENGINE, this.ports, signal)
    if (!run.ok) throw new Error(run.failure.kind)
    return run.value
  }

  answers(): Answer[] {
    return this.log.events.flatMap((event) => (event.kind === 'answered' ? [event.answer] : []))
  }
}
