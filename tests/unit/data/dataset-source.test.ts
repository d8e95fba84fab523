import { existsSync, readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { MAX_SOURCE_BYTES } from '#core/dataset/limits'
import { needsReview } from '#core/dataset/preview'
import { readSources } from '#data/dataset-source'
import { currentRow } from '../dataset/rows'

type Content = string | Uint8Array<ArrayBuffer>

const silent = { onBytes: () => undefined, onRows: () => undefined }
const source = (name: string, content: Content) => ({ name, blob: new Blob([content]) })
const read = (name: string, content: Content) => readSources([source(name, content)], silent)

async function readWell(name: string, content: Content) {
  const result = await read(name, content)
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

async function failureOf(name: string, content: Content) {
  const result = await read(name, content)
  return result.ok ? null : result.failure[0]
}

const CSV =
  'id,question,A,B,target,category\nc1,"First, with ""quotes""?",yes,no,A,1\nc2,"Two\nlines?",x,y,B,\n'
const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/datasets/${name}`, import.meta.url)))

describe('one set of rows in every format', () => {
  const rows = [currentRow({ id: 'a' }), currentRow({ id: 'b', category: 3, target: 'C' })]
  const header = Object.keys(currentRow())
  const csv = [header, ...rows.map((row) => header.map((name) => row[name]))]
    .map((cells) => cells.join(','))
    .join('\n')
  test.each([
    ['x.json', JSON.stringify(rows), 'json'],
    ['x.json', JSON.stringify({ data: rows }, null, 2), 'json'],
    ['x.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'), 'jsonl'],
    ['x.csv', csv, 'csv'],
    ['x.tsv', csv.replaceAll(',', '\t'), 'csv'],
    ['x.csv', csv.replaceAll(',', ';').replaceAll('\n', '\r\n'), 'csv'],
  ])('%s gives the same items and the same fingerprint', async (name, text, format) => {
    const { preview, items } = await readWell(name, text)
    expect(items.map(({ id, level, targetIndex }) => [id, level, targetIndex])).toEqual([
      ['a', 1, 0],
      ['b', 3, 2],
    ])
    const lines = items.map((item) =>
      JSON.stringify([item.id, item.language, item.level, item.stem, item.options, item.targetIndex]),
    )
    expect(preview.itemsSha256).toBe(createHash('sha256').update(lines.join('\n')).digest('hex'))
    expect(preview.sha256).toBe(createHash('sha256').update(text).digest('hex'))
    expect(preview.files).toMatchObject([{ name, format, rows: 2, items: 2, encoding: 'utf-8' }])
    expect(needsReview({ ...preview, name: '', source: { kind: 'built-in' }, stored: null })).toBe(false)
  })
})

describe('CSV', () => {
  test('quotes, commas and line breaks in cells; rows numbered by line', async () => {
    const { items, preview } = await readWell('q.csv', `${CSV}\nc3,short,row\n`)
    expect(items.map((item) => item.stem)).toEqual(['First, with "quotes"?', 'Two\nlines?'])
    expect(items[1]?.level).toBeNull()
    expect(preview.problems.listed).toMatchObject([{ row: 6, code: 'cell-count', expected: '6', found: '3' }])
  })

  test('a quote that is never closed costs its row, not those before it', async () => {
    const { items, preview } = await readWell('q.csv', `${CSV}c3,"never closed,x,y,A,1\nc4,Lost?,x,y,A,1\n`)
    expect(items).toHaveLength(2)
    expect(preview.problems.listed).toMatchObject([{ row: 5, code: 'unclosed-quote' }])
  })

  test('columns named __proto__ and constructor act on nothing', async () => {
    const { items } = await readWell(
      'q.csv',
      '__proto__,constructor,id,question,A,B,target\npolluted,x,1,Q?,a,b,A\n',
    )
    expect(items).toHaveLength(1)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  test('a header alone has no rows', async () => {
    expect(await failureOf('q.csv', 'id,question,A,B,target\n')).toEqual({ kind: 'no-rows', file: 'q.csv' })
  })
})

