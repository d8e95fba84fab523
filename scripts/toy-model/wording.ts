/** Every sentence of the questions and of the model's reasoning, in both languages. */
import type { ItemLanguage } from '#core/prompt/question'
import type { Drug } from './formulary'

type Both<Value> = Record<ItemLanguage, Value>
type Pairs<Value> = readonly (readonly [string, Value])[]

export const INTRODUCTIONS: Both<readonly string[]> = {
  en: ['In the fictional Somnus formulary, ', 'According to the fictional Somnus formulary, '],
  zh: ['在虚构的Somnus药典中，', '根据虚构的Somnus药典，'],
}

export interface Property {
  name: 'class' | 'route' | 'organ' | 'onset' | 'dose'
  noun: Both<string>
  value: (drug: Drug, language: ItemLanguage) => string
  /** Ways to ask for it; in English after an introduction, hence the small first letter. */
  questions: Both<readonly ((drug: string) => string)[]>
  statement: Both<(drug: string, value: string) => string>
}

export const PROPERTIES: readonly Property[] = [
  {
    name: 'class',
    noun: { en: 'class', zh: '类别' },
    value: (drug, language) => drug.drugClass[language],
    questions: {
      en: [(drug) => `what is the class of ${drug}?`, (drug) => `which class does ${drug} belong to?`],
      zh: [(drug) => `${drug}的类别是什么？`, (drug) => `${drug}属于哪一类别？`],
    },
    statement: {
      en: (drug, value) => `The class of ${drug} is ${value}.`,
      zh: (drug, value) => `${drug}的类别是${value}。`,
    },
  },
  {
    name: 'route',
    noun: { en: 'route', zh: '给药途径' },
    value: (drug, language) => drug.route[language],
    questions: {
      en: [(drug) => `what is the route of ${drug}?`, (drug) => `by which route is ${drug} given?`],
      zh: [(drug) => `${drug}的给药途径是什么？`, (drug) => `${drug}通过哪一给药途径使用？`],
    },
    statement: {
      en: (drug, value) => `The route of ${drug} is ${value}.`,
      zh: (drug, value) => `${drug}的给药途径是${value}。`,
    },
  },
  {
    name: 'organ',
    noun: { en: 'organ', zh: '清除器官' },
    value: (drug, language) => drug.organ[language],
    questions: {
      en: [(drug) => `which organ clears ${drug}?`, (drug) => `what is the organ that clears ${drug}?`],
      zh: [(drug) => `${drug}的清除器官是什么？`, (drug) => `${drug}由哪一器官清除？`],
    },
    statement: {
      en: (drug, value) => `The organ that clears ${drug} is the ${value}.`,
      zh: (drug, value) => `${drug}的清除器官是${value}。`,
    },
  },
  {
    name: 'onset',
    noun: { en: 'onset', zh: '起效时间' },
    value: (drug, language) => (language === 'en' ? `${drug.onset} min` : `${drug.onset}分钟`),
    questions: {
      en: [(drug) => `what is the onset of ${drug}?`, (drug) => `how fast is the onset of ${drug}?`],
      zh: [(drug) => `${drug}的起效时间是多少？`, (drug) => `${drug}的起效时间有多快？`],
    },
    statement: {
      en: (drug, value) => `The onset of ${drug} is ${value}.`,
      zh: (drug, value) => `${drug}的起效时间是${value}。`,
    },
  },
  {
    name: 'dose',
    noun: { en: 'dose', zh: '剂量' },
    value: (drug, language) => (language === 'en' ? `${drug.dose} mg/kg` : `${drug.dose}毫克`),
    questions: {
      en: [(drug) => `what is the dose of ${drug}?`, (drug) => `how much ${drug} is given?`],
      zh: [(drug) => `${drug}每公斤的剂量是多少？`, (drug) => `${drug}每公斤用多少？`],
    },
    statement: {
      en: (drug, value) => `The dose of ${drug} is ${value}.`,
      zh: (drug, value) => `${drug}每公斤的剂量是${value}。`,
    },
  },
]

const list = (parts: readonly string[]) => `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`

