/** An evaluation of a few questions, as events. */
import { perAspect } from '#core/cross-filter/score'
import { COMPARISON_PROMPTS } from '#core/open-ended/prompts'
import { OpenFold, type OpenState } from '#core/open-ended/state'
import type { Author, OpenEvent, OpenPlan, OpenRole, PlaceOrder } from '#core/open-ended/types'
import { engine, model } from '../cross-filter/fixture'

export const PLAN: OpenPlan = {
  appVersion: 'test',
  files: [{ name: 'questions.jsonl', sha256: 'f'.repeat(64) }],
  problemCount: 0,
  models: [model('First'), model('Second')],
  judge: model('Judge'),
  maxTokens: 100,
  prompts: COMPARISON_PROMPTS,
  promptSha256: 'a'.repeat(64),
  seed: 7,
}

export function created(count: number, plan: Partial<OpenPlan> = {}): OpenEvent {
  const pairs = Array.from({ length: count }, (_, index) => ({
    ...{ id: null, question: `Question ${index}?`, answer: `Reference ${index}.`, language: 'en' as const },
    ...{ file: 'questions.jsonl', row: index + 1 },
  }))
  return { kind: 'created', at: 1, plan: { ...PLAN, ...plan }, pairs }
}

export const started = (role: OpenRole, fingerprint: string): OpenEvent => ({
  ...{ kind: 'started', at: 2, role, engine: engine(fingerprint) },
})

export const answered = (author: Author, pair: number, text: string): OpenEvent => ({
  ...{ kind: 'answered', at: 3, author, pair },
  answer: { text, reasoning: null, finish: 'stop', promptTokens: 10, completionTokens: 5, elapsedMs: 100 },
})

/** Certain of a letter: A, B or C. */
export const compared = (pair: number, order: PlaceOrder, letter: 'A' | 'B' | 'C'): OpenEvent => ({
  ...{ kind: 'compared', at: 4, pair, order, promptTokens: 50, elapsedMs: 200 },
  probabilities: ['A', 'B', 'C'].map((each) => (each === letter ? 1 : 0)),
})

export const joined = (rater: string, name = ''): OpenEvent => ({ kind: 'rater-joined', at: 5, rater, name })

/** The same grade for all aspects. */
export const rated = (rater: string, pair: number, first: number, second: number): OpenEvent => ({
  ...{ kind: 'rated', at: 6, rater, pair, left: 0 },
  grades: [perAspect(() => first), perAspect(() => second)],
})

/** Both models have answered all `count` questions. */
export function answeredEvents(count: number, plan: Partial<OpenPlan> = {}): OpenEvent[] {
  const places = Array.from({ length: count }, (_, index) => index)
  return [
    created(count, plan),
    started(0, 'w0'),
    ...places.map((pair) => answered(0, pair, `Reference ${pair}.`)),
    started(1, 'w1'),
    ...places.map((pair) => answered(1, pair, `Something else ${pair}.`)),
  ]
}

/** Folds all of them; throws where one is refused. */
export function folded(...events: readonly OpenEvent[]): OpenState {
  const fold = new OpenFold()
  for (const event of events) {
    const refusal = fold.add(event)
    if (refusal) throw new Error(`${event.kind}: ${refusal}`)
  }
  if (!fold.state) throw new Error('no events')
  return fold.state
}
