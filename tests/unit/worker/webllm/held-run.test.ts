/** A run over WebLLM whose appending goes wrong after a sound self-test: no answer that it touched counts. */
import { describe, expect, it } from 'vitest'
import { compareHeld, MOST_REQUESTS } from '#app/compare-held'
import { AnswerCollector } from '#core/run/answer-collector'
import type { PromptTemplate } from '#core/prompt/prompt-set'
import type { Answer, RunPlan } from '#core/run/types'
import { generateText } from '../../../../src/worker/webllm-generate'
import { scoreLetters } from '../../../../src/worker/webllm-score'
import { ENGINE, makePlan } from '../../run/fixtures'
import { ScriptedLoop } from '../../run/scripted-loop'
import { openToy, SOUND, TOLERANCE, type ToyModel } from './model'

/** More than lie between two comparisons. */
const QUESTIONS = 80
/** By then the beginning was compared, so that the next comparison is far. */
const FAULT_AT = 10

/** Short, since the toy's attention looks at every pair of characters. */
const WORDS: PromptTemplate = {
  system: { en: 'one letter only, please', zh: '' },
  user: { en: '{question}', zh: '' },
  example: { en: '', zh: '' },
}

const planOf = (protocol: RunPlan['protocol']): RunPlan => {
  const plan = makePlan(QUESTIONS)
  const prompts = { ...plan.prompts, templates: { 'letter-only': WORDS, 'chain-of-thought': WORDS } }
  return { ...plan, protocol, prompts, decoding: { ...plan.decoding, maxTokens: 2 }, reusePrompt: true }
}

const open = () => openToy({ release: '0.2.79', chunkTokens: 128 })

/** Answers the run on the toy; `onAsked` is told of each question before it is asked. */
async function answerOn(toy: ToyModel, plan: RunPlan, onAsked: (question: number) => void = () => undefined) {
  const loop = new ScriptedLoop()
  let asked = 0
  loop.ports.engine = {
    generate: (request, onEvent, signal) => {
      onAsked(asked++)
      return generateText(toy, toy.settle, request, onEvent, signal)
    },
    scoreLetters: (request, signal) => {
      onAsked(asked++)
      return scoreLetters(toy, toy.settle, request, signal)
    },
  }
  const run = await loop.answer(plan)
  const collector = new AnswerCollector()
  for (const event of loop.log.events) collector.add(event)
  return { loop, run, answers: collector.answers }
}

/** What the model said, without how it came to it. */
const said = ({ position, forward, reply }: Answer) => [position, forward?.probabilities, reply]

describe.each(['letters', 'generate'] as const)('a run of the protocol "%s"', (protocol) => {
  const plan = planOf(protocol)

  it('gives what a run without reuse gives, each answer once, though all but the first wait for a comparison', async () => {
    const toy = open()
    toy.prompts.follow(SOUND, TOLERANCE)
    const { loop, run, answers } = await answerOn(toy, plan)
    const cold = await answerOn(open(), plan)
    expect(run.state.kind).toBe('finished')
    expect(answers.map(({ position }) => position)).toEqual(cold.answers.map(({ position }) => position))
    for (const [index, answer] of answers.entries()) {
      const probabilities = cold.answers[index]!.forward?.probabilities ?? []
      const differences = (answer.forward?.probabilities ?? []).map((one, at) => one - probabilities[at]!)
      expect(Math.max(0, ...differences.map(Math.abs))).toBeLessThan(1e-3)
    }
    const held = loop.log.events.filter((event) => event.kind === 'answered' && event.isHeld)
    expect(held.length).toBeGreaterThan(QUESTIONS / 2)
    expect(loop.log.kinds.filter((kind) => kind === 'released').length).toBeGreaterThan(1)
  })

  it('asks again what a fault of appending alone touched, and gives exactly what a run without reuse gives', async () => {
    const toy = open()
    toy.prompts.follow(SOUND, TOLERANCE)
    const { loop, run, answers } = await answerOn(toy, plan, (question) => {
      if (question === FAULT_AT) toy.runtime.toy.fault = 'racing-append'
    })
    const cold = await answerOn(open(), plan)
    expect(run).toMatchObject({ state: { kind: 'finished' }, readsAnew: true })
    const touched = loop.log.events.flatMap((event) =>
      event.kind === 'answered' && event.answer.position >= FAULT_AT ? [event] : [],
    )
    expect(touched.filter(({ isHeld }) => isHeld).length).toBeGreaterThan(50)
    // What was stored meanwhile was wrong: else this test would show nothing.
    const wrong = touched.find(({ isHeld }) => isHeld)!.answer
    if (protocol === 'letters') expect(said(wrong)).not.toEqual(said(cold.answers[wrong.position]!))
    expect(answers.slice(FAULT_AT).map(said)).toEqual(cold.answers.slice(FAULT_AT).map(said))
    expect(answers).toHaveLength(QUESTIONS)
  })
})

describe.each(['letters', 'generate'] as const)('the comparison at the end of a run of "%s"', (protocol) => {
  const plan = planOf(protocol)
  const compare = (toy: ToyModel, answered: number, change: Partial<RunPlan> = {}) => {
    const { ports } = new ScriptedLoop()
    const asked: (boolean | undefined)[] = []
    const note = <Asked extends { compareReuse?: boolean }>(request: Asked) => {
      asked.push(request.compareReuse)
      return request
    }
    ports.engine = {
      generate: (request, onEvent, signal) => generateText(toy, toy.settle, note(request), onEvent, signal),
      scoreLetters: (request, signal) => scoreLetters(toy, toy.settle, note(request), signal),
    }
    const never = new AbortController().signal
    const agrees = compareHeld({ ...plan, ...change }, { answered }, ENGINE, ports, never)
    return agrees.then((result) => ({ agrees: result.ok && result.value, readings: asked.length }))
  }
  const sound = () => {
    const toy = open()
    toy.prompts.follow(SOUND, TOLERANCE)
    return toy
  }

  it('takes one reading where the engine holds the last prompt', async () => {
    const toy = sound()
    await answerOn(toy, plan)
    expect(await compare(toy, QUESTIONS)).toEqual({ agrees: true, readings: 1 })
  })

  it('takes three from an empty cache', async () => {
    expect(await compare(sound(), QUESTIONS)).toEqual({ agrees: true, readings: 3 })
  })

  it('needs no second question', async () => {
    const { agrees, readings } = await compare(sound(), 1)
    expect(agrees).toBe(true)
    expect(readings).toBeLessThanOrEqual(MOST_REQUESTS)
  })

  it('does not agree where the model may not reuse, or where appending is wrong', async () => {
    expect(await compare(open(), QUESTIONS)).toEqual({ agrees: false, readings: MOST_REQUESTS })
    const toy = sound()
    await answerOn(toy, plan)
    toy.runtime.toy.fault = 'racing-append'
    expect(await compare(toy, QUESTIONS)).toEqual({ agrees: false, readings: 1 })
  })
})