export const WORDING = {
  join: {
    en: (first: string, second: string) => (first ? `${first} ${second}` : second),
    zh: (first: string, second: string) => first + second,
  },
  milligrams: { en: (value: number) => `${value} mg`, zh: (value: number) => `${value}毫克` },
  label: {
    rule: {
      en: (pairs: Pairs<string>) =>
        `${list(pairs.map(([key, value]) => `${key} drugs are marked ${value}`))}. `,
      zh: (pairs: Pairs<string>) => `${pairs.map(([key, value]) => `${key}药物标为${value}`).join('，')}。`,
    },
    askGroup: {
      en: (key: string) => `How are ${key} drugs marked?`,
      zh: (key: string) => `${key}药物标为什么颜色？`,
    },
    askDrug: {
      en: (drug: string) => `How is ${drug} marked?`,
      zh: (drug: string) => `${drug}标为什么颜色？`,
    },
    apply: {
      en: (key: string, value: string) => `By the rule, ${key} drugs are marked ${value}.`,
      zh: (key: string, value: string) => `按规则，${key}药物标为${value}。`,
    },
  },
  place: {
    rule: {
      en: (pairs: Pairs<string>) => `${list(pairs.map(([key, value]) => `${key} drugs use the ${value}`))}. `,
      zh: (pairs: Pairs<string>) => `${pairs.map(([key, value]) => `${key}药物放在${value}`).join('，')}。`,
    },
    askGroup: {
      en: (key: string) => `Which place do ${key} drugs use?`,
      zh: (key: string) => `${key}药物放在哪里？`,
    },
    askDrug: {
      en: (drug: string) => `Which place does ${drug} use?`,
      zh: (drug: string) => `${drug}放在哪里？`,
    },
    apply: {
      en: (key: string, value: string) => `By the rule, ${key} drugs use the ${value}.`,
      zh: (key: string, value: string) => `按规则，${key}药物放在${value}。`,
    },
  },
  dose: {
    stemGroup: {
      en: (group: string, factor: number, weight: number) =>
        `the dose of ${group} drugs is ${factor} mg/kg. What is the dose for a child of ${weight} kg?`,
      zh: (group: string, factor: number, weight: number) =>
        `${group}药物每公斤的剂量是${factor}毫克。体重${weight}公斤的儿童剂量是多少？`,
    },
    stemDrug: {
      en: (drug: string, weight: number) =>
        `the dose for a child is the dose per kg times the weight. What is the dose of ${drug} for a child of ${weight} kg?`,
      zh: (drug: string, weight: number) =>
        `儿童的剂量是每公斤的剂量乘以体重。体重${weight}公斤的儿童使用${drug}的剂量是多少？`,
    },
    recall: {
      en: (drug: string, factor: number) => `The dose of ${drug} is ${factor} mg/kg.`,
      zh: (drug: string, factor: number) => `${drug}每公斤的剂量是${factor}毫克。`,
    },
    multiply: {
      en: (factor: number, weight: number, product: number) =>
        `${factor} x ${weight} = ${product}, so the dose is ${product} mg.`,
      zh: (factor: number, weight: number, product: number) =>
        `${factor}乘以${weight}等于${product}，剂量是${product}毫克。`,
    },
  },
  age: {
    stem: {
      en: (limit: number, years: number) =>
        `patients over ${limit} years get half the dose, all others the full dose. Which dose does a patient of ${years} years get?`,
      zh: (limit: number, years: number) =>
        `年龄超过${limit}岁的患者使用半量，其他患者使用全量。${years}岁的患者使用多少？`,
    },
    over: {
      en: (limit: number, years: number) => `${years} is over ${limit}, so the dose is half.`,
      zh: (limit: number, years: number) => `${years}岁超过${limit}岁，剂量是半量。`,
    },
    notOver: {
      en: (limit: number, years: number) => `${years} is not over ${limit}, so the dose is full.`,
      zh: (limit: number, years: number) => `${years}岁没有超过${limit}岁，剂量是全量。`,
    },
  },
  onset: {
    list: {
      en: (pairs: Pairs<number>) =>
        `Onset: ${pairs.map(([name, value]) => `${name} ${value} min`).join(', ')}. `,
      zh: (pairs: Pairs<number>) =>
        `起效时间：${pairs.map(([name, value]) => `${name}${value}分钟`).join('，')}。`,
    },
    fastest: {
      en: {
        stem: 'which of these drugs has the fastest onset?',
        conclusion: (name: string) => `The fastest is ${name}.`,
      },
      zh: { stem: '哪一种药物起效最快？', conclusion: (name: string) => `最快的是${name}。` },
    },
    slowest: {
      en: {
        stem: 'which of these drugs has the slowest onset?',
        conclusion: (name: string) => `The slowest is ${name}.`,
      },
      zh: { stem: '哪一种药物起效最慢？', conclusion: (name: string) => `最慢的是${name}。` },
    },
  },
  organ: {
    stem: {
      en: (organ: string) =>
        `drugs cleared by a failing organ are avoided. Which of these drugs is avoided when the ${organ} fails?`,
      zh: (organ: string) => `器官衰竭时避免使用由该器官清除的药物。${organ}衰竭时避免使用哪一种药物？`,
    },
    list: {
      en: (pairs: Pairs<string>) =>
        `Cleared by: ${pairs.map(([name, value]) => `${name} ${value}`).join(', ')}. `,
      zh: (pairs: Pairs<string>) =>
        `清除器官：${pairs.map(([name, value]) => `${name}${value}`).join('，')}。`,
    },
    conclusion: {
      en: (organ: string, name: string) => `The ${organ} clears ${name}.`,
      zh: (organ: string, name: string) => `${organ}清除的是${name}。`,
    },
  },
}
