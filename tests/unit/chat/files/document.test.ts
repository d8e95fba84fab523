import { describe, expect, it } from 'vitest'
import { conversationDocument, type DocumentTexts } from '#core/chat/files/document'
import { escaped, htmlParts } from '#core/chat/files/document-html'
import { markdownParts } from '#core/chat/files/document-markdown'
import { chatFileName } from '#core/chat/files/file-name'
import type { MessageRecord } from '#core/chat/types'
import { onGpu, report } from '../../../numerics'
import { MESSAGES, reply, SAMPLED, user } from './conversations'

const TEXTS: DocumentTexts = {
  lang: 'en',
  notice: 'Not for the care of patients.',
  saved: (at, app) => `Saved ${at}, ${app}`,
  you: 'Question',
  modelOutput: 'Model output',
  editedOutput: 'Model output, changed by a person',
  continued: 'Continued.',
  reasoning: 'Reasoning',
  ends: { stop: '', length: 'Cut off.', abort: 'Stopped.', interrupted: 'Interrupted.' },
  omitted: (count) => `Without ${count}.`,
  summary: (model, edited) => `Summary by ${model}${edited ? ', changed' : ''}`,
  sampling: ({ samples }) => ({
    ...{ title: 'Why', lines: ['By <majority>'] },
    headings: samples.map(({ answer }) => `Answer ${answer}`),
  }),
  labels: {
    model: 'Model',
    quantization: 'Quantization',
    fingerprint: 'Fingerprint',
    engine: 'Engine',
    numbers: 'Numbers',
    date: 'Date',
    settings: 'Settings',
    system: 'System',
    tokens: 'Length',
  },
  settingsText: (...values) => values.join(', '),
  ownSystem: 'own',
  numbers: ({ numerics }) => (numerics ? numerics.mergeBarrier : null),
  unknown: 'unknown',
  tokenCount: (count, speed) => `${count} tokens${speed === null ? '' : `, ${speed}/s`}`,
  number: String,
  dateTime: (at) => new Date(at).toISOString(),
}

const documentOf = (path: MessageRecord[], title = 'What is MAC?') =>
  conversationDocument({ conversation: { title }, path, app: '0.1.0', at: 0 }, TEXTS)

const SHOWN = MESSAGES.filter(({ id }) => [0, 4, 5].includes(id))

/** Stands for the sanitised Markdown of the page. */
const render = (markdown: string) => `<p>${escaped(markdown)}</p>`
const html = (path: MessageRecord[], title?: string) =>
  [...htmlParts(documentOf(path, title), TEXTS, { styleSha256: 'aGFzaA==', render })].join('')
const markdown = (path: MessageRecord[], title?: string) =>
  [...markdownParts(documentOf(path, title), TEXTS)].join('')

describe('each reply of a document', () => {
  const [, entry] = documentOf(SHOWN).entries

  it('is marked as model output, with all that tells what made it', () => {
    expect(entry).toMatchObject({
      heading: 'Model output · Qwen2.5-0.5B-Instruct',
      reasoning: 'MAC is a unit.',
      answer: 'It is a **measure** of potency.',
      facts: [
        { label: 'Model', value: 'Qwen2.5-0.5B-Instruct' },
        { label: 'Quantization', value: 'Q4_K_M' },
        { label: 'Fingerprint', value: `SHA-256 ${'ab'.repeat(32)}` },
        { label: 'Engine', value: 'wllama 3.8.1, CPU (WASM SIMD, 1 thread)' },
        { label: 'Date', value: '1970-01-01T00:00:01.004Z' },
        { label: 'Settings', value: '0, 1, 64, 7' },
        { label: 'System', value: 'own' },
        { label: 'Length', value: '11 tokens, 10/s' },
      ],
    })
  })

  it('tells what is known of a graphics unit’s numbers', () => {
    const engine = onGpu({ mergeBarrier: 'inserted', selfTest: report() })
    const [made] = documentOf([reply(0, 0, 'Yes.', { engine })]).entries
    expect(made).toMatchObject({
      facts: expect.arrayContaining([{ label: 'Numbers', value: 'inserted' }]) as unknown,
    })
  })

  it('says what a person changed, and what was cut', () => {
    const summary = { text: 'Before.', modelName: 'Small', edited: true }
    const changed = reply(1, 0, 'A', {
      editedFrom: 2,
      continuedFrom: 3,
      finish: 'length',
      omittedMessages: 4,
      summary,
    })
    expect(documentOf([changed]).entries[0]).toMatchObject({
      heading: 'Model output, changed by a person · Qwen2.5-0.5B-Instruct',
      remarks: ['Cut off.', 'Continued.', 'Without 4.'],
      summary: { title: 'Summary by Small, changed', text: 'Before.' },
    })
  })

  it('says where nothing is known', () => {
    const old = reply(1, 0, 'A', { quantization: null, settings: null })
    expect(documentOf([old]).entries[0]).toMatchObject({
      facts: expect.arrayContaining([
        { label: 'Quantization', value: 'unknown' },
        { label: 'Settings', value: 'unknown' },
      ]) as unknown,
    })
  })
})

