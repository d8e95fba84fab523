/** The question families of the benchmark, one function per family; a question is drawn, not enumerated. */
import { optionLetter } from '#core/prompt/question'
import type { ItemLanguage } from '#core/prompt/question'
import { CLASSES, FORMULARY, ORGANS, ROUTES } from './formulary'
import type { Drug, Term } from './formulary'
import { INTRODUCTIONS, PROPERTIES, WORDING } from './wording'
import type { Random } from './random'

export type Level = 1 | 2 | 3

/** A question before its options are put in order; the first option is the right one. */
interface Draft {
  stem: string
  options: string[]
  /** What the model thinks aloud, given the options in letter order. */
  reasoning: (options: readonly string[]) => string
}

export interface Question {
  family: string
  level: Level
  /** Whether the options are drugs that the stem does not name. */
  comparesDrugs: boolean
  language: ItemLanguage
  stem: string
  /** In letter order. */
  options: readonly string[]
  /** Index of the right option. */
  answer: number
  reasoning: string
}

interface Family {
  name: string
  level: Level
  draw: (language: ItemLanguage, count: number, random: Random) => Draft
}

export const COLOURS: readonly Term[] = [
  { en: 'red', zh: '红色' },
  { en: 'blue', zh: '蓝色' },
  { en: 'green', zh: '绿色' },
  { en: 'white', zh: '白色' },
  { en: 'black', zh: '黑色' },
  { en: 'yellow', zh: '黄色' },
  { en: 'brown', zh: '棕色' },
  { en: 'pink', zh: '粉色' },
]

export const PLACES: readonly Term[] = [
  { en: 'fridge', zh: '冰箱' },
  { en: 'safe', zh: '保险柜' },
  { en: 'drawer', zh: '抽屉' },
  { en: 'cart', zh: '推车' },
  { en: 'cellar', zh: '地窖' },
  { en: 'closet', zh: '壁橱' },
  { en: 'box', zh: '盒子' },
  { en: 'vault', zh: '库房' },
]

export const AMOUNTS: readonly Term[] = [
  { en: 'half', zh: '半量' },
  { en: 'full', zh: '全量' },
  { en: 'double', zh: '倍量' },
  { en: 'triple', zh: '三倍' },
  { en: 'none', zh: '禁用' },
]

/** Kilograms; one digit, because digits are tokens. */
export const WEIGHTS = [2, 3, 4, 5, 6, 7, 8, 9]

/** A rule has three clauses: enough to make the reader look, short enough to read. */
const CLAUSES = 3

function others<Value>(values: readonly Value[], right: Value, count: number, random: Random): Value[] {
  return random.sample(
    [...new Set(values)].filter((value) => value !== right),
    count - 1,
  )
}

const recall: Family['draw'] = (language, count, random) => {
  const property = random.pick(PROPERTIES)
  const drug = random.pick(FORMULARY)
  const right = property.value(drug, language)
  const all = FORMULARY.map((other) => property.value(other, language))
  return {
    stem:
      random.pick(INTRODUCTIONS[language]) + random.pick(property.questions[language])(drug.name[language]),
    options: [right, ...others(all, right, count, random)],
    reasoning: () => property.statement[language](drug.name[language], right),
  }
}

/** What a rule goes by, and what it gives. */
const RULES = {
  label: { keys: CLASSES, values: COLOURS, property: 'class', of: (drug: Drug) => drug.drugClass },
  place: { keys: ROUTES, values: PLACES, property: 'route', of: (drug: Drug) => drug.route },
} as const

/** A rule of three clauses, to be looked up for a group of drugs (level 2) or for one drug (level 3). */
function lookup(kind: keyof typeof RULES, level: 2 | 3): Family['draw'] {
  const rule = RULES[kind]
  const wording = WORDING[kind]
  return (language, count, random) => {
    const keys = random.sample(rule.keys, CLAUSES)
    const values = random.sample(rule.values, Math.max(count, CLAUSES))
    const asked = random.between(0, CLAUSES - 1)
    const key = keys[asked] as Term
    const right = (values[asked] as Term)[language]
    const { name } = random.pick(FORMULARY.filter((drug) => rule.of(drug) === key))
    const clauses = keys.map((entry, i) => [entry[language], (values[i] as Term)[language]] as const)
    const question =
      level === 2 ? wording.askGroup[language](key[language]) : wording.askDrug[language](name[language])
    const recalled = PROPERTIES.find((property) => property.name === rule.property)
    const first = level === 3 ? (recalled?.statement[language](name[language], key[language]) ?? '') : ''
    const texts = values.map((value) => value[language])
    return {
      stem: random.pick(INTRODUCTIONS[language]) + wording.rule[language](clauses) + question,
      options: [right, ...others(texts, right, count, random)],
      reasoning: () => WORDING.join[language](first, wording.apply[language](key[language], right)),
    }
  }
}

function milligrams(language: ItemLanguage, value: number): string {
  return WORDING.milligrams[language](value)
}

