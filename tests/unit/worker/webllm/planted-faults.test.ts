/** Each fault is caught before an answer is given, and the answer is that of WebLLM as it is. */
import { describe, expect, it } from 'vitest'
import type { ChatMessage } from '#core/prompt/question'
import { openToy, ownMethods, SOUND, TOLERANCE, type ToyModel } from './model'
import { generate, letters, sampledDifference } from './requests'

const INSTRUCTIONS: ChatMessage = { role: 'system', content: 'answer with one letter only, please' }
const WORDS = ['ether', 'xenon', 'halothane', 'propofol', 'ketamine', 'lidocaine']
/** By then the beginning has been read in two pieces, read on from, and compared with a cold pass. */
const WARM = 4

const question = (at: number): ChatMessage[] => [
  INSTRUCTIONS,
  { role: 'user', content: `${String.fromCharCode(97 + (at % 26))}${WORDS[at % WORDS.length]!}?` },
]

/** Releases of WebLLM, with the runtime's own count of tokens and without. */
const STANDS = (['0.2.79', '0.2.86'] as const).flatMap((release) => [
  { release, counts: true, lacks: [] as string[] },
  { release, counts: false, lacks: ['attention_kv_cache_get_total_sequence_length'] },
])

type Plant = (toy: ToyModel) => void

/** Feeds the idle cache with other tokens, as if a foreign sequence lay there. */
function putInCache({ runtime, inner }: ToyModel, tokens: readonly number[]): void {
  if (!inner.ok) throw new Error('The structure is unknown.')
  runtime.toy.reset()
  runtime.toy.append(tokens)
  runtime.tokens = [...tokens]
}

const FAULTS: Record<string, Plant> = {
  'a pop that takes one too few': ({ runtime }) => (runtime.popCount = (count) => count - 1),
  'a pop that takes one too many': ({ runtime }) => (runtime.popCount = (count) => count + 1),
  'a pop that does nothing': ({ runtime }) => (runtime.popCount = () => 0),
  'a pop that leaves the positions behind': ({ runtime }) => (runtime.toy.fault = 'stale-length'),
  'a pop that swaps sequences': ({ runtime }) => (runtime.toy.fault = 'swapped-sequence'),
  'a pop that throws': ({ runtime }) => (runtime.toy.fault = 'pop-throws'),
  'the cache of another prompt of the same length': (toy) =>
    putInCache(
      toy,
      toy.runtime.tokens.map((token) => (token + 7) % 128),
    ),
  'one changed entry of the cache': (toy) =>
    putInCache(
      toy,
      toy.runtime.tokens.map((token, at) => (at === 5 ? token + 1 : token)),
    ),
  'two entries of the cache the wrong way round': (toy) => {
    const [first, second, ...rest] = toy.runtime.tokens
    putInCache(toy, [second!, first!, ...rest])
  },
  'a cache that was emptied': (toy) => putInCache(toy, [3]),
  'logits that are no numbers': ({ runtime }) => (runtime.toy.fault = 'nan-after-append'),
  'a forward pass that throws once': ({ runtime }) => {
    runtime.onForward = () => {
      runtime.onForward = () => undefined
      throw new Error('Planted: the pass failed.')
    }
  },
}

/** What cannot be wrong with a plain cold pass is put right before it is asked for. */
function mend({ runtime }: ToyModel): void {
  runtime.toy.fault = null
}

