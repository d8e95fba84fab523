/**
 * A run verified item by item: everything that it says and that can be computed again is computed again. What this
 * cannot find is a reply that the model never gave: for that, a share of the items is asked again (`rerun.ts`).
 */
import { itemLine } from '../dataset/fingerprint'
import { countOf } from '../dataset/preview'
import type { Dataset, Item } from '../dataset/item'
import { asInDataset } from '../export/exported-item'
import { promptSource } from '../prompt/prompt-set'
import { askedList } from '../run/asked-list'
import type { RunStart } from '../run/history'
import { promptKinds } from '../run/plan'
import { sumTallies } from '../run/progress'
import { rotateItem } from '../run/rotate'
import type { ItemSource } from '../run/shots'
import type { RunSamples } from '../run/samples'
import type { RunSummary } from '../run/summary'
import type { Answer, RunPlan } from '../run/types'
import { AccuracyCount } from '../score/accuracy-table'
import { scoringsOf } from '../score/verdict'
import { ChoicesCheck } from './check-choices'
import { LettersCheck } from './check-letters'
import { CheckTally, WHOLE_RUN, type CheckResult } from './check-result'
import { checkSample } from './check-sample'
import { TimesCheck } from './check-times'
import type { CheckHashing } from './file-checks'

/** A run as it is stored; answers in the order asked, rotated ones among them. */
export interface VerifiedRun {
  plan: RunPlan
  summary: RunSummary
  starts: readonly RunStart[]
  answers: readonly Answer[]
  /** By position; needed where the plan has a strategy. */
  samples?: RunSamples
}

/** The run's dataset, as it is stored here. */
export interface VerifyingDataset {
  dataset: Dataset
  source: ItemSource
}

export interface VerifyProgress {
  /** What is gone through. */
  what: 'dataset' | 'answers'
  done: number
  total: number
}

/** Items read from the database at a time. */
const BATCH = 256

/**
 * Verifies a run in steps of one item or answer, each with how far it is.
 *
 * @param here null where no dataset with the run's items is stored in this browser.
 */
export async function* verifyRun(
  run: VerifiedRun,
  here: VerifyingDataset | null,
  hashing: CheckHashing,
): AsyncGenerator<VerifyProgress, CheckResult[]> {
  const prompts = checkPrompts(run, hashing)
  const dataset = yield* checkDataset(run.plan, here, hashing)
  const sample = await checkSample(run, here?.source ?? null)
  const asked = yield* checkAskedList(run, hashing)
  const answers = yield* checkAnswers(run, here?.source ?? null, hashing)
  return [prompts, dataset, sample, asked, ...answers, yield* checkCounts(run)]
}

function checkPrompts({ plan }: VerifiedRun, { sha256 }: CheckHashing): CheckResult {
  const tally = new CheckTally('prompts')
  tally.compare(WHOLE_RUN, sha256(promptSource(plan.prompts, promptKinds(plan.protocol))), plan.promptSha256)
  return tally.result()
}

async function* checkDataset(
  plan: RunPlan,
  here: VerifyingDataset | null,
  { encode, newHash }: CheckHashing,
): AsyncGenerator<VerifyProgress, CheckResult> {
  const tally = new CheckTally('dataset')
  if (!here) {
    tally.skip('no-dataset')
    return tally.result()
  }
  const total = countOf(here.dataset.counts)
  const hash = newHash()
  for (let from = 0; from < total; from += BATCH) {
    const indexes = Array.from({ length: Math.min(BATCH, total - from) }, (_, index) => from + index)
    for (const [index, item] of (await here.source.items(indexes)).entries()) {
      // As `itemsFingerprint` does, which needs all items at once.
      hash.update(encode(from + index === 0 ? itemLine(item) : `\n${itemLine(item)}`))
      yield { what: 'dataset', done: from + index + 1, total }
    }
  }
  tally.compare(WHOLE_RUN, plan.dataset.itemsSha256, hash.hex())
  return tally.result()
}

