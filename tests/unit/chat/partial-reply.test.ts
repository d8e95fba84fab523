import { expect, it } from 'vitest'
import { extendReply, startReply } from '#core/chat/partial-reply'
import { ENGINE } from '../run/fixtures'

const SETTINGS = { preset: null, system: null, temperature: 0, topP: 1, maxTokens: 10, seed: 0 }
const PLACE = { id: 1, parent: 0, at: 0, modelName: 'Test', quantization: 'F32', omittedMessages: 0 }

/** The times of reasoning that are told after each text, which comes at a time after the first token. */
function times(texts: readonly (readonly [at: number, text: string])[]): (number | null)[] {
  let reply = startReply({ ...PLACE, engine: ENGINE, settings: SETTINGS })
  return texts.map(([at, text], index) => {
    reply = extendReply(reply, { kind: 'text', text, completionTokens: index + 1 }, at)
    return reply.reasoningMs
  })
}

it('tells the time of reasoning to a tenth of a second, and to the tag that ends it', () => {
  const told = times([
    [5, '<think>'],
    [20, 'a'],
    [110, 'b'],
    [150, 'c'],
    [230, 'd'],
    [280, '</think>'],
    [500, 'The answer'],
  ])
  expect(told).toEqual([null, null, 110, 110, 230, 230, 230])
})

it('tells of reasoning that began before the reply when it ends', () => {
  expect(
    times([
      [30, 'a'],
      [90, '</think>'],
      [300, 'B'],
    ]),
  ).toEqual([null, 90, 90])
})