describe.each(STANDS)(
  'WebLLM $release (the runtime counts its tokens: $counts)',
  ({ release, lacks, counts }) => {
    // A prompt is one chunk: WebLLM as it is appends nothing then, and is right under every fault below.
    const open = () => {
      const toy = openToy({ release, lacks, chunkTokens: 64 })
      toy.prompts.follow(SOUND, TOLERANCE)
      return toy
    }

    async function warmed(requests = WARM): Promise<ToyModel> {
      const toy = open()
      for (let at = 0; at < requests; at += 1) await letters(toy, question(at))
      toy.runtime.sampled.length = 0
      return toy
    }

    async function expectCaught(toy: ToyModel, at: number): Promise<void> {
      const plain = openToy({ release, chunkTokens: 64 })
      const answer = await letters(toy, question(at))
      const expected = await letters(plain, question(at), false)
      if (!answer.ok || !expected.ok) throw new Error('There was no answer.')
      expect(answer.value.reading).toMatchObject({ path: 'cold', tokensReused: 0, reason: 'check-failed' })
      expect(answer.value.reading!.tokensFed).toBeGreaterThanOrEqual(answer.value.promptTokens)
      expect(answer.value.probabilities).toEqual(expected.value.probabilities)
      expect(sampledDifference(toy, plain)).toBe(0)
      expect(ownMethods(toy)).toEqual([])
    }

    it('reuses the beginning once it was compared', async () => {
      const toy = open()
      const readings = []
      for (let at = 0; at < 5; at += 1) {
        const answer = await letters(toy, question(at))
        readings.push(answer.ok && answer.value.reading)
      }
      expect(readings).toMatchObject([
        { path: 'cold', reason: 'nothing-in-common' },
        { path: 'cold', awaitsComparison: true },
        { path: 'cold', compared: true },
        { path: 'reused', awaitsComparison: true },
        { path: 'reused', awaitsComparison: true },
      ])
    })

    it.each(Object.entries(FAULTS))('catches %s', async (_, plant) => {
      const toy = await warmed()
      plant(toy)
      const nan = toy.runtime.toy.fault === 'nan-after-append'
      if (nan) toy.runtime.onForward = () => void (toy.runtime.tokens.length === 0 && mend(toy))
      await expectCaught(toy, WARM)
      const later = await letters(toy, question(WARM + 1))
      expect(later).toMatchObject({ value: { reading: { path: 'cold', reason: 'check-failed' } } })
    })

    it.each(['a pop that takes one too many', 'the cache of another prompt of the same length'])(
      'catches %s that appears after the 30th request',
      async (name) => {
        const toy = await warmed(31)
        FAULTS[name]!(toy)
        await expectCaught(toy, 31)
      },
    )

    it.runIf(counts)('catches a length that no logit shows', async () => {
      const toy = await warmed()
      toy.runtime.tokens.push(0)
      await expectCaught(toy, WARM)
    })

    it('gives a reply up whose check fails after its prompt, and asked again replies as WebLLM as it is', async () => {
      const toy = open()
      const ask = (model: ToyModel, onText = () => undefined as unknown) =>
        generate(model, question(0), { maxTokens: 6, onText: () => void onText() })
      await ask(toy)
      let texts = 0
      const given = await ask(toy, () => {
        texts += 1
        if (texts === 1 && toy.inner.ok) toy.inner.value.inner.filledKVCacheLength -= 1
      })
      expect(texts).toBeGreaterThan(0)
      expect(given).toMatchObject({ ok: false, failure: { kind: 'reuse-check-failed' } })
      const again = await ask(toy)
      const expected = await ask(openToy({ release, chunkTokens: 64 }))
      if (!again.ok || !expected.ok) throw new Error('There was no reply.')
      expect(again.value.text).toBe(expected.value.text)
      expect(again.value.reading).toMatchObject({ path: 'cold', reason: 'check-failed' })
    })

    it('stays off until the model is loaded again, whatever a self-test says', async () => {
      const toy = await warmed()
      FAULTS['a pop that does nothing']!(toy)
      await letters(toy, question(WARM))
      toy.prompts.follow(SOUND, TOLERANCE)
      expect(await letters(toy, question(WARM))).toMatchObject({
        value: { reading: { reason: 'check-failed' } },
      })
      // That nothing is reused is no reason to append chunks where a self-test found that wrong.
      toy.prompts.follow({ sound: false, appendsSound: false, stepsSound: true }, TOLERANCE)
      expect(await letters(toy, question(WARM))).toMatchObject({
        value: { reading: { reason: 'self-test-failed' } },
      })
    })

    it('catches appending that fails since the self-test, when a new beginning is first read on from', async () => {
      const toy = open()
      for (let at = 0; at < 2; at += 1) await letters(toy, question(at))
      toy.runtime.sampled.length = 0
      toy.runtime.toy.fault = 'racing-append'
      await expectCaught(toy, 2)
    })

    it('catches appending that fails since the self-test, when a prompt that was read in two parts comes again', async () => {
      const toy = open()
      const plain = openToy({ release, chunkTokens: 64 })
      await letters(toy, question(0))
      // The last token's own logits fit what is in the cache; only a cold pass shows that this is wrong.
      toy.runtime.onForward = (tokens) => {
        if (toy.runtime.tokens.length > 0 && tokens.length > 1) (tokens as number[])[0]! += 1
      }
      const first = await generate(toy, question(1))
      expect(first).toMatchObject({ value: { reading: { path: 'cold', tokensReused: 0 } } })
      const again = await generate(toy, question(1))
      const expected = await generate(plain, question(1))
      if (!again.ok || !expected.ok) throw new Error('There was no reply.')
      expect(again.value.reading).toMatchObject({ path: 'cold', reason: 'check-failed' })
      expect(again.value.text).toBe(expected.value.text)
    })

    it('catches appending that fails later, when the 64th reading on is compared', async () => {
      const toy = await warmed()
      toy.runtime.toy.fault = 'racing-append'
      const failedAt = []
      for (let at = WARM; at < WARM + 64 && failedAt.length === 0; at += 1) {
        const answer = await letters(toy, question(at))
        if (answer.ok && answer.value.reading?.reason === 'check-failed') failedAt.push(at)
      }
      expect(failedAt).toEqual([WARM + 62])
    })

    it('shows nothing of a reply before its prompt was checked', async () => {
      const toy = open()
      const plain = openToy({ release, chunkTokens: 64 })
      const ask = (model: ToyModel) =>
        generate(model, question(0), { maxTokens: 6, reusePrompt: model === toy })
      await ask(toy)
      await ask(toy)
      toy.runtime.sampled.length = 0
      toy.runtime.popCount = () => 0
      const answer = await ask(toy)
      const expected = await ask(plain)
      if (!answer.ok || !expected.ok) throw new Error('There was no answer.')
      expect(answer.value).toMatchObject({
        text: expected.value.text,
        completionTokens: expected.value.completionTokens,
        reading: { reason: 'check-failed' },
      })
      expect(sampledDifference(toy, plain)).toBe(0)
    })

    it('ends a reply during which the count of tokens changes, and goes on without reuse', async () => {
      const toy = await warmed()
      const instance = toy.instance as { filledKVCacheLength: number }
      const onText = () => (instance.filledKVCacheLength += 1)
      expect(await generate(toy, question(WARM), { maxTokens: 9, onText })).toMatchObject({ ok: false })
      toy.runtime.sampled.length = 0
      await expectCaught(toy, WARM)
    })

    it('reads cold after a reply whose forward pass failed', async () => {
      const toy = await warmed()
      const onText = () => {
        toy.runtime.onForward = () => {
          throw new Error('Planted: the pass failed.')
        }
      }
      expect(await generate(toy, question(WARM), { maxTokens: 9, onText })).toMatchObject({ ok: false })
      toy.runtime.onForward = () => undefined
      expect(await letters(toy, question(WARM))).toMatchObject({
        value: { reading: { path: 'cold', reason: 'nothing-in-common' } },
      })
      expect(await letters(toy, question(WARM + 1))).toMatchObject({ value: { reading: { path: 'reused' } } })
    })
  },
)
