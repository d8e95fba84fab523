/** What a run was measured with, in one block: enough to tell whether two results may be compared, and to repeat one. */
import { standingOf, type Standing } from '../numerics/standing'
import type { RunHistory } from '../run/history'
import type { RunStrategy } from '../run/sampling'
import type { Answer, Decoding, Protocol, RunPlan } from '../run/types'

/**
 * Derived from the rest of the export, so that a reader needs nothing else. Lists hold each different value once, in
 * the order in which sessions met them; more than one value means that the run went on under other conditions. Hashes
 * are hexadecimal SHA-256.
 */
export interface Receipt {
  /** Version and commit of the app; "-modified" at its end means that the app differed from that commit. */
  app: string
  /** Of the GGUF file or the tensor manifest; null before the run's first session. */
  weightsSha256: string | null
  /** Of the code that computed: WebLLM's compiled library, or the CPU engine's WebAssembly; null where unknown. */
  librarySha256: (string | null)[]
  /** Of the tokenizer's file; null where it is part of the weights' file. */
  tokenizerSha256: (string | null)[]
  /** Of the bytes from which the dataset was read, and of the items accepted from them. */
  datasetSha256: string
  itemsSha256: string
  /** Of the questions in the order asked; null in runs made before it was kept. */
  askedSha256: string | null
  /** Of the templates that the protocol uses. */
  promptSha256: string
  prompts: { name: string; version: string }
  protocol: Protocol
  /** Engine, its version, and the hardware path. */
  engines: string[]
  /**
   * Of engines on a graphics unit, what the test of their numbers says: right, wrong in ways that were avoided, wrong, not
   * tested, or not known. Missing where no session tells.
   */
  numbers?: Exclude<Standing, 'not-concerned'>[]
  /** User agents. */
  browsers: string[]
  decoding: Omit<Decoding, 'seed'>
  /** Missing in a run of one reply a question. */
  strategy?: RunStrategy
  seeds: { selection: number; decoding: number }
  asked: number
  planned: number
  interruptions: number
  /** Null before the first session. */
  startedAt: number | null
  /** When the last question was answered or the run was stopped; null while it can go on. */
  endedAt: number | null
  /**
   * Over the SHA-256 of each answer's canonical JSON without its question, one a line: equal for two exports exactly
   * if their answers are, with or without questions. Samples belong to answers; what other scorers said of them later
   * does not.
   */
  resultsSha256: string
}

/** Everything but the hash of the results, which takes reading all of them. */
export type ReceiptFacts = Omit<Receipt, 'resultsSha256'>

/** @param asked all answers, in the order asked */
export function receiptFacts(
  plan: Omit<RunPlan, 'shots'>,
  { starts, interruptions, ended }: RunHistory,
  asked: readonly Answer[],
): ReceiptFacts {
  const { temperature, topP, maxTokens, seed } = plan.decoding
  const engines = starts.map(({ engine }) => engine)
  return {
    app: plan.appVersion,
    weightsSha256: engines[0]?.fingerprint ?? null,
    librarySha256: distinct(engines.map(({ librarySha256 }) => librarySha256)),
    tokenizerSha256: distinct(engines.map(({ tokenizerSha256 }) => tokenizerSha256)),
    datasetSha256: plan.dataset.sha256,
    itemsSha256: plan.dataset.itemsSha256,
    askedSha256: plan.askedSha256,
    promptSha256: plan.promptSha256,
    prompts: { name: plan.prompts.name, version: plan.prompts.version },
    protocol: plan.protocol,
    engines: distinct(
      engines.map(({ engine, engineVersion, device }) => `${engine} ${engineVersion}, ${device}`),
    ),
    ...(engines.some(({ numerics }) => numerics) && {
      numbers: distinct(engines.map(standingOf).filter((standing) => standing !== 'not-concerned')),
    }),
    browsers: distinct(starts.map(({ userAgent }) => userAgent)),
    decoding: { temperature, topP, maxTokens },
    ...(plan.strategy && { strategy: plan.strategy }),
    seeds: { selection: plan.selection.seed, decoding: seed },
    asked: asked.length,
    planned: plan.itemIndexes.length,
    interruptions: interruptions.length,
    startedAt: starts[0]?.at ?? null,
    endedAt: ended?.at ?? null,
  }
}

function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)]
}
