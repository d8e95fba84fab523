/** Renders chat templates. A template comes with a model and is not trusted: what it may do is limited. */
import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja'
import type { RenderJinja } from '#core/convert/chat-template'

/**
 * Steps that a template may take, each about a microsecond. Of the templates of known models the longest, Qwen3's,
 * takes 27,000 for a conversation of 200 long messages.
 */
const MOST_STEPS = 100_000
/** A round of a loop sets up its scope and its `loop`. */
const STEPS_PER_ROUND = 8
/** Of a text or list that an expression gives, which may have been copied. */
const CHARACTERS_PER_STEP = 256
const ELEMENTS_PER_STEP = 16
/** Characters of any text that a template makes: more than any context holds. */
const MOST_CHARACTERS = 16_000_000

/** Characters of a template; the longest known has 20,000. */
const MOST_TEMPLATE_CHARACTERS = 100_000
/** Of one blank stretch: the package's patterns try each of its places with each of its lengths. */
const LONGEST_BLANK = 500

/** Elements of `range`, which makes them all at once. */
const MOST_NUMBERS = 10_000

/** What a template's own `raise_exception` throws. */
class Refusal extends Error {}

function refuse(reason: unknown): never {
  throw new Refusal(String(reason))
}

/** Python's `range`. */
function range(start: number, stop?: number, step = 1): number[] {
  const [from, to] = stop === undefined ? [0, start] : [start, stop]
  const count = Math.max(0, Math.ceil((to - from) / step))
  if (!(count <= MOST_NUMBERS)) throw new Error(`range of more than ${MOST_NUMBERS} numbers`)
  return Array.from({ length: count }, (_, index) => from + index * step)
}

type Evaluate = Interpreter['evaluate']
type Statement = Parameters<Evaluate>[0]

class BoundedInterpreter extends Interpreter {
  #steps = 0
  /** The expressions that loops go through. */
  readonly #looped = new WeakSet<NonNullable<Statement>>()

  override evaluate(...[statement, environment]: Parameters<Evaluate>): ReturnType<Evaluate> {
    this.#count(1)
    const iterable = iterableOf(statement)
    if (iterable) this.#looped.add(iterable)
    const result = super.evaluate(statement, environment)
    const size = sizeOf(result.value)
    if (typeof result.value !== 'string') this.#count(size / ELEMENTS_PER_STEP)
    else if (size > MOST_CHARACTERS) throw new Error(`a text of more than ${MOST_CHARACTERS} characters`)
    else this.#count(size / CHARACTERS_PER_STEP)
    if (statement && this.#looped.has(statement)) this.#count(size * STEPS_PER_ROUND)
    return result
  }

  #count(steps: number): void {
    this.#steps += steps
    if (this.#steps > MOST_STEPS) throw new Error(`more than ${MOST_STEPS} steps`)
  }
}

/** What a `for` goes through; undefined for other statements. */
function iterableOf(statement: Statement): Statement {
  const loop = statement as (Statement & { iterable?: Statement & { lhs?: Statement } }) | undefined
  if (loop?.type !== 'For') return undefined
  return loop.iterable?.type === 'SelectExpression' ? loop.iterable.lhs : loop.iterable
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length
  return value instanceof Map ? value.size : 0
}

function longestBlank(text: string): number {
  let longest = 0
  let since = 0
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && text.charAt(at).trim() === '') continue
    longest = Math.max(longest, at - since)
    since = at + 1
  }
  return longest
}

export const renderJinja: RenderJinja = (template, variables) => {
  if (template.length > MOST_TEMPLATE_CHARACTERS || longestBlank(template) > LONGEST_BLANK)
    return {
      kind: 'failed',
      reason: `more than ${MOST_TEMPLATE_CHARACTERS} characters, or ${LONGEST_BLANK} blanks in a row`,
    }
  const environment = new Environment()
  const globals = {
    ...{ true: true, false: false, none: null, True: true, False: false, None: null },
    ...{ range, raise_exception: refuse },
    ...variables,
  }
  try {
    for (const [name, value] of Object.entries(globals)) environment.set(name, value)
    // As transformers sets Jinja up.
    const program = parse(tokenize(template, { lstrip_blocks: true, trim_blocks: true }))
    return { kind: 'written', prompt: new BoundedInterpreter(environment).run(program).toString() }
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', reason: error.message }
    return { kind: 'failed', reason: String(error) }
  }
}
