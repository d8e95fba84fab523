/** Prompt reuse on the CPU for real: every reused result beside a cold one of the same request. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MOST_REQUESTS } from '#app/compare-held'
import type { EngineResult, Generation, LetterScores } from '#core/engine'
import { failure } from '#core/result'
import type { ChatMessage } from '#core/prompt/question'
import { endless, greedy, ignore, load, longText, never, newEngine, question } from './engine-fixture'

const { engine, workers } = newEngine()
const LETTERS = ['A', 'B', 'C', 'D']

beforeAll(async () => {
  valueOf(await load(engine))
})
afterAll(() => workers.forEach((worker) => worker.terminate()))

function valueOf<Value>(result: EngineResult<Value>): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

function asking(drug: string): ChatMessage[] {
  const content = `In the fictional Somnus formulary, which organ clears ${drug}?\nA. muscle\nB. plasma\nC. kidney\nD. lung`
  return [{ role: 'user', content }]
}

async function letters(messages: readonly ChatMessage[], reusePrompt: boolean): Promise<LetterScores> {
  return valueOf(await engine.scoreLetters({ messages, letters: LETTERS, reusePrompt }, never))
}

async function reply(messages: readonly ChatMessage[], reusePrompt: boolean): Promise<Generation> {
  return valueOf(await engine.generate({ ...greedy, messages, reusePrompt }, ignore, never))
}

const DRUGS = ['ruvam', 'zimbrol', 'organ', 'lung', 'ruvam', 'plasma']

test('letters are those of a cold pass to the last bit, and the first reuse is checked by one', async () => {
  const cold = []
  for (const drug of DRUGS) cold.push(await letters(asking(drug), false))
  expect(cold[0]?.reading).toEqual({ path: 'cold', tokensFed: cold[0]?.promptTokens, tokensReused: 0 })
  // Another prompt in between: llama.cpp also goes back to prompts from before the last one.
  await reply(longText, false)
  const reused = []
  for (const drug of DRUGS) reused.push(await letters(asking(drug), true))
  expect(reused.map(({ probabilities }) => probabilities)).toEqual(
    cold.map(({ probabilities }) => probabilities),
  )
  expect(reused.map(({ promptTokens }) => promptTokens)).toEqual(cold.map(({ promptTokens }) => promptTokens))
  const [checked, ...rest] = reused.map(({ reading, promptTokens }) => ({ ...reading, promptTokens }))
  expect(checked?.path).toBe('reused')
  expect(checked?.tokensFed).toBeGreaterThan(checked?.promptTokens ?? Infinity)
  for (const { path, tokensFed = 0, tokensReused = 0, promptTokens } of rest) {
    expect(path).toBe('reused')
    expect(tokensFed + tokensReused).toBe(promptTokens)
    expect(tokensReused).toBeGreaterThan(promptTokens / 3)
  }
})

test('replies, their continuations and a next turn are those of a cold prompt', async () => {
  const cold = await reply(question, false)
  await reply(longText, false)
  const begun = await reply(question, true)
  const again = await reply(question, true)
  expect([begun.text, again.text]).toEqual([cold.text, cold.text])
  expect(again.promptTokens).toBe(cold.promptTokens)
  const kept = { path: 'reused', tokensReused: cold.promptTokens - 1 }
  expect(again.reading).toEqual({ ...kept, tokensFed: 1, awaitsComparison: true })
  const asked = { ...greedy, messages: question, reusePrompt: true, compareReuse: true }
  const compared = valueOf(await engine.generate(asked, ignore, never))
  expect(compared.text).toBe(cold.text)
  expect(compared.reading).toMatchObject({ ...kept, compared: true })
  const scored = valueOf(await engine.scoreLetters({ ...asked, letters: LETTERS }, never))
  expect(scored.reading).toMatchObject({ ...kept, compared: true })

  const [start] = cold.text.split(' ')
  const goOn = { ...greedy, replyStart: start ?? '' }
  const rest = valueOf(await engine.generate({ ...goOn, reusePrompt: true }, ignore, never))
  expect(rest.text).toBe(valueOf(await engine.generate(goOn, ignore, never)).text)
  expect(rest.reading?.path).toBe('reused')

  const next: ChatMessage[] = [...question, { role: 'assistant', content: cold.text }, ...asking('zimbrol')]
  await reply(question, true)
  const turn = await reply(next, true)
  expect(turn.reading?.tokensReused).toBeGreaterThanOrEqual(cold.promptTokens)
  expect(turn.text).toBe((await reply(next, false)).text)
})

test('after aborts, prompts that do not fit and another model, results are still those of a cold pass', async () => {
  const cold = await letters(question, false)
  const isSame = async () => {
    const { probabilities, reading } = await letters(question, true)
    expect(probabilities).toEqual(cold.probabilities)
    return reading
  }
  // In the middle of reading, and in the middle of a reply; chance may end one before it can be stopped.
  const unread = longText.map((message) => ({ ...message, content: `Lung. ${message.content}` }))
  const stopIn = async (messages: readonly ChatMessage[], seed: number): Promise<boolean> => {
    const stop = new AbortController()
    if (messages === unread) setTimeout(() => stop.abort(), 30)
    const request = { ...endless, messages, seed, reusePrompt: true }
    const stopped = await engine.generate(request, () => stop.abort(), stop.signal)
    return !stopped.ok || stopped.value.finish === 'abort'
  }
  for (const messages of [unread, question]) {
    let seed = 1
    while (!(await stopIn(messages, seed))) seed += 1
    const reading = await isSame()
    // The request was cut off, so what is reused after it is checked.
    expect(reading?.path).toBe('reused')
    expect(reading?.tokensFed).toBeGreaterThan(cold.promptTokens)
    expect((await isSame())?.tokensFed).toBe(1)
  }
  const tooLong = longText.map((message) => ({ ...message, content: message.content.repeat(3) }))
  expect(
    await engine.scoreLetters({ messages: tooLong, letters: LETTERS, reusePrompt: true }, never),
  ).toMatchObject(failure({ kind: 'context-exceeded' }))
  await isSame()
  valueOf(await load(engine))
  expect(await isSame()).toMatchObject({ path: 'cold', reason: 'nothing-in-common' })
})

test.each([
  ['two prompts in turns', ['ruvam', 'zimbrol']],
  ['one prompt', ['ruvam']],
])(
  'a comparison that is asked for comes within four readings of a cache of something else: %s',
  async (_, drugs) => {
    for (const kind of ['letters', 'reply'] as const) {
      await reply(longText, false)
      const compared: boolean[] = []
      for (let at = 0; at < MOST_REQUESTS && !compared.includes(true); at += 1) {
        const asked = {
          ...greedy,
          messages: asking(drugs[at % drugs.length]!),
          reusePrompt: true,
          compareReuse: true,
        }
        const { reading } =
          kind === 'letters'
            ? valueOf(await engine.scoreLetters({ ...asked, letters: LETTERS }, never))
            : valueOf(await engine.generate({ ...asked, maxTokens: 1 }, ignore, never))
        compared.push(reading?.compared === true)
      }
      expect(compared.at(-1)).toBe(true)
    }
  },
)
