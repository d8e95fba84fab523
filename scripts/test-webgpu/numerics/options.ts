import { parseArgs } from 'node:util'

/** In the order in which they run. */
export const PARTS = ['self-test', 'faults', 'speed', 'sequences'] as const
export type Part = (typeof PARTS)[number]

export interface NumericsOptions {
  lib: string
  weights: string | undefined
  browser: string | undefined
  headed: boolean
  parts: readonly Part[]
  sequences: number
  questions: number
  /** Tokens that all questions begin with, and tokens of each behind them. */
  prefixTokens: number
  questionTokens: number
  seed: number
  /**
   * 0: matrix products as compiled. 1: rewritten for software adapters. n: and with one in n groups of weights only.
   * Undefined: 1 on a software adapter, else 0.
   */
  thinning: number | undefined
}

/** The arguments, or what is wrong with them. */
export function readNumericsOptions(args: string[]): NumericsOptions | string {
  const { values } = parseArgs({
    args,
    options: {
      numerics: { type: 'boolean' },
      lib: { type: 'string' },
      weights: { type: 'string' },
      browser: { type: 'string' },
      headed: { type: 'boolean', default: false },
      parts: { type: 'string', default: PARTS.join(',') },
      // The defaults are what the project promises.
      sequences: { type: 'string', default: '200' },
      questions: { type: 'string', default: '30' },
      prefix: { type: 'string', default: '150' },
      'question-tokens': { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      thinning: { type: 'string' },
    },
  })
  const { lib, weights, browser, headed } = values
  if (!lib) return '--lib FILE.wasm is missing.'
  const named = values.parts.split(',')
  const parts = PARTS.filter((part) => named.includes(part))
  if (parts.length !== named.length) return `--parts: known are ${PARTS.join(', ')}.`
  const options = {
    sequences: Number(values.sequences),
    questions: Number(values.questions),
    prefixTokens: Number(values.prefix),
    questionTokens: Number(values['question-tokens']),
    seed: Number(values.seed),
  }
  if (!Object.values(options).every((value) => Number.isInteger(value) && value >= 1))
    return '--sequences, --questions, --prefix, --question-tokens and --seed are whole numbers from 1.'
  if (options.prefixTokens < 32 || options.questionTokens < 32)
    return '--prefix and --question-tokens are at least 32: the template takes some of them.'
  const thinning = values.thinning === undefined ? undefined : Number(values.thinning)
  if (thinning !== undefined && !(Number.isInteger(thinning) && thinning >= 0))
    return '--thinning is a whole number from 0.'
  return { lib, weights, browser, headed, parts, ...options, thinning }
}