/** From the answers alone, so that it needs no dataset; only a run that was answered to its end can say. */
function* checkAskedList(
  { plan, answers }: VerifiedRun,
  { encode, newHash }: CheckHashing,
): Generator<VerifyProgress, CheckResult> {
  const tally = new CheckTally('asked-list')
  if (plan.askedSha256 === null || answers.length < plan.itemIndexes.length) {
    tally.skip('not-recorded')
    return tally.result()
  }
  const hash = newHash()
  for (const { item, rotation } of answers) {
    hash.update(encode(askedList([{ id: item.id, language: item.language, rotation }])))
    yield { what: 'answers', done: 0, total: answers.length }
  }
  tally.compare(WHOLE_RUN, hash.hex(), plan.askedSha256)
  return tally.result()
}

async function* checkAnswers(
  { plan, answers, starts, samples: all }: VerifiedRun,
  source: ItemSource | null,
  hashing: CheckHashing,
): AsyncGenerator<VerifyProgress, CheckResult[]> {
  const items = new CheckTally('items')
  const letters = new LettersCheck(plan.protocol)
  const choices = new ChoicesCheck(plan)
  const times = new TimesCheck(plan, starts)
  for (let from = 0; from < answers.length; from += BATCH) {
    const batch = answers.slice(from, from + BATCH)
    const stored = source ? await itemsAt(plan, batch, source) : []
    for (const [index, answer] of batch.entries()) {
      const plain = stored[index] ?? null
      checkItem(items, answer, plain, source !== null, hashing)
      const asked = plain && rotateItem(plain, answer.rotation)
      const samples = all?.get(answer.position)?.samples ?? []
      letters.add(answer, answer.item.withheld === undefined ? answer.item : asked, samples)
      choices.add(answer, samples)
      times.add(answer)
      yield { what: 'answers', done: from + index + 1, total: answers.length }
    }
  }
  return [items.result(), ...letters.results(), ...choices.results(), times.result()]
}

/** The dataset's items that the answers' positions stand for; undefined where it has none. */
async function itemsAt(
  plan: RunPlan,
  answers: readonly Answer[],
  source: ItemSource,
): Promise<(Item | undefined)[]> {
  const indexes = answers.map(({ position }) => plan.itemIndexes[position] ?? -1)
  const present = indexes.filter((index) => index >= 0 && index < source.metas.length)
  const items = await source.items(present)
  const byIndex = new Map(present.map((index, place) => [index, items[place]]))
  return indexes.map((index) => byIndex.get(index))
}

function checkItem(
  tally: CheckTally,
  { position, item, rotation }: Answer,
  plain: Item | null,
  isHere: boolean,
  { sha256 }: CheckHashing,
): void {
  if (!isHere) return tally.skip('no-dataset')
  if (item.withheld === '') return tally.skip('no-text')
  const expected = plain ? sha256(itemLine(plain)) : '–'
  const found = item.withheld ?? sha256(itemLine(asInDataset(item, rotation)))
  tally.compare({ position, item: `${item.language} ${item.id}` }, expected, found)
}

/** The numbers that a run is listed with are stored beside its answers. */
function* checkCounts({ plan, summary, answers }: VerifiedRun): Generator<VerifyProgress, CheckResult> {
  const tally = new CheckTally('counts')
  const counted = sumTallies(summary)
  const count = new AccuracyCount()
  for (const answer of answers) {
    if (answer.rotation === 0) count.add([answer])
    yield { what: 'answers', done: answers.length, total: answers.length }
  }
  const { total } = count.table()
  const compare = (name: string, expected: number, found: number) =>
    tally.compare(WHOLE_RUN, `${name} ${expected}`, `${name} ${found}`)
  compare('n', total.n, counted.answered)
  for (const scoring of scoringsOf(plan.protocol)) {
    compare(scoring, total[scoring].correct, counted.correct[scoring])
    compare(`${scoring}, –`, total[scoring].unparsed, counted.unparsed[scoring])
  }
  return tally.result()
}