describe('Parquet', () => {
  test.each(['none', 'snappy', 'gzip', 'brotli', 'zstd', 'lz4'])('compressed with %s', async (codec) => {
    const { preview, items } = await readWell('q.parquet', fixture(`questions.${codec}.parquet`))
    expect(preview.files).toMatchObject([{ format: 'parquet', encoding: null, rows: 6, items: 6 }])
    expect(preview.problems.total).toBe(0)
    expect(items.map(({ level, options }) => [level, options.length])).toEqual([
      [null, 2],
      [2, 3],
      [3, 2],
      [1, 3],
      [2, 2],
      [3, 3],
    ])
  })

  test('a codec that cannot be read is named', async () => {
    // The codec of a column follows its path in the footer: field 4, an i32 in zigzag; Snappy is 1, LZO is 3.
    const bytes = fixture('questions.snappy.parquet')
    const path = Buffer.from('question\x15\x02', 'latin1')
    for (
      let at = Buffer.from(bytes).indexOf(path);
      at !== -1;
      at = Buffer.from(bytes).indexOf(path, at + 1)
    ) {
      bytes[at + path.length - 1] = 6
    }
    expect(await failureOf('q.parquet', bytes)).toEqual({
      kind: 'parquet-codec',
      file: 'q.parquet',
      codec: 'LZO',
    })
  })

  test('cut off: the footer is missing', async () => {
    const bytes = fixture('questions.snappy.parquet').slice(0, -100)
    expect(await failureOf('q.parquet', bytes)).toMatchObject({ kind: 'parquet-invalid', file: 'q.parquet' })
  })

  test('damaged pages', async () => {
    const bytes = fixture('questions.gzip.parquet')
    bytes.fill(0xff, 4, 1500)
    expect(await failureOf('q.parquet', bytes)).toMatchObject({ kind: 'parquet-invalid' })
  })

  test('named .json, it is still Parquet', async () => {
    expect((await readWell('q.json', fixture('questions.zstd.parquet'))).items).toHaveLength(6)
  })
})

describe('encodings', () => {
  const zh = JSON.stringify([
    currentRow({ question: '下列哪种药物起效最快？', A: '丙泊酚', B: '依托咪酯', C: '氯胺酮' }),
  ])
  const utf16 = (mark: number[], bigEndian: boolean) => {
    const bytes = Buffer.from(zh, 'utf16le')
    return new Uint8Array([...mark, ...(bigEndian ? bytes.swap16() : bytes)])
  }
  // `zh` in GB18030: ASCII as it is, the Han characters of this text as two bytes each (GB 2312 part).
  const GB = new Map(
    Object.entries({
      下: 'cfc2',
      列: 'c1d0',
      哪: 'c4c4',
      种: 'd6d6',
      药: 'd2a9',
      物: 'ceef',
      起: 'c6f0',
      效: 'd0a7',
      最: 'd7ee',
      快: 'bfec',
      '？': 'a3bf',
      丙: 'b1fb',
      泊: 'b2b4',
      酚: 'b7d3',
      依: 'd2c0',
      托: 'cdd0',
      咪: 'dfe4',
      酯: 'f5a5',
      氯: 'c2c8',
      胺: 'b0b7',
      酮: 'cdaa',
    }),
  )
  const gb18030 = new Uint8Array(
    [...zh].flatMap((char) => [...Buffer.from(GB.get(char) ?? Buffer.from(char).toString('hex'), 'hex')]),
  )

  test.each([
    ['UTF-8', new TextEncoder().encode(zh), 'utf-8'],
    ['UTF-8 with a byte order mark', new TextEncoder().encode(`\ufeff${zh}`), 'utf-8'],
    ['UTF-16 with a mark, little end first', utf16([0xff, 0xfe], false), 'utf-16le'],
    ['UTF-16 with a mark, big end first', utf16([0xfe, 0xff], true), 'utf-16be'],
    ['UTF-16 without a mark', utf16([], false), 'utf-16le'],
    ['GB18030', gb18030, 'gb18030'],
  ])('%s', async (_, bytes, encoding) => {
    const { preview, items } = await readWell('q.json', bytes)
    expect(items).toMatchObject([{ language: 'zh', stem: '下列哪种药物起效最快？' }])
    expect(preview.files).toMatchObject([{ encoding, sample: '下列哪种药物起效最快？' }])
    const whole = { ...preview, name: '', source: { kind: 'built-in' } as const, stored: null }
    expect(needsReview(whole)).toBe(encoding === 'gb18030')
  })

  test('bytes that are no text at all', async () => {
    const noise = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xff, 0xff, 0xff])
    expect(await failureOf('q.json', noise)).toEqual({ kind: 'unknown-encoding', file: 'q.json' })
  })
})

