/** What the converter says, in English: on standard error, so that standard output stays for programs. */
import { modelFailureText, waitingText } from '#app/model-failure-text'
import type { JinjaOutcome, TemplateDifference } from '#core/convert/chat-template'
import { chooseLibrary } from '#core/convert/library-choice'
import { rowsOfUnit, sourceBytesOf, type PlannedShard } from '#core/convert/plan'
import type { Preparation } from '#core/convert/prepare'
import { PROBES } from '#core/convert/template-probes'
import type { ModelFailure } from '#core/model/failure'
import type { KnownLibrary } from '#core/model/known-libraries'
import { english as en } from '#i18n/english'
import type { Locale } from '#i18n/locale.svelte'
import type { SourceWaiting } from '#worker/models/remote-checkpoint'

const MEGA = 1e6
/** Speed is that of the last seconds: the first ones read a cold disk. */
const WINDOW_MS = 10_000

const number = (value: number) => new Intl.NumberFormat('en').format(value)
const bytesText = (bytes: number) =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${(bytes / MEGA).toFixed(1)} MB`

/** The parts of the interface's language that texts of failures need. */
const ENGLISH = { t: en, tag: 'en', number, bytes: bytesText } as unknown as Locale

/** What helps on the command line alone. */
const HINTS: Partial<Record<ModelFailure['kind'], string>> = {
  'chat-template-unknown': ' (--template FAMILY)',
  'access-denied': ' (Here: put a token into HF_TOKEN or into a file that --token-file names.)',
}

/** Why nothing comes, and when it is tried again (`now` in milliseconds since 1970). */
export function waitingLine({ reason, retryAt }: NonNullable<SourceWaiting>, now: number): string {
  const again = retryAt === null ? '' : `; next attempt in ${durationText(Math.max(0, retryAt - now) / 1000)}`
  return `${waitingText(reason, ENGLISH)}${again}`
}

/** Sentences, then what helps whoever helps: file, tensor, index, inner messages. */
export function failureText(failure: ModelFailure): string {
  const { problem, nextStep, detail } = modelFailureText(failure, ENGLISH)
  const next = `${nextStep}${HINTS[failure.kind] ?? ''}`
  return [problem, next, ...(detail ? [`(${detail.replaceAll('\n', '; ')})`] : [])].join('\n')
}

export function preparationText(
  { plan, template, chatConfig }: Preparation,
  libraries: readonly KnownLibrary[],
): string {
  const { config, shards } = plan
  const library = chooseLibrary(chatConfig, libraries)
  const lines = [
    `${config.architecture}, ${config.layers} layers of ${config.hiddenSize}, vocabulary ${number(config.vocabulary)}`,
    `reads ${bytesText(plan.sourceBytes)}, writes ${bytesText(plan.resultBytes)} of ${plan.quantization} in ${shards.length} ${shards.length === 1 ? 'shard' : 'shards'}`,
    library.ok ? `library: ${library.value.url}` : `library: ${libraryProblem(library.failure)}`,
    `conversation: ${template.family}, ${comparedText(template)}`,
    ...template.differences.map(differenceText),
    ...adapterLines(plan),
  ]
  return lines.join('\n')
}

function adapterLines({ shards }: Preparation['plan']): string[] {
  const units = shards.flatMap((shard) => shard.units)
  const merged = units.flatMap(({ parts }) => parts).filter(({ lora }) => lora)
  const head = units.find((unit) => unit.head)?.head
  const rows = head?.tokens.map((ids) => ids.join(', ')).join('; ')
  return [
    ...(merged.length > 0 ? [`adapters change ${merged.length} matrices`] : []),
    ...(rows === undefined
      ? []
      : [`reward model: the rows of its two classes are those of the tokens ${rows}`]),
  ]
}

function libraryProblem(problem: ModelFailure): string {
  if (problem.kind !== 'no-library') return failureText(problem)
  return `none is published for this model (${problem.shape}). The weights will be ready for one that you compile with mlc-llm.`
}

function comparedText({ isCompared, differences }: Preparation['template']): string {
  if (!isCompared) return 'as chosen; the checkpoint has no chat template to compare it with'
  if (differences.length === 0) return 'the same prompts as the checkpoint’s own template'
  return `prompts differ from those of the checkpoint’s own template in ${differences.length} of ${PROBES.length} conversations:`
}

function differenceText({ probe, checkpoint, derived }: TemplateDifference): string {
  const lines = [
    `  "${probe}" (${PROBE_TEXTS[probe]}):`,
    `    the checkpoint ${outcomeText(checkpoint)}`,
    `    WebLLM will write ${JSON.stringify(derived)}`,
  ]
  return lines.join('\n')
}

const PROBE_TEXTS: Record<TemplateDifference['probe'], string> = {
  question: 'one question',
  turns: 'two questions',
  system: 'a system message and a question',
  'system-turns': 'a system message and two questions',
  thinking: 'an earlier reply with its thoughts',
  blanks: 'blanks around a question',
  date: 'on another day; WebLLM always writes the same one',
}

function outcomeText(outcome: JinjaOutcome): string {
  switch (outcome.kind) {
    case 'written':
      return `writes ${JSON.stringify(outcome.prompt)}`
    case 'refused':
      return `refuses this: ${outcome.reason}`
    case 'failed':
      return `was NOT compared, its template could not be rendered: ${outcome.reason}`
  }
}

/** A line for each tensor that is done: share of the whole, speed, time left. */
export class ProgressLines {
  readonly #left = new Map<string, number>()
  readonly #now: () => number
  readonly #times: { at: number; done: number }[]
  #done = 0
  #total: number

  constructor({ plan }: Preparation, now: () => number) {
    this.#now = now
    this.#total = plan.sourceBytes
    this.#times = [{ at: now(), done: 0 }]
    for (const unit of plan.shards.flatMap(({ units }) => units)) {
      const bytes = rowsOfUnit(unit).reduce((sum, rows) => sum + sourceBytesOf(rows), 0)
      this.#left.set(unit.name, bytes)
    }
  }

  /** Shards that need not be converted again. */
  keep(shards: readonly PlannedShard[]): void {
    this.#total -= shards.reduce((sum, { sourceBytes }) => sum + sourceBytes, 0)
  }

  /** Undefined while the tensor is not done. */
  line(tensor: string, sourceBytes: number): string | undefined {
    this.#done += sourceBytes
    const left = (this.#left.get(tensor) ?? 0) - sourceBytes
    this.#left.set(tensor, left)
    if (left > 0) return undefined
    const now = this.#now()
    this.#times.push({ at: now, done: this.#done })
    while (this.#times.length > 2 && now - (this.#times[0]?.at ?? now) > WINDOW_MS) this.#times.shift()
    const [since] = this.#times
    const seconds = Math.max(0.001, (now - (since?.at ?? now)) / 1000)
    const rate = (this.#done - (since?.done ?? 0)) / seconds
    const percent = String(Math.floor((100 * this.#done) / this.#total)).padStart(3)
    const rest = (this.#total - this.#done) / Math.max(1, rate)
    return `${percent}%  ${(rate / MEGA).toFixed(0).padStart(4)} MB/s  ${durationText(rest)} left  ${tensor}`
  }
}

export function durationText(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`
}
