/** Held answers of a run that draws several replies to each question. */
import { describe, expect, it } from 'vitest'
import type { EngineResult, Generation } from '#core/engine'
import type { PromptReading } from '#core/numerics/types'
import { success } from '#core/result'
import { SampleCollector } from '#core/run/samples'
import type { RunPlan } from '#core/run/types'
import { makePlan } from './fixtures'
import { ScriptedLoop } from './scripted-loop'

const COLD: PromptReading = { path: 'cold', tokensFed: 9, tokensReused: 0 }
const WAITING: PromptReading = { path: 'reused', tokensFed: 2, tokensReused: 7, awaitsComparison: true }

const plan: RunPlan = {
  ...makePlan(1),
  decoding: { temperature: 1, topP: 0.95, maxTokens: 64, seed: 5 },
  strategy: { kind: 'self-consistency', samples: 4, stopsEarly: false },
  reusePrompt: true,
}

function reply(text: string, reading: PromptReading): EngineResult<Generation> {
  const times = { timeToFirstTokenMs: 10, decodeMs: 20 }
  return success({ text, finish: 'stop', promptTokens: 9, completionTokens: 3, ...times, reading })
}

describe('a run with a strategy that reuses prompts', () => {
  it('holds an answer of which one reply waits, until the run compares', async () => {
    const loop = new ScriptedLoop()
    loop.replies = [reply('B', COLD), reply('A', WAITING), reply('B', COLD), reply('B', COLD)]
    loop.replies.push(reply('B', { ...COLD, tokensFed: 18, compared: true }))
    const run = await loop.answer(plan)
    expect(loop.generated.at(-1)).toMatchObject({ maxTokens: 1, reusePrompt: true, compareReuse: true })
    expect(loop.log.kinds.slice(-3)).toEqual(['answered', 'released', 'finished'])
    expect(loop.log.events.at(-3)).toMatchObject({ isHeld: true })
    expect(run).toMatchObject({ answered: 1, saved: 0 })
  })

  it('draws all replies to a question again where a check failed between them', async () => {
    const loop = new ScriptedLoop()
    loop.replies = [reply('B', COLD), reply('A', WAITING), reply('A', { ...COLD, reason: 'check-failed' })]
    loop.replies.push(reply('A', COLD))
    await loop.answer(plan)
    const drawn = ['sampled', 'sampled', 'sampled', 'sampled']
    expect(loop.log.kinds.slice(2)).toEqual([
      ...[...drawn, 'paused', 'started'],
      ...[...drawn, 'answered', 'finished'],
    ])
    const collector = new SampleCollector()
    for (const event of loop.log.events) collector.add(event)
    const kept = collector.samples.get(0)?.samples.map(({ index, reply: text }) => `${index} ${text}`)
    expect(kept).toEqual(['0 B', '1 B', '2 B', '3 B'])
  })
})