describe('files that are no datasets', () => {
  test.each([
    ['an empty file', 'q.json', '', 'empty-file'],
    ['blanks only', 'q.csv', ' \n\n ', 'empty-file'],
    ['not JSON', 'q.json', 'hello there', 'unknown-format'],
    ['a PDF', 'q.pdf', '%PDF-1.7 …', 'unknown-format'],
    ['a saved login page', 'q.json', '<!doctype html><title>Sign in</title>', 'web-page'],
    ['a list without rows', 'q.json', '[]', 'no-rows'],
    ['an object without a list', 'q.json', '{"question":{\n}}', 'no-row-list'],
    ['other rows', 'q.json', '[{"text":"x","label":2}]', 'wrong-shape'],
    ['a list of texts', 'q.json', '["a","b"]', 'wrong-shape'],
  ])('%s', async (_, name, content, kind) => {
    expect(await failureOf(name, content)).toMatchObject({ kind, file: name })
  })

  test('a file above the size limit is refused before it is read', async () => {
    const blob = { size: MAX_SOURCE_BYTES + 1 } as Blob
    expect(await readSources([{ name: 'big.json', blob }], silent)).toEqual({
      ok: false,
      failure: [
        { kind: 'too-large', file: 'big.json', bytes: MAX_SOURCE_BYTES + 1, limitBytes: MAX_SOURCE_BYTES },
      ],
    })
  })

  test('a file that the browser cannot read any more', async () => {
    const stream = () =>
      new ReadableStream({ start: (controller) => controller.error(new Error('file changed on disk')) })
    const result = await readSources(
      [{ name: 'q.json', blob: { size: 5, stream } as unknown as Blob }],
      silent,
    )
    expect(result).toEqual({
      ok: false,
      failure: [{ kind: 'unreadable', file: 'q.json', detail: 'file changed on disk' }],
    })
  })
})

describe('several files', () => {
  const en = source('bench_en.json', JSON.stringify([currentRow()]))
  const zh = source('bench_zh.json', JSON.stringify([currentRow()]))

  test('become one dataset, whatever order they are chosen in', async () => {
    const [one, other] = await Promise.all([readSources([en, zh], silent), readSources([zh, en], silent)])
    expect(one).toEqual(other)
    expect(one).toMatchObject({ ok: true, value: { preview: { items: 2 } } })
    const hash = (text: string) => createHash('sha256').update(text).digest('hex')
    const hashes = [await en.blob.text(), await zh.blob.text()].map(hash).join('\n')
    if (one.ok) expect(one.value.preview.sha256).toBe(hash(hashes))
  })

  test('a bad one is listed beside the good ones', async () => {
    const result = await readSources([en, source('notes.json', 'not json')], silent)
    expect(result).toMatchObject({
      ok: true,
      value: { preview: { items: 1, failures: [{ kind: 'unknown-format', file: 'notes.json' }] } },
    })
  })

  test('progress counts the bytes of all', async () => {
    const seen: number[] = []
    await readSources([en, zh], { ...silent, onBytes: (loaded) => seen.push(loaded) })
    expect(seen.at(-1)).toBe(en.blob.size + zh.blob.size)
  })
})

test('a partly bad file keeps its good rows and lists the others', async () => {
  const text = `[${JSON.stringify(currentRow({ id: 1 }))},{"id":2,"question":NaN},${JSON.stringify(currentRow({ id: 3, target: 'Z' }))},${JSON.stringify(currentRow({ id: 4 }))},{"id":5,"ques`
  const { items, preview } = await readWell('q.json', text)
  expect(items.map((item) => item.id)).toEqual(['1', '4'])
  expect(preview.problems.total).toBe(3)
  expect(preview.problems.listed).toMatchObject([
    { file: 'q.json', row: 2, code: 'invalid-json' },
    { file: 'q.json', row: 3, field: 'target', code: 'target-outside', expected: 'A–C', found: '"Z"' },
    { file: 'q.json', row: 5, code: 'cut-off' },
  ])
})

const MEDMCQA = new URL('../../../../shared/data/medmcqa-anaesthesia-34.json', import.meta.url)
test.skipIf(!existsSync(MEDMCQA))('34 real items (skipped where ../shared/data is absent)', async () => {
  const { items, preview } = await readWell(
    'medmcqa-anaesthesia-34.json',
    new Uint8Array(readFileSync(MEDMCQA)),
  )
  expect(items).toHaveLength(34)
  expect(preview.counts.en.unlabelled).toBe(34)
  expect(preview.problems.total).toBe(0)
})
