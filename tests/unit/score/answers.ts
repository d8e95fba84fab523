import type { Answer } from '#core/run/types'
import { PLAIN_ANSWER } from '../../run-defaults'

/** One answer with plausible values; `official` and `strict` are letters, `target` an index. */
export function answer(change: {
  position?: number
  language?: 'en' | 'zh'
  level?: 1 | 2 | 3 | null
  options?: number
  target?: number
  official?: string | null
  strict?: string | null
  strictReason?: string | null
  reply?: string
  stem?: string
  tokens?: number
  decodeMs?: number
  firstTokenMs?: number
  finish?: Answer['finish']
  hidden?: boolean
  failure?: Answer['failure']
}): Answer {
  const position = change.position ?? 0
  const options = Array.from({ length: change.options ?? 4 }, (_, index) => `option ${index}`)
  return {
    position,
    item: {
      id: `item-${position}`,
      language: change.language ?? 'en',
      level: change.level === undefined ? 1 : change.level,
      stem: change.stem ?? `Stem ${position}`,
      options,
      targetIndex: change.target ?? 0,
    },
    reply: change.reply ?? 'Because. Answer: A',
    finish: change.finish ?? 'stop',
    promptTokens: 200,
    completionTokens: change.tokens ?? 11,
    timeToFirstTokenMs: change.firstTokenMs ?? 50,
    decodeMs: change.decodeMs ?? 1000,
    answeredAt: 1_700_000_000_000 + position,
    hidden: change.hidden ?? false,
    ...PLAIN_ANSWER,
    failure: change.failure ?? null,
    officialLetter: change.official === undefined ? 'A' : change.official,
    strictLetter: change.strict === undefined ? 'A' : change.strict,
    strictReason: change.strictReason ?? (change.strict === null ? 'no-statement' : null),
  }
}

/** Deterministic numbers in [0, 1) for property tests (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export function shuffled<Value>(values: readonly Value[], random: () => number): Value[] {
  const keyed = values.map((value) => ({ value, key: random() }))
  return keyed.sort((left, right) => left.key - right.key).map(({ value }) => value)
}

/** `size` answers with random levels, languages, letters, option counts and timings. */
export function randomAnswers(size: number, seed: number): Answer[] {
  const random = seededRandom(seed)
  const pick = <Value>(values: readonly Value[]): Value =>
    values[Math.floor(random() * values.length)] as Value
  return Array.from({ length: size }, (_, position) =>
    answer({
      position,
      language: pick(['en', 'zh']),
      level: pick([1, 2, 3, null]),
      options: pick([3, 4, 5, 7, 9]),
      target: pick([0, 1, 2]),
      official: pick(['A', 'B', 'C', null]),
      strict: pick(['A', 'B', 'C', null]),
      tokens: pick([0, 1, 12, 340, 2048]),
      decodeMs: random() * 1e5,
      firstTokenMs: random() * 1e3,
      finish: pick(['stop', 'length']),
    }),
  )
}
