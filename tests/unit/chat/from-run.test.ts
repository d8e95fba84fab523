import { expect, it } from 'vitest'
import { conversationFromAnswer } from '#core/chat/from-run'
import type { ConversationId } from '#core/chat/types'
import { promptMessages } from '#core/prompt/messages'
import { promptKinds } from '#core/run/plan'
import type { RunPlan } from '#core/run/types'
import { ENGINE, makeAnswer, makeItem, makePlan } from '../run/fixtures'

const PLAN = makePlan(3)
const TEMPLATE = PLAN.prompts.templates[promptKinds(PLAN.protocol)[0]!]
const PLACE = { id: 'talk' as ConversationId, at: 5000 }

it('begins with the exact messages that the model saw, and its stored reply', () => {
  const answer = makeAnswer(2, { reply: 'Because.\nThe answer is B.', finish: 'length' })
  const opened = conversationFromAnswer(PLAN, answer, ENGINE, PLACE)
  const sent = promptMessages(answer.item, TEMPLATE)
  expect(sent.map(({ role }) => role)).toEqual(['system', 'user'])
  expect(opened?.messages).toMatchObject([
    { id: 0, parent: null, role: 'user', text: sent[1]?.content },
    { id: 1, parent: 0, role: 'assistant', text: answer.reply, finish: 'length', engine: ENGINE, at: 12 },
  ])
  expect(opened?.conversation).toMatchObject({
    id: 'talk',
    title: 'Question 2?',
    leaf: 1,
    nextMessage: 2,
    settings: { preset: null, system: sent[0]?.content, ...PLAN.decoding },
    origin: { kind: 'run', runId: PLAN.id, position: 2, examples: [], reply: 1 },
  })
  // Every number of the reply is the run's.
  const { promptTokens, completionTokens, timeToFirstTokenMs, decodeMs } = answer
  expect(opened?.messages[1]).toMatchObject({ promptTokens, completionTokens, timeToFirstTokenMs, decodeMs })
  expect(opened?.messages[1]).toMatchObject({ modelName: 'Model', quantization: 'F32' })
})

it('asks next what every engine takes where the run was decoded with top-p 0', () => {
  const decoding = { ...PLAN.decoding, temperature: 0.5, topP: 0 }
  const opened = conversationFromAnswer({ ...PLAN, decoding }, makeAnswer(2, { reply: 'B' }), ENGINE, PLACE)
  expect(opened?.messages[1]).toMatchObject({ settings: { temperature: 0.5, topP: 0 } })
  expect(opened?.conversation.settings).toMatchObject({ temperature: 0, topP: 1 })
})

it('keeps the solved examples apart from what is shown', () => {
  const example = makeItem(7)
  const shots = { items: [example, makeItem(8, 'zh')] } as RunPlan['shots']
  const opened = conversationFromAnswer({ ...PLAN, shots }, makeAnswer(0), ENGINE, PLACE)
  const sent = promptMessages(makeItem(0), TEMPLATE, [example])
  expect(opened?.messages[0]?.text).toBe(sent.at(-1)?.content)
  expect(opened?.conversation.origin?.examples).toEqual(sent.slice(1, 3))
})

it.each([
  ['nothing answered', makeAnswer(0), null],
  ['letters only were scored', makeAnswer(0, { reply: '' }), ENGINE],
  ['answering failed', makeAnswer(0, { failure: { kind: 'device-lost', detail: '' } }), ENGINE],
])('begins with the question alone where %s', (_, answer, engine) => {
  const opened = conversationFromAnswer(PLAN, answer, engine, PLACE)
  expect(opened?.messages).toHaveLength(1)
  expect(opened?.conversation).toMatchObject({ leaf: 0, nextMessage: 1, origin: { reply: null } })
})

it('is not made of an item whose text was withheld', () => {
  const answer = makeAnswer(0, { item: { ...makeItem(0), withheld: 'ab'.repeat(32) } })
  expect(conversationFromAnswer(PLAN, answer, ENGINE, PLACE)).toBeNull()
})
