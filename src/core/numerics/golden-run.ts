/** A reference for other devices, made from a run that scored letters on a device whose numbers are sound. */
import { promptMessages } from '../prompt/messages'
import { optionLetter } from '../prompt/question'
import { failure, success, type Result } from '../result'
import { engineAt, type RunHistory } from '../run/history'
import { madeAs } from '../run/origin'
import { shotsFor } from '../run/shots'
import type { Answer, RunPlan } from '../run/types'
import { goldenLettersFrom, type GoldenItem, type GoldenLetters } from './golden-letters'
import { standingOf } from './standing'

export type NoReference =
  /** Nothing was scored, or only questions whose texts are not in the file. */
  | { kind: 'no-letters' }
  /** Sessions on several devices, or with several versions of the model's files. */
  | { kind: 'several-engines' }
  /** Only a device that passed the self-test can be a reference. */
  | { kind: 'not-sound'; device: string }
  | { kind: 'library-unknown' }

/** What the reference is read from. */
export interface LettersRun extends Pick<RunHistory, 'starts'> {
  plan: Pick<RunPlan, 'origin' | 'prompts' | 'shots'>
  answers: readonly Answer[]
}

/** Takes up to `count` scored questions, spread over the run. */
export function goldenLettersOfRun(run: LettersRun, count: number): Result<GoldenLetters, NoReference> {
  const scored = run.answers.filter(({ forward, item }) => forward && item.withheld === undefined)
  const place = (i: number) => Math.floor((i * count) / scored.length)
  const taken = scored.filter((_, i) => place(i) > place(i - 1))
  // The sessions of a merged run overlap, so nobody knows which of them scored a question.
  const isMerged = madeAs(run.plan.origin).kind === 'merged'
  const engines = isMerged
    ? run.starts.map(({ engine }) => engine)
    : taken.flatMap(({ position }) => engineAt(run, position) ?? [])
  const [engine] = engines
  if (!engine || taken.length === 0) return failure({ kind: 'no-letters' })
  const names = engines.map((e) =>
    [e.device, e.fingerprint, e.librarySha256, e.numerics?.mergeBarrier].join(),
  )
  if (new Set(names).size > 1) return failure({ kind: 'several-engines' })
  if (engines.some((each) => standingOf(each) !== 'sound'))
    return failure({ kind: 'not-sound', device: engine.device })
  const golden = goldenLettersFrom(
    engine,
    taken.map((answer) => goldenItem(answer, run.plan)),
  )
  return golden ? success(golden) : failure({ kind: 'library-unknown' })
}

function goldenItem({ item, forward }: Answer, { prompts, shots }: LettersRun['plan']): GoldenItem {
  const template = prompts.templates['letter-only']
  return {
    messages: promptMessages(item, template, shotsFor(shots, item.language)),
    letters: item.options.map((_, index) => optionLetter(index)),
    probabilities: forward?.probabilities ?? [],
  }
}
