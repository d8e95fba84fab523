/**
 * npm run -s reward-table
 * Measures how exact a reward model is after conversion, and prints the two tables of docs/reward-model.md: the head
 * by itself for 1 to 5 rows a class, and a small llama-type model through the whole converter. Exit code 1 where the
 * head's coding costs more than 1e-3 of a probability.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HEAD_ROWS } from '#core/convert/lora/head-rows'
import { QUANTIZATIONS, type Quantization } from '#core/convert/quantization'
import { headTokens, rewardHeadOf, rewardProbability } from '#core/model/reward-head'
import { randomBelow } from '#core/run/random'
import { renderJinja } from '#worker/models/jinja'
import { convertFolder } from '../convert/convert-folder'
import { failureText } from '../convert/report'
import { nextTokenLogits } from '../test-webgpu/reference-forward'
import { openWeights } from '../test-webgpu/weights-folder'
import { headTable } from './head-table'
import { Differences, sigmoid } from './numbers'
import { REFERENCE_SHAPE, VOCABULARY, writeSmallModel, type SmallModel } from './small-model'

const BAR = 1e-3
const PROMPTS = 60
const PROMPT_TOKENS = 24

export async function main(): Promise<number> {
  console.log(
    '| Quantization | Rows | Logit difference, worst | Probability, worst | … with float16 logits |',
  )
  console.log('| --- | --- | --- | --- | --- |')
  for (const { quantization, rows, logit, probability, halfLogits } of headTable(QUANTIZATIONS)) {
    const name = rows === HEAD_ROWS[quantization] ? `**${quantization}**` : quantization
    const half = halfLogits ? short(halfLogits.most) : ''
    console.log(`| ${name} | ${rows} | ${short(logit.most)} | ${short(probability.most)} | ${half} |`)
  }
  console.log('\n| Quantization | Head alone, worst | Body, mean | Body, worst | Deciding at 0.5 alike |')
  console.log('| --- | --- | --- | --- | --- |')
  const folder = mkdtempSync(join(tmpdir(), 'somnus-reward-'))
  let isExact = true
  try {
    const model = writeSmallModel(folder)
    for (const quantization of QUANTIZATIONS) {
      const { head, body, alike } = await measure(model, join(folder, quantization), quantization)
      isExact &&= head.most < BAR
      const share = `${alike} of ${PROMPTS}`
      console.log(
        `| ${quantization} | ${short(head.most)} | ${short(body.mean)} | ${short(body.most)} | ${share} |`,
      )
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  return isExact ? 0 : 1
}

/** The stored model against the exact head on the same body, and against the merged model in float32. */
async function measure(model: SmallModel, out: string, quantization: Quantization) {
  const none = () => undefined
  const converted = await convertFolder(
    {
      ...{ source: model.base, adapters: [{ source: model.adapter }], out, quantization },
      ...{ family: null, jobs: 1, resume: false },
    },
    { onPrepared: none, onKept: none, onProgress: none },
    renderJinja,
    new AbortController().signal,
  )
  if (!converted.ok) throw new Error(failureText(converted.failure))
  const weights = openWeights(out)
  const record = rewardHeadOf(JSON.parse(readFileSync(join(out, 'mlc-chat-config.json'), 'utf8')) as object)
  if (!weights || !record) throw new Error(`${out} is no reward model.`)
  const classifier = ([wrong = 0, right = 0]: Float32Array) =>
    sigmoid(right + model.bias[1]! - wrong - model.bias[0]!)
  const [head, body] = [new Differences(), new Differences()]
  const tokens = headTokens(record)
  const random = randomBelow(9, 4)
  let alike = 0
  for (let prompt = 0; prompt < PROMPTS; prompt += 1) {
    const ids = Array.from({ length: PROMPT_TOKENS }, () => random(VOCABULARY))
    const logits = nextTokenLogits(weights.tensor, REFERENCE_SHAPE, ids)
    const stored = rewardProbability(
      record,
      tokens.map((token) => logits[token]!),
    )
    const sameBody = nextTokenLogits(
      (name) => (name.startsWith('lm_head.') ? model.head(name) : weights.tensor(name)),
      REFERENCE_SHAPE,
      ids,
    )
    const truth = classifier(nextTokenLogits(model.dense, REFERENCE_SHAPE, ids))
    head.add(stored, classifier(sameBody))
    body.add(stored, truth)
    if (stored > 0.5 === truth > 0.5) alike += 1
  }
  return { head, body, alike }
}

function short(value: number): string {
  return value === 0 ? '0' : value.toExponential(1)
}
