import { expect, test } from 'vitest'
import { MAX_PAIR_BYTES } from '#core/cross-filter/limits'
import { readPairSources } from '#data/pair-source'

const source = (name: string, ...parts: BlobPart[]) => ({ name, blob: new Blob(parts) })

test('CSV and JSON Lines are read in the order of their names, with the line of each pair', async () => {
  const read = await readPairSources([
    source('b.csv', 'Question,Answer\r\n"Two\nlines?",Yes\r\nOpen?,\r\n'),
    source('a.jsonl', '{"instruction":"Explain.","input":"MAC","output":"A dose."}\n'),
  ])
  expect(read).toMatchObject({
    ok: true,
    value: {
      files: [{ name: 'a.jsonl' }, { name: 'b.csv' }],
      failures: [],
      pairs: [
        { question: 'Explain.\n\nMAC', answer: 'A dose.', file: 'a.jsonl', row: 1 },
        { question: 'Two\nlines?', answer: 'Yes', file: 'b.csv', row: 2 },
        { question: 'Open?', answer: null, file: 'b.csv', row: 4 },
      ],
    },
  })
})

test('a Chinese spreadsheet in GB18030 is read as Chinese', async () => {
  // 问题,回答 / 何为麻醉,无 in GB18030.
  const bytes = [0xce, 0xca, 0xcc, 0xe2, 0x2c, 0xbb, 0xd8, 0xb4, 0xf0, 0x0a]
  const row = [0xba, 0xce, 0xce, 0xaa, 0xc2, 0xe9, 0xd7, 0xed, 0x2c, 0xce, 0xde, 0x0a]
  const read = await readPairSources([source('pairs.csv', new Uint8Array([...bytes, ...row]))])
  expect(read).toMatchObject({
    value: { pairs: [{ question: '何为麻醉', answer: '无', language: 'zh' }] },
  })
})

test('a bad file beside a good one is named; alone it is a failure', async () => {
  const bad = source('bad.csv', '')
  expect(await readPairSources([bad, source('good.csv', 'question\nWhy?\n')])).toMatchObject({
    value: { failures: [{ kind: 'empty-file', file: 'bad.csv' }], pairs: [{ question: 'Why?' }] },
  })
  expect(await readPairSources([bad])).toEqual({
    ...{ ok: false, failure: [{ kind: 'empty-file', file: 'bad.csv' }] },
  })
})

test('files beyond the limit are refused before they are read', async () => {
  const most = new Uint8Array(MAX_PAIR_BYTES)
  expect(await readPairSources([source('a.csv', most, 'x')])).toMatchObject({
    failure: [{ kind: 'too-large', bytes: MAX_PAIR_BYTES + 1, limitBytes: MAX_PAIR_BYTES }],
  })
  expect(await readPairSources([source('a.csv', most)])).not.toMatchObject({
    failure: [{ kind: 'too-large' }],
  })
})
