/** One question put to the engine, by the run's protocol: what comes of it is an answer or a failure. */
import type {
  Engine,
  EngineDescription,
  EngineFailure,
  EngineResult,
  Generation,
  GenerationEvent,
  LetterRequest,
} from '#core/engine'
import type { Item } from '#core/dataset/item'
import { promptMessages } from '#core/prompt/messages'
import { optionLetter, type ChatMessage } from '#core/prompt/question'
import { failure, success } from '#core/result'
import { forwardScores } from '#core/run/forward'
import { rotateItem } from '#core/run/rotate'
import { shotsFor } from '#core/run/shots'
import type { Answer, ForwardScores, RunPlan } from '#core/run/types'
import type { Sample } from '#core/strategy/types'

export type ReplyReading = Pick<Answer, 'officialLetter' | 'strictLetter' | 'strictReason'>

export interface AskPorts {
  engine: Pick<Engine, 'generate' | 'scoreLetters'>
  /** What is loaded now; null when nothing is. */
  loaded(): EngineDescription | null
  read(reply: string, item: Item, finish: Answer['finish']): Promise<ReplyReading>
  now(): number
  /** Whether the page is in the background, or was since the last call. */
  hidden(): boolean
  /** For the screen only. */
  show(moment: AskMoment): void
}

export type AskMoment =
  | { kind: 'question'; position: number; item: Item }
  /** One of several replies is drawn; `samples` are those before it. */
  | { kind: 'sample'; index: number; planned: number; samples: readonly Sample[] }
  | { kind: 'generation'; event: GenerationEvent }
  /** The reply is whole, and its steps are scored. */
  | { kind: 'scoring'; index: number }

type Generated = Omit<Generation, 'text'> & { reply: string } & ReplyReading

/**
 * Asks the question at `position`, whose item is `plain` as the dataset has it. A prompt that does not fit the context
 * is an answer too, with its failure; every other failure leaves no answer, and the question is to be asked again.
 */
export async function askQuestion(
  plan: RunPlan,
  position: number,
  plain: Item,
  engine: EngineDescription,
  ports: AskPorts,
  signal: AbortSignal,
): Promise<EngineResult<Answer>> {
  const rotation = plan.rotations[position] ?? 0
  const item = rotateItem(plain, rotation)
  ports.show({ kind: 'question', position, item })
  const { watched, wasHidden } = watchBackground(ports)
  // So that nothing is held back when the run ends: of both requests the last one is compared.
  const isLast = position === plan.itemIndexes.length - 1
  const asking = { plan, item, compareReuse: isLast }
  const { seed } = plan.decoding
  const generated = plan.protocol === 'letters' ? null : await generateReply(asking, seed, watched, signal)
  if (generated && !generated.ok && !isTooLong(generated.failure)) return generated
  const scored = plan.protocol === 'generate' ? null : await score(asking, ports, signal)
  if (scored && !scored.ok && !isTooLong(scored.failure)) return scored
  const hidden = wasHidden()
  // Another model may have been loaded while the question waited: its answer must not count for this run.
  if (ports.loaded()?.fingerprint !== engine.fingerprint) return failure({ kind: 'not-loaded' })
  return success({
    position,
    item,
    rotation,
    forward: scored?.ok ? scored.value : null,
    ...(!generated ? NOTHING_GENERATED : generated.ok ? generated.value : TOO_LONG),
    answeredAt: ports.now(),
    hidden,
    failure: failureOf(generated) ?? failureOf(scored),
  })
}

/** The same ports, and whether the page was in the background from now on; to be asked when the question is done. */
export function watchBackground(ports: AskPorts): { watched: AskPorts; wasHidden: () => boolean } {
  let hidden = ports.hidden()
  const wasHidden = () => {
    // Asked each time: what is not asked for would be told of the next question.
    hidden = ports.hidden() || hidden
    return hidden
  }
  const show = (moment: AskMoment) => {
    wasHidden()
    ports.show(moment)
  }
  return { watched: { ...ports, show }, wasHidden }
}

/** What is sent to the engine. */
export interface Asking {
  plan: RunPlan
  /** As it is asked, options rotated if they are. */
  item: Item
  /** Whether a reused prompt is compared with a cold pass now. */
  compareReuse: boolean
}

/** The reply to an item as it is asked, and how it reads. */
export async function generateReply(
  { plan, item, compareReuse }: Asking,
  seed: number,
  ports: AskPorts,
  signal: AbortSignal,
): Promise<EngineResult<Generated>> {
  const request = {
    messages: questionMessages(plan, item),
    ...plan.decoding,
    seed,
    ...reuseOf(plan, compareReuse),
  }
  const onEvent = (event: GenerationEvent) => ports.show({ kind: 'generation', event })
  const generated = await ports.engine.generate(request, onEvent, signal)
  if (!generated.ok) return generated
  if (generated.value.finish === 'abort') return failure({ kind: 'aborted' })
  const { text, ...measured } = generated.value
  return success({ reply: text, ...measured, ...(await ports.read(text, item, measured.finish)) })
}

/** Told only where the plan allows it. */
function reuseOf(
  { reusePrompt }: RunPlan,
  compareReuse: boolean,
): Pick<LetterRequest, 'reusePrompt' | 'compareReuse'> {
  if (!reusePrompt) return {}
  return compareReuse ? { reusePrompt, compareReuse } : { reusePrompt }
}

/** What is sent for a reply to an item as it is asked. */
export function questionMessages({ prompts, shots }: RunPlan, item: Item): ChatMessage[] {
  return promptMessages(item, prompts.templates['chain-of-thought'], shotsFor(shots, item.language))
}

async function score(
  asking: Asking,
  { engine }: Pick<AskPorts, 'engine'>,
  signal: AbortSignal,
): Promise<EngineResult<ForwardScores>> {
  const scored = await engine.scoreLetters(letterRequest(asking), signal)
  return scored.ok ? success(forwardScores(scored.value)) : scored
}

/** What is sent for the letters of an item as it is asked. */
export function letterRequest({ plan, item, compareReuse }: Asking): LetterRequest {
  const messages = promptMessages(
    item,
    plan.prompts.templates['letter-only'],
    shotsFor(plan.shots, item.language),
  )
  const letters = item.options.map((_, index) => optionLetter(index))
  return { messages, letters, ...reuseOf(plan, compareReuse) }
}

/**
 * An item whose prompt does not fit the context counts as wrong in every scoring (see docs/decisions.md); the official
 * extraction would guess a letter even from nothing.
 */
const NOTHING_GENERATED: Generated = {
  reply: '',
  finish: 'stop',
  promptTokens: 0,
  completionTokens: 0,
  timeToFirstTokenMs: 0,
  decodeMs: 0,
  officialLetter: null,
  strictLetter: null,
  strictReason: null,
}

/** What an answer says where the prompt was too long; that is no reply that was read in vain. */
export const TOO_LONG: Generated = { ...NOTHING_GENERATED, finish: 'length', strictReason: 'empty' }

export function isTooLong({ kind }: EngineFailure): boolean {
  return kind === 'context-exceeded'
}

function failureOf(outcome: EngineResult<unknown> | null): EngineFailure | null {
  return outcome && !outcome.ok ? outcome.failure : null
}
