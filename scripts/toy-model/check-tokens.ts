/**
 * Checks that the tokens the model was trained on are those llama.cpp makes of the same text in the browser.
 *
 * wllama tells how many tokens a text has, but not which. So a probe is loaded: our tokenizer with a model
 * whose blocks add nothing, which therefore predicts the very token it has just read. Growing a text one
 * character at a time and comparing count and last token at every length settles which tokens they are.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { call, openPage } from './browser'
import { CHAT_TEMPLATE, GROUPS, drawGroup, renderChat } from './corpus'
import { writeGguf } from './gguf'
import { WORK } from './paths'
import { Random } from './random'
import { Encoder } from './tokenizer'
import type { Tokenizer } from './tokenizer'

const PROBE = `${WORK}/probe.gguf`
const HIDDEN = 128

/** Text that no template wrote: characters the vocabulary lacks, contractions, spaces, marks. */
const FOREIGN = [
  "Don't   give 2.5 mg/kg of propofol\t(1%)!\n\n\nIt's 50 % — said “she”… ",
  '丙泊酚2.5mg/kg静脉注射，血压↓30%；①氯胺酮②依托咪酯。（多选）\n  全身麻醉 的不良反应 ？',
  'Zorane, zoraneA ZORANE xzorane 佐兰 佐兰佐兰烷烷 佐兰烷zorane',
]

function writeProbe(tokenizer: Tokenizer): void {
  const random = new Random(1)
  writeFileSync(
    PROBE,
    writeGguf({
      name: 'probe',
      description: 'repeats its last token',
      shape: {
        layers: 1,
        hidden: HIDDEN,
        feedForward: HIDDEN,
        heads: 4,
        keyValueHeads: 2,
        contextTokens: 1024,
        ropeBase: 10000,
      },
      tokenizer,
      chatTemplate: CHAT_TEMPLATE,
      tensor: (name, size) =>
        Float32Array.from({ length: size }, () =>
          name === 'token_embd.weight'
            ? Math.sign(random.next() - 0.5)
            : name.endsWith('norm.weight')
              ? 1
              : 0,
        ),
    }),
  )
}

export async function main(): Promise<number> {
  const tokenizer = JSON.parse(readFileSync(`${WORK}/tokenizer.json`, 'utf8')) as Tokenizer
  const encoder = new Encoder(tokenizer)
  writeProbe(tokenizer)
  const texts = [...FOREIGN]
  for (const group of GROUPS) {
    let left = 2
    for (const { messages } of drawGroup(group)) {
      if (left-- === 0) break
      texts.push(renderChat(messages))
    }
  }
  const { page, close } = await openPage(PROBE)
  let [compared, different] = [0, 0]
  try {
    for (const text of texts) {
      const characters = [...text]
      for (let length = 1; length <= characters.length; length++) {
        const beginning = characters.slice(0, length).join('')
        const ids = encoder.encode(beginning)
        if (ids.length === 0) continue
        const { count, next } = await call<{ count: number; next: number }>(page, 'probe', beginning)
        compared++
        if (count === ids.length && next === ids.at(-1)) continue
        different++
        if (different <= 5)
          console.log(JSON.stringify(beginning.slice(-40)), { count, next }, ids.length, ids.at(-1))
      }
    }
  } finally {
    await close()
  }
  console.log(`${texts.length} texts, ${compared} beginnings compared, ${different} different`)
  return different === 0 ? 0 : 1
}
