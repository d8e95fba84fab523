/** A filter of a few pairs, as events. */
import type { EngineDescription } from '#core/engine'
import { JUDGE_PROMPTS } from '#core/cross-filter/prompts'
import { perAspect } from '#core/cross-filter/score'
import { FilterFold, type FilterState } from '#core/cross-filter/state'
import type { FilterEvent, FilterPlan, JudgeIndex, PerAspect, ScaleOrder } from '#core/cross-filter/types'

export const model = (name: string) => ({ modelId: name, variantId: 'q8', name, quantization: 'Q8_0' })

export const engine = (fingerprint: string): EngineDescription => ({
  ...{ engine: 'wllama', engineVersion: '3.8.1', device: 'CPU', fingerprint },
  ...{ librarySha256: null, tokenizerSha256: null, contextTokens: 2048 },
})

export const PLAN: FilterPlan = {
  appVersion: 'test',
  files: [{ name: 'pairs.jsonl', sha256: 'f'.repeat(64) }],
  problemCount: 0,
  generator: model('Writer'),
  decoding: { temperature: 0, topP: 1, maxTokens: 100, seed: 0 },
  judge: model('First'),
  prompts: JUDGE_PROMPTS,
  promptSha256: 'a'.repeat(64),
  order: { count: 1, seed: 5 },
}

/** Answers as given; null is to be generated. */
export function created(answers: readonly (string | null)[], plan: Partial<FilterPlan> = {}): FilterEvent {
  const pairs = answers.map((answer, index) => ({
    ...{ id: null, question: `Question ${index}?`, answer, language: 'en' as const },
    ...{ file: 'pairs.jsonl', row: index + 1 },
  }))
  return { kind: 'created', at: 1, plan: { ...PLAN, ...plan }, pairs }
}

export const started = (role: 'generator' | JudgeIndex, fingerprint: string): FilterEvent => ({
  ...{ kind: 'started', at: 2, role, engine: engine(fingerprint) },
})

export const answered = (pair: number, text: string): FilterEvent => ({
  ...{ kind: 'answered', at: 3, pair },
  answer: { text, reasoning: null, finish: 'stop', promptTokens: 10, completionTokens: 5, elapsedMs: 100 },
})

/** Certain of one grade for each aspect. */
export function scored(
  pair: number,
  grades: PerAspect<number> | number,
  judge: JudgeIndex = 0,
  order: ScaleOrder = 'straight',
): FilterEvent {
  const gradeOf = (aspect: keyof PerAspect<number>) => (typeof grades === 'number' ? grades : grades[aspect])
  const probabilities = perAspect((aspect) => {
    const letter = order === 'straight' ? gradeOf(aspect) : 10 - gradeOf(aspect)
    return Array.from({ length: 11 }, (_, index) => (index === letter ? 1 : 0))
  })
  return { kind: 'scored', at: 4, judge, order, pair, probabilities, promptTokens: 50, elapsedMs: 200 }
}

/** Folds all of them; throws where one is refused. */
export function folded(...events: readonly FilterEvent[]): FilterState {
  const fold = new FilterFold()
  for (const event of events) {
    const refusal = fold.add(event)
    if (refusal) throw new Error(`${event.kind}: ${refusal}`)
  }
  if (!fold.state) throw new Error('no events')
  return fold.state
}
