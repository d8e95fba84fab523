/** What is read anew, and what is reused, in conversations, samples, long prompts and growing prefixes. */
import { describe, expect, it } from 'vitest'
import type { PromptReading } from '#core/numerics/types'
import type { ChatMessage } from '#core/prompt/question'
import { openToy, ownMethods, SOUND, TOLERANCE, type ToyModel, type ToyOptions } from './model'
import { generate, letters, reward, sampledDifference } from './requests'

const user = (content: string): ChatMessage => ({ role: 'user', content })
const FIRST = [user('what is a safe dose of lidocaine?')]

describe.each(['0.2.79', '0.2.86'] as const)('in WebLLM %s', (release) => {
  const open = (options: Partial<ToyOptions> = {}) => {
    const toy = openToy({ release, ...options })
    toy.prompts.follow(SOUND, TOLERANCE)
    return toy
  }

  /** The text and the reading of a reply; `plain` is asked the same, cold. */
  async function reply(toy: ToyModel, messages: readonly ChatMessage[]) {
    const plain = openToy({ release, chunkTokens: toy.runtime.chunkTokens })
    toy.runtime.sampled.length = 0
    const answer = await generate(toy, messages)
    const expected = await generate(plain, messages, { reusePrompt: false })
    if (!answer.ok || !expected.ok) throw new Error('There was no reply.')
    expect(answer.value.text).toBe(expected.value.text)
    expect(sampledDifference(toy, plain)).toBeLessThan(5e-5)
    expect(toy.prompts.held).toEqual(toy.runtime.tokens)
    return { text: answer.value.text, reading: answer.value.reading! }
  }

  /** With the one token before it that WebLLM does not count. */
  const lengthOf = (reading: PromptReading) => reading.tokensFed + reading.tokensReused

  it('goes on from the end of the turn before', async () => {
    const toy = open()
    const conversation = [...FIRST]
    const readings: PromptReading[] = []
    for (const next of ['and at night?', 'why?', 'and for children?', 'how often?']) {
      const { text, reading } = await reply(toy, conversation)
      readings.push(reading)
      conversation.push({ role: 'assistant', content: text }, user(next))
    }
    const [first, second, third, fourth] = readings as [
      PromptReading,
      PromptReading,
      PromptReading,
      PromptReading,
    ]
    expect(first).toMatchObject({ path: 'cold', reason: 'nothing-in-common' })
    // The first time that a prompt goes on from another it is read cold as well.
    expect(second.path).toBe('cold')
    expect(second.reason).toBeUndefined()
    expect(third.path).toBe('reused')
    expect(fourth.path).toBe('reused')
    // All of the turn before but its last token, which is fed once more.
    expect(fourth.tokensReused).toBe(lengthOf(third) - 1)
  })

  it('feeds one token for another reply to the same prompt', async () => {
    const toy = open()
    const readings = []
    for (let sample = 0; sample < 3; sample += 1) readings.push((await reply(toy, FIRST)).reading)
    const length = readings[0]!.tokensFed
    const again = { path: 'reused', tokensFed: 1, tokensReused: length - 1 }
    expect(readings.slice(1)).toEqual([again, again])
  })

  it('finds the turn that an edit and a branch go back to', async () => {
    const toy = open()
    const { text } = await reply(toy, FIRST)
    const branch = (content: string): ChatMessage[] => [
      ...FIRST,
      { role: 'assistant', content: text },
      user(content),
    ]
    await reply(toy, branch('a'))
    expect((await reply(toy, branch('b'))).reading.path).toBe('reused')
    expect((await reply(toy, FIRST)).reading).toMatchObject({ path: 'reused', tokensFed: 1 })
    expect((await reply(toy, branch('a'))).reading.path).toBe('reused')
  })

  it('does not go on from what another conversation left behind', async () => {
    const toy = open()
    await reply(toy, FIRST)
    expect((await reply(toy, [user('xyz')])).reading).toMatchObject({ reason: 'nothing-in-common' })
    expect((await reply(toy, FIRST)).reading).toMatchObject({ path: 'cold', reason: 'nothing-in-common' })
  })

  it('goes on from a reply that was broken off', async () => {
    const toy = open()
    await reply(toy, FIRST)
    expect(await generate(toy, FIRST, { maxTokens: 20, aborts: true })).toMatchObject({
      value: { finish: 'abort' },
    })
    expect(toy.prompts.held).toEqual(toy.runtime.tokens)
    expect((await reply(toy, FIRST)).reading).toMatchObject({ path: 'reused', tokensFed: 1 })
  })

  it('reads prompts of several chunks, new and reused', async () => {
    const toy = open({ chunkTokens: 16 })
    const long = (end: string) => [user(`${'abcdefghij'.repeat(7)}${end}`)]
    const readings = []
    for (const end of ['x', 'yy', 'zzz', 'wwww', 'wwww']) readings.push((await reply(toy, long(end))).reading)
    expect(readings.map(({ path }) => path)).toEqual(['cold', 'cold', 'cold', 'reused', 'reused'])
    expect(readings[3]!.tokensReused).toBeGreaterThan(70)
  })

  it('reads on for the growing prefixes of a reply that is scored step by step', async () => {
    const rows = [1, 2].map((token) => ({ bias: 0, rows: [{ token, factor: 1 }] }))
    const config = { somnus: { rewardHead: { version: 1, classes: rows } } }
    const toy = open({ config })
    const plain = openToy({ release, config })
    const prefixes = ['step one. ', 'step one. step two. ', 'step one. step two. so it is B.']
    const scores = await reward(toy, FIRST, prefixes)
    const expected = await reward(plain, FIRST, prefixes)
    if (!scores.ok || !expected.ok) throw new Error('There were no scores.')
    scores.value.probabilities.forEach((probability, at) =>
      expect(probability).toBeCloseTo(expected.value.probabilities[at]!, 4),
    )
    expect(scores.value.promptTokens).toBe(expected.value.promptTokens)
    expect(scores.value.reading).toMatchObject({ path: 'reused', tokensFed: toy.runtime.fed })
    expect(expected.value.reading).toMatchObject({ path: 'cold', reason: 'not-tested' })
    // Of the third prefix only what it adds, and the token before.
    expect(toy.runtime.fed).toBeLessThan(
      plain.runtime.fed + 2 * prefixes[0]!.length + FIRST[0]!.content.length,
    )
    await reward(toy, FIRST, prefixes)
    expect(toy.prompts.held).toEqual(toy.runtime.tokens)
  })

  it('feeds long prompts token by token where only that is right', async () => {
    const toy = openToy({ release, chunkTokens: 16 })
    const plain = openToy({ release, chunkTokens: 64 })
    toy.prompts.follow({ sound: false, appendsSound: false, stepsSound: true }, TOLERANCE)
    toy.runtime.toy.fault = 'racing-append'
    const answer = await generate(toy, FIRST)
    const expected = await generate(plain, FIRST)
    if (!answer.ok || !expected.ok) throw new Error('There was no reply.')
    expect(answer.value.text).toBe(expected.value.text)
    expect(sampledDifference(toy, plain)).toBeLessThan(5e-5)
    const { tokensFed } = answer.value.reading!
    expect(answer.value.reading).toEqual({
      path: 'stepwise',
      tokensFed,
      tokensReused: 0,
      reason: 'self-test-failed',
    })
    expect(toy.runtime.passes).toBe(1 + (tokensFed - 16) + 2)
    expect(await letters(toy, [user('ok?')], false)).toMatchObject({ value: { reading: { path: 'cold' } } })
    // A doubt there ends the request: WebLLM as it is would append chunks.
    toy.runtime.onForward = () => toy.runtime.tokens.push(0)
    expect(await generate(toy, FIRST)).toMatchObject({ ok: false })
    toy.runtime.onForward = () => undefined
    expect(await generate(toy, FIRST)).toMatchObject({ value: { reading: { path: 'stepwise' } } })
  })

  it('ends the reading of a long prompt token by token at the next step, and lets each step’s logits go', async () => {
    const toy = openToy({ release, chunkTokens: 16 })
    toy.prompts.follow({ sound: false, appendsSound: false, stepsSound: true }, TOLERANCE)
    const expected = await letters(toy, FIRST)
    const { runtime } = toy
    const asks = [
      (end: AbortController) => letters(toy, FIRST, true, end.signal),
      (end: AbortController) => generate(toy, FIRST, { end }),
    ]
    for (const ask of asks) {
      const end = new AbortController()
      const before = runtime.passes
      let attached = 0
      runtime.onForward = () => {
        attached = Math.max(attached, runtime.attached)
        if (runtime.passes === before + 9) end.abort()
      }
      expect(await ask(end)).toEqual({ ok: false, failure: { kind: 'aborted' } })
      expect(runtime.passes).toBe(before + 10)
      expect(attached).toBeLessThan(16)
      // 0.2.79 leaves the scope of a prompt that threw open, with that prompt's values.
      if (release !== '0.2.79') expect(runtime.openScopes).toBe(0)
      expect(ownMethods(toy)).toEqual([])
      runtime.onForward = () => undefined
      expect(await letters(toy, FIRST)).toMatchObject({
        value: { probabilities: expected.ok && expected.value.probabilities, reading: { path: 'stepwise' } },
      })
    }
  })

  it('touches nothing for requests that do not ask for it', async () => {
    const toy = open()
    await letters(toy, FIRST)
    for (const ask of [letters, (model: ToyModel) => generate(model, FIRST, { reusePrompt: false })]) {
      const answer = await ask(toy, FIRST, false)
      expect(ownMethods(toy)).toEqual([])
      expect(answer).toMatchObject({ value: { reading: { path: 'cold', tokensReused: 0 } } })
      expect(answer.ok && answer.value.reading).not.toHaveProperty('reason')
    }
    // What the plain request left in the cache is not relied on.
    expect(await letters(toy, FIRST)).toMatchObject({ value: { reading: { reason: 'nothing-in-common' } } })
  })
})
