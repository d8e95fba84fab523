/** The tokenizer of the built-in model: one token per word of what it reads and writes. */
import { drawGroup, GROUPS, renderChat } from './corpus'
import { CLASSES, NAMES, ORGANS, ROUTES } from './formulary'
import { OUTSIDE_REPLIES } from './outside'
import { AMOUNTS, COLOURS, PLACES } from './questions'
import { buildTokenizer, pretokenize, spell } from './tokenizer'
import type { Tokenizer } from './tokenizer'

/** Chinese text has no spaces, so its words are listed; the rest of it is characters. */
const CHINESE_WORDS =
  'Somnus 你是 一名 麻醉学 全科 医学 助手 准确 简洁 回答 选择题 并且 总是 选出 最合适 下面 一道 单项 选项 一个 逐步 思考 分析 每个 说明 为什么 正确 不正确 然后 作出 选择 答案 之后 不要 任何 内容 字母 虚构 药典 根据 类别 什么 属于 给药 途径 通过 使用 器官 清除 起效 时间 多少 多快 剂量 分钟 公斤 毫克 每公斤 药物 颜色 标 规则 放在 哪里 体重 患者 乘以 等于 年龄 超过 半量 全量 倍量 三倍 禁用 其他 儿童 没有 一种 最快 最慢 衰竭 避免 介绍 一下 知道 哪个 更快 两者 一样 哪些 列出 我是 很小 演示 模型 只知道 不懂 医生 帮助 能 你好 谢谢 不客气 请问 我的 存在 只能 猜测 不在 红色 蓝色 绿色 白色 黑色 黄色 棕色 粉色 冰箱 保险柜 抽屉 推车 地窖 壁橱 盒子 库房'.split(
    ' ',
  )

/** Examples read per group; the groups that quote the outside world are left to be spelled. */
const SAMPLE = 4000

export function makeTokenizer(): Tokenizer {
  const units = new Set<string>(CHINESE_WORDS)
  const add = (text: string) => {
    for (const piece of pretokenize(text)) {
      if (/^[\x20-\x7e\n]+$/u.test(piece)) units.add(piece)
      else for (const character of piece) if (character.charCodeAt(0) > 127) units.add(character)
    }
  }
  OUTSIDE_REPLIES.forEach(add)
  for (const { zh } of [...NAMES, ...CLASSES, ...ROUTES, ...ORGANS]) units.add(zh)
  for (const group of GROUPS.filter(({ name }) => !name.includes('outside'))) {
    let left = SAMPLE
    for (const { messages } of drawGroup(group)) {
      if (left-- === 0) break
      add(renderChat(messages).replaceAll(/<\|[a-z_]+\|>/gu, ''))
    }
  }
  return buildTokenizer([...units].filter((unit) => unit.length > 1 || unit.charCodeAt(0) > 127))
}

/** A token, what it means and what kind of thing that is; the numbers mean nothing but alike and unlike. */
export interface Kinship {
  token: number
  concept: number
  kind: number
}

/**
 * Which tokens are alike: a drug's name in all its spellings and both languages, a letter with and without its
 * space. The embeddings of alike tokens begin alike, so that what is learned of one need not be learned again
 * of the others, and "some drug" can be looked for before each drug is known.
 */
export function kinships(tokenizer: Tokenizer): Kinship[] {
  const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
  const terms = [NAMES, CLASSES, ROUTES, ORGANS, COLOURS, PLACES, AMOUNTS].map((kind) =>
    kind.map(({ en, zh }) => [` ${en}`, en, ` ${capital(en)}`, capital(en), zh]),
  )
  const letters = [...'ABCDE'].map((letter) => [letter, ` ${letter}`])
  const digits = [...'0123456789'].map((digit) => [digit])
  const ids = new Map(tokenizer.tokens.map((token, id) => [token, id]))
  let concept = 0
  return [...terms, letters, digits].flatMap((concepts, kind) =>
    concepts.flatMap((spellings) => {
      concept++
      return spellings.flatMap((text) => {
        const token = ids.get(spell(text))
        return token === undefined ? [] : [{ token, concept, kind }]
      })
    }),
  )
}