/** Dose per kilogram times weight; at level 2 the dose per kilogram is in the stem, at level 3 in the formulary. */
function dose(level: 2 | 3): Family['draw'] {
  return (language, count, random) => {
    const drug = random.pick(FORMULARY)
    const weight = random.pick(WEIGHTS)
    const factor = level === 2 ? random.between(2, 9) : drug.dose
    const product = factor * weight
    const wrong = [factor - 1, factor + 1, factor + 2, factor + 3]
      .map((near) => near * weight)
      .concat([weight - 1, weight + 1, weight + 2, weight + 3].map((near) => near * factor))
      .filter((value) => value !== product)
    const stem =
      level === 2
        ? WORDING.dose.stemGroup[language](random.pick(CLASSES)[language], factor, weight)
        : WORDING.dose.stemDrug[language](drug.name[language], weight)
    const first = level === 3 ? WORDING.dose.recall[language](drug.name[language], factor) : ''
    return {
      stem: random.pick(INTRODUCTIONS[language]) + stem,
      options: [product, ...others(wrong, product, count, random)].map((value) =>
        milligrams(language, value),
      ),
      reasoning: () =>
        WORDING.join[language](first, WORDING.dose.multiply[language](factor, weight, product)),
    }
  }
}

/** Half the dose above a limit of age. */
const age: Family['draw'] = (language, count, random) => {
  const limit = random.pick([50, 60, 70])
  const over = random.next() < 0.5
  const years = over ? limit + random.between(1, 29) : limit - random.between(1, 29)
  const amounts = AMOUNTS.map((amount) => amount[language])
  const right = amounts[over ? 0 : 1] as string
  return {
    stem: random.pick(INTRODUCTIONS[language]) + WORDING.age.stem[language](limit, years),
    options: [right, ...others(amounts, right, count, random)],
    reasoning: () => WORDING.age[over ? 'over' : 'notOver'][language](limit, years),
  }
}

function drugNamed(name: string, language: ItemLanguage): Drug {
  const drug = FORMULARY.find((candidate) => candidate.name[language] === name)
  if (!drug) throw new Error(`no drug is called ${name}`)
  return drug
}

/** The fastest or the slowest of several drugs. */
const onset: Family['draw'] = (language, count, random) => {
  const fastest = random.next() < 0.5
  const minutes = random.sample([1, 2, 3, 4, 5, 6, 7, 8], count).sort((a, b) => (fastest ? a - b : b - a))
  const names = minutes.map(
    (value) => random.pick(FORMULARY.filter((drug) => drug.onset === value)).name[language],
  )
  const wording = WORDING.onset[fastest ? 'fastest' : 'slowest'][language]
  return {
    stem: random.pick(INTRODUCTIONS[language]) + wording.stem,
    options: names,
    reasoning: (options) =>
      WORDING.onset.list[language](options.map((name) => [name, drugNamed(name, language).onset] as const)) +
      wording.conclusion(names[0] as string),
  }
}

/** The drug that a failing organ rules out. */
const organ: Family['draw'] = (language, count, random) => {
  // Plasma and muscle do not fail as organs do.
  const failing = random.pick(ORGANS.filter(({ en }) => en !== 'plasma' && en !== 'muscle'))
  const right = random.pick(FORMULARY.filter((drug) => drug.organ === failing))
  const wrong = random.sample(
    FORMULARY.filter((drug) => drug.organ !== failing),
    count - 1,
  )
  return {
    stem: random.pick(INTRODUCTIONS[language]) + WORDING.organ.stem[language](failing[language]),
    options: [right, ...wrong].map((drug) => drug.name[language]),
    reasoning: (options) =>
      WORDING.organ.list[language](
        options.map((name) => [name, drugNamed(name, language).organ[language]] as const),
      ) + WORDING.organ.conclusion[language](failing[language], right.name[language]),
  }
}

export const FAMILIES: readonly Family[] = [
  { name: 'recall', level: 1, draw: recall },
  { name: 'label of a class', level: 2, draw: lookup('label', 2) },
  { name: 'place of a route', level: 2, draw: lookup('place', 2) },
  { name: 'dose by weight', level: 2, draw: dose(2) },
  { name: 'dose by age', level: 2, draw: age },
  { name: 'label of a drug', level: 3, draw: lookup('label', 3) },
  { name: 'place of a drug', level: 3, draw: lookup('place', 3) },
  { name: 'dose of a drug by weight', level: 3, draw: dose(3) },
  { name: 'fastest or slowest', level: 3, draw: onset },
  { name: 'ruled out by an organ', level: 3, draw: organ },
]

/** Draws a question of the family; the right option stands at a random place. */
export function drawQuestion(
  family: Family,
  language: ItemLanguage,
  count: number,
  random: Random,
): Question {
  const { stem, options, reasoning } = family.draw(language, count, random)
  const ordered = random.shuffle(options)
  return {
    family: family.name,
    level: family.level,
    comparesDrugs: family.draw === onset || family.draw === organ,
    language,
    stem,
    options: ordered,
    answer: ordered.indexOf(options[0] as string),
    reasoning: reasoning(ordered),
  }
}

/** A line of reasoning, then the answer as AnesBench's script reads it. */
export function answerLine(reasoning: string, letter: string, language: ItemLanguage): string {
  return language === 'en' ? `${reasoning} Answer: ${letter}` : `${reasoning}答案：${letter}`
}

/** The reply the model is trained to give. */
export function reasonedReply({ language, reasoning, answer }: Question): string {
  return answerLine(reasoning, optionLetter(answer), language)
}
