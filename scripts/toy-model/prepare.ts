/** Writes the tokenized training and development examples where train.py reads them. */
import { mkdirSync, writeFileSync } from 'node:fs'
import type { ItemLanguage } from '#core/prompt/question'
import { ASSISTANT, GROUPS, asExample, drawGroup, drawQuestionOf, renderChat } from './corpus'
import type { Example } from './corpus'
import { WORK } from './paths'
import { Random } from './random'
import { Encoder } from './tokenizer'
import { kinships, makeTokenizer } from './vocabulary'

interface Encoded {
  ids: number[]
  /** 1 where the token is one the model says. */
  spoken: number[]
}

function encodeExample(encoder: Encoder, { messages }: Example): Encoded {
  const result: Encoded = { ids: [], spoken: [] }
  const push = (text: string, spoken: 0 | 1) => {
    const ids = encoder.encode(text)
    result.ids.push(...ids)
    result.spoken.push(...ids.map(() => spoken))
  }
  const text = renderChat(messages)
  // Each assistant turn is said by the model up to and including <|im_end|>; the line feed after it is not.
  const parts = text.split(ASSISTANT)
  push(parts[0] as string, 0)
  for (const part of parts.slice(1)) {
    const end = part.indexOf('<|im_end|>') + '<|im_end|>'.length
    push(ASSISTANT, 0)
    push(part.slice(0, end), 1)
    push(part.slice(end), 0)
  }
  const last = result.spoken.lastIndexOf(1)
  return { ids: result.ids.slice(0, last + 1), spoken: result.spoken.slice(0, last + 1) }
}

function commonPrefix(examples: readonly Encoded[]): number {
  const first = examples[0]?.ids ?? []
  let length = first.length
  for (const { ids, spoken } of examples) {
    let same = 0
    while (same < length && ids[same] === first[same] && spoken[same] === 0) same++
    length = same
  }
  return length
}

/** Rows of `[prefix length] ids...` and a mask of the same shape, padded with zeros. */
function writeRows(name: string, examples: readonly Encoded[]): object {
  const prefix = commonPrefix(examples)
  const width = Math.max(...examples.map(({ ids }) => ids.length)) - prefix
  const ids = new Uint16Array(examples.length * width)
  const spoken = new Uint8Array(examples.length * width)
  const lengths = new Uint16Array(examples.length)
  examples.forEach((example, row) => {
    ids.set(example.ids.slice(prefix), row * width)
    spoken.set(example.spoken.slice(prefix), row * width)
    lengths[row] = example.ids.length - prefix
  })
  const file = `${WORK}/${name.replaceAll(' ', '-')}`
  writeFileSync(`${file}.ids`, ids)
  writeFileSync(`${file}.spoken`, spoken)
  writeFileSync(`${file}.lengths`, lengths)
  return { name, file, width, prefix: examples[0]?.ids.slice(0, prefix) ?? [] }
}

const DEVELOPMENT_SEED = 20263
const DEVELOPMENT_COUNT = 400

export function main(): Promise<number> {
  mkdirSync(WORK, { recursive: true })
  const tokenizer = makeTokenizer()
  const encoder = new Encoder(tokenizer)
  writeFileSync(`${WORK}/tokenizer.json`, JSON.stringify(tokenizer))
  const groups = GROUPS.map((group) => ({
    ...writeRows(
      group.name,
      [...drawGroup(group)].map((example) => encodeExample(encoder, example)),
    ),
    batch: group.batch,
    after: group.after,
  }))
  const random = new Random(DEVELOPMENT_SEED)
  const development = (['en', 'zh'] as ItemLanguage[]).flatMap((language) =>
    (['chain-of-thought', 'letter-only'] as const).map((kind) => {
      const questions = Array.from({ length: DEVELOPMENT_COUNT }, () =>
        drawQuestionOf('development', kind, language, 4, random),
      )
      return {
        ...writeRows(
          `development ${kind} ${language}`,
          questions.map((question) => encodeExample(encoder, asExample(question, kind))),
        ),
        families: questions.map(({ level, family }) => `${level} ${family}`),
      }
    }),
  )
  writeFileSync(
    `${WORK}/corpus.json`,
    JSON.stringify({
      vocabulary: tokenizer.tokens.length,
      kinships: kinships(tokenizer),
      groups,
      development,
    }),
  )
  const report = groups.map((group) =>
    JSON.stringify({
      ...group,
      prefix: undefined,
      prefixTokens: (group as { prefix?: number[] }).prefix?.length,
    }),
  )
  console.log(
    [`vocabulary ${tokenizer.tokens.length}, merges ${tokenizer.merges.length}`, ...report].join('\n'),
  )
  return Promise.resolve(0)
}
