import { expect, it } from 'vitest'
import { sentencesOf } from '#core/chat/sentences'

it.each([
  ['a sentence that may go on', 'It is 1.5', false, []],
  ['a finished one', 'It is 1.5 mg. The', false, ['It is 1.5 mg.']],
  ['the rest at the end', 'It is 1.5 mg. The end', true, ['It is 1.5 mg.', 'The end']],
  ['Chinese', '先给氧。再诱导', false, ['先给氧。']],
  ['quotation marks', 'He said “no.” Then “yes”', true, ['He said “no.”', 'Then “yes”']],
  ['lines without full stops', '- one\n- two\n', false, ['- one', '- two']],
  ['nothing to say', '---\n***\n', true, []],
])('reads %s', (_, text, ended, sentences) => {
  expect(sentencesOf(text, ended)).toEqual(sentences)
})

it('never takes back a sentence while a text grows', () => {
  const text = 'Dose: 1.5 mg/kg. Wait! "Why?" Because.\n\n1. 先给氧。再诱导；插管。 e.g. this. End'
  let before: string[] = []
  for (let length = 0; length <= text.length; length += 1) {
    const now = sentencesOf(text.slice(0, length), false)
    expect(now.slice(0, before.length)).toEqual(before)
    before = now
  }
})