/** Every place that a file's author could fill. */
const HOSTILE = [
  '</script><script>alert(1)</script>',
  ']]><!--<style>*{}</style>--><title>',
  `" onload="alert(1)' autofocus`,
  '\u202Egpj.exe\u2066\u2028# heading',
  '`code` *b* [x](javascript:alert(1)) <img src=x>',
  'a\0b',
]

describe('the HTML file', () => {
  it('has a policy that allows its style sheet and nothing else', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html(SHOWN))?.[1]
    expect(policy?.replaceAll('&#39;', "'")).toBe(
      "default-src 'none'; style-src 'sha256-aGFzaA=='; base-uri 'none'; form-action 'none'",
    )
  })

  it('says before and after the messages what replies are not for, and folds reasoning', () => {
    const text = html(SHOWN)
    expect(text.match(/Not for the care of patients\./g)).toHaveLength(2)
    expect(text).toContain('<details><summary>Reasoning</summary>')
    expect(text).toContain('<p>It is a **measure** of potency.</p>')
  })

  it.each(HOSTILE)('shows %j as text in every place', (hostile) => {
    const summary = { text: hostile, modelName: hostile, edited: false }
    const settings = { preset: null, system: hostile, temperature: 0, topP: 1, maxTokens: 1, seed: 1 }
    const path = [
      user(0, null, hostile),
      reply(1, 0, hostile, { modelName: hostile, quantization: hostile, summary, settings }),
    ]
    const tags = html(path, hostile).match(/<[a-z!/][^>]*>/gi)
    const harmless = html(
      [user(0, null, 'a'), reply(1, 0, 'a', { summary: { ...summary, text: 'a', modelName: 'a' } })],
      'a',
    )
    expect(tags).toEqual(harmless.match(/<[a-z!/][^>]*>/gi))
    expect(html(path, hostile)).not.toContain('\0')
  })
})

describe('the Markdown file', () => {
  it('quotes what was said and lists what made it', () => {
    const text = markdown(SHOWN)
    expect(text).toContain('# What is MAC?\n')
    expect(text).toContain('\n> It is a **measure** of potency.\n')
    expect(text).toContain('- Quantization: Q4\\_K\\_M\n')
    expect(text.indexOf('### Reasoning')).toBeLessThan(text.indexOf('> It is a'))
  })

  it.each(HOSTILE)('lets %j out of no quotation and no line', (hostile) => {
    const lines = (path: MessageRecord[], title: string) =>
      markdown(path, title)
        .split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/)
        .map((line) =>
          line.startsWith('>') ? '>' : (/^(?:#+|-|\*\*|---|\*)(?= |\w|$)/.exec(line)?.[0] ?? ''),
        )
        .filter((line) => line !== '' && line !== '>')
    const path = (text: string) => [user(0, null, text), reply(1, 0, `x\n${text}`, { modelName: text })]
    expect(lines(path(hostile), hostile)).toEqual(lines(path('a'), 'a'))
  })
})

describe('names of files', () => {
  /** The same day nearly everywhere. */
  const NOON = 12 * 3_600_000

  it.each([
    ['What is MAC?', 'somnus-chat-what-is-mac-1970-01-01.html'],
    ['什么是 MAC？', 'somnus-chat-什么是-mac-1970-01-01.html'],
    ['../../etc/passwd', 'somnus-chat-etc-passwd-1970-01-01.html'],
    ['\u202E???', 'somnus-chat-1970-01-01.html'],
  ])('are safe: %s', (title, name) => {
    expect(chatFileName('chat', title, NOON, 'html')).toBe(name)
  })

  it('have an end', () => {
    expect(chatFileName('chat', '长'.repeat(500), 0, 'html').length).toBeLessThan(80)
  })
})

it('a reply chosen among several says so, with all of them, in both documents', () => {
  const path = [user(0, null, 'Q'), SAMPLED]
  for (const made of [html(path), markdown(path)]) {
    expect(made).toContain('Why')
    expect(made).toContain('Answer kidney')
    expect(made).toContain('Answer liver')
    expect(made).not.toContain('<majority>')
  }
  expect(markdown(path)).toContain('> The kidney.')
})
