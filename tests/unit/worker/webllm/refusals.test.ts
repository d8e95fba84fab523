/** Pipelines that are left alone: they answer as ever, and say why nothing is reused. */
import { describe, expect, it } from 'vitest'
import { openToy, ownMethods, SOUND, TOLERANCE, type ToyModel, type ToyOptions } from './model'
import { generate, letters } from './requests'
import { PromptPaths } from '../../../../src/worker/prefix-cache/prompt-paths'
import { KnownPipeline } from '../../../../src/worker/webllm-inner'

const QUESTION = [{ role: 'user', content: 'which of these is a local anaesthetic?' }] as const
const SLIDING = { context_window_size: -1, sliding_window_size: 128, attention_sink_size: 0 }

interface Refusal {
  name: string
  reason: string
  options: ToyOptions
  /** Done to the pipeline before it is looked at. */
  change?: (instance: Record<string, unknown>) => void
  verdict?: typeof SOUND
}

const both = (refusal: Omit<Refusal, 'options'> & { options?: Partial<ToyOptions> }): Refusal[] =>
  (['0.2.79', '0.2.86'] as const).map((release) => ({
    ...refusal,
    name: `${refusal.name} (${release})`,
    options: { release, ...refusal.options },
  }))

const REFUSALS: Refusal[] = [
  ...both({ name: 'a sliding window', reason: 'sliding-window', options: { config: SLIDING } }),
  {
    name: 'a recurrent model (0.2.86)',
    reason: 'recurrent-model',
    options: { release: '0.2.86', metadata: { kv_state_kind: 'hybrid' } },
  },
  ...both({
    name: 'a runtime that cannot take tokens off',
    reason: 'structure-unknown',
    options: { lacks: ['kv_state_popn'] },
  }),
  {
    name: 'a model package with a manifest (0.2.86)',
    reason: 'structure-unknown',
    options: { release: '0.2.86' },
    change: (instance) => (instance['artifact'] = {}),
  },
  ...both({
    name: 'a model that sees',
    reason: 'structure-unknown',
    change: (instance) => (instance['image_embed'] = () => undefined),
  }),
  ...both({
    name: 'a cache under another name',
    reason: 'structure-unknown',
    change: (instance) => {
      instance['caches'] = instance['kvCache']
      delete instance['kvCache']
    },
  }),
  ...both({
    name: 'a failed self-test',
    reason: 'self-test-failed',
    verdict: { sound: false, appendsSound: true, stepsSound: true },
  }),
]

function open({ options, change, verdict = SOUND }: Refusal): ToyModel {
  const toy = openToy(options)
  if (change) {
    const prototype = Object.getPrototypeOf(toy.instance) as object
    const probed: Record<string, unknown> = Object.assign(
      Object.create(prototype) as Record<string, unknown>,
      toy.instance,
    )
    change(probed)
    toy.inner = KnownPipeline.of(probed)
    toy.prompts = new PromptPaths(toy.inner)
  }
  toy.prompts.follow(verdict, TOLERANCE)
  return toy
}

describe('what is not known well enough', () => {
  it.each(REFUSALS)('is left alone: $name', async (refusal) => {
    const toy = open(refusal)
    const plain = openToy(refusal.options)
    for (let time = 0; time < 3; time += 1) {
      const answer = await letters(toy, QUESTION)
      const expected = await letters(plain, QUESTION, false)
      if (!answer.ok || !expected.ok) throw new Error(JSON.stringify(answer))
      expect(answer.value.probabilities).toEqual(expected.value.probabilities)
      const { promptTokens } = answer.value
      const { reason } = refusal
      expect(answer.value.reading).toEqual({ path: 'cold', tokensFed: promptTokens, tokensReused: 0, reason })
      expect(ownMethods(toy)).toEqual([])
    }
    expect(toy.runtime.fed).toBe(plain.runtime.fed)
    expect(await generate(toy, QUESTION, { reusePrompt: false })).toMatchObject({
      value: { reading: { path: 'cold', tokensReused: 0 } },
    })
  })

  it.each(['0.2.79', '0.2.86'] as const)('is what nobody tested yet (%s)', async (release) => {
    const toy = openToy({ release })
    expect(await letters(toy, QUESTION)).toMatchObject({ value: { reading: { reason: 'not-tested' } } })
    expect(ownMethods(toy)).toEqual([])
  })
})
