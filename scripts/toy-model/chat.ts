/** Free conversation about the formulary, and honest answers to everything else. */
import type { ChatMessage, ItemLanguage } from '#core/prompt/question'
import { CLASSES, FORMULARY, ORGANS, ROUTES } from './formulary'
import type { Drug } from './formulary'
import { WEIGHTS } from './questions'
import type { Random } from './random'
import { PROPERTIES, WORDING } from './wording'
import type { Property } from './wording'

/** User and assistant turns in alternation, the assistant's last. */
export type Dialogue = ChatMessage[]

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** English drug names are written small within a sentence; people also write them with a capital letter. */
function called(drug: Drug, language: ItemLanguage, random: Random): string {
  const name = drug.name[language]
  return language === 'en' && random.next() < 0.25 ? capital(name) : name
}

interface Exchange {
  ask: string
  reply: string
}

type Draw = (language: ItemLanguage, random: Random) => Exchange

function stated(property: Property, drug: Drug, language: ItemLanguage): string {
  return property.statement[language](drug.name[language], property.value(drug, language))
}

const ofProperty: Draw = (language, random) => {
  const property = random.pick(PROPERTIES)
  const drug = random.pick(FORMULARY)
  const name = called(drug, language, random)
  const short = language === 'en' ? `${property.noun.en} of ${name}?` : `${name}的${property.noun.zh}？`
  const ask = random.pick([...property.questions[language].map((write) => capital(write(name))), short])
  return { ask, reply: stated(property, drug, language) }
}

const description: Draw = (language, random) => {
  const drug = random.pick(FORMULARY)
  const name = called(drug, language, random)
  const { drugClass, route, organ, onset, dose } = drug
  return language === 'en'
    ? {
        ask: random.pick([
          `Tell me about ${name}.`,
          `What is ${name}?`,
          `Describe ${name}.`,
          `What do you know about ${name}?`,
        ]),
        reply: `${capital(drug.name.en)} is a fictional drug of the ${drugClass.en} class. Its route is ${route.en}, its onset is ${onset} min, its dose is ${dose} mg/kg, and the ${organ.en} clears it.`,
      }
    : {
        ask: random.pick([`介绍一下${name}。`, `${name}是什么？`, `${name}是什么药？`, `你知道${name}吗？`]),
        reply: `${drug.name.zh}是一种虚构的药物，类别是${drugClass.zh}，给药途径是${route.zh}，起效时间是${onset}分钟，每公斤的剂量是${dose}毫克，由${organ.zh}清除。`,
      }
}

const doseForWeight: Draw = (language, random) => {
  const drug = random.pick(FORMULARY)
  const weight = random.pick(WEIGHTS)
  const name = called(drug, language, random)
  const reply = WORDING.join[language](
    WORDING.dose.recall[language](drug.name[language], drug.dose),
    WORDING.dose.multiply[language](drug.dose, weight, drug.dose * weight),
  )
  return language === 'en'
    ? {
        ask: random.pick([
          `What is the dose of ${name} for a child of ${weight} kg?`,
          `How much ${name} for ${weight} kg?`,
        ]),
        reply,
      }
    : {
        ask: random.pick([
          `体重${weight}公斤的儿童使用${name}的剂量是多少？`,
          `${weight}公斤用多少${name}？`,
        ]),
        reply,
      }
}

const product: Draw = (language, random) => {
  const a = random.between(2, 9)
  const b = random.pick(WEIGHTS)
  return language === 'en'
    ? { ask: random.pick([`What is ${a} x ${b}?`, `${a} x ${b}`]), reply: `${a} x ${b} = ${a * b}.` }
    : { ask: random.pick([`${a}乘以${b}等于多少？`, `${a}乘以${b}`]), reply: `${a}乘以${b}等于${a * b}。` }
}

const comparison: Draw = (language, random) => {
  const [first, second] = random.sample(FORMULARY, 2) as [Drug, Drug]
  const a = called(first, language, random)
  const b = called(second, language, random)
  const fast = first.onset < second.onset ? first : second
  const equal = first.onset === second.onset
  const list = WORDING.onset.list[language](
    [first, second].map((drug) => [drug.name[language], drug.onset] as const),
  )
  return language === 'en'
    ? {
        ask: random.pick([`Which is faster, ${a} or ${b}?`, `Which has the faster onset, ${a} or ${b}?`]),
        reply: list + (equal ? 'They are equally fast.' : `The faster is ${fast.name.en}.`),
      }
    : {
        ask: random.pick([`${a}和${b}哪个起效更快？`, `${a}和${b}，哪个更快？`]),
        reply: list + (equal ? '两者一样快。' : `更快的是${fast.name.zh}。`),
      }
}

const inWords = (names: readonly string[], language: ItemLanguage) =>
  language === 'en'
    ? `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
    : `${names.slice(0, -1).join('、')}和${names.at(-1) ?? ''}`

const group: Draw = (language, random) => {
  const [kind, value] = random.pick([
    ...CLASSES.map((term) => ['class', term] as const),
    ...ROUTES.map((term) => ['route', term] as const),
    ...ORGANS.map((term) => ['organ', term] as const),
  ])
  const members = FORMULARY.filter((drug) => [drug.drugClass, drug.route, drug.organ].includes(value))
  const names = inWords(
    members.map((drug) => drug.name[language]),
    language,
  )
  const word = value[language]
  const asks = {
    class: {
      en: [`Which drugs are ${word}?`, `List the ${word} drugs.`, `Which ${word} drugs do you know?`],
      zh: [`哪些药物是${word}？`, `列出${word}药物。`, `${word}药物有哪些？`],
    },
    route: {
      en: [`List the ${word} drugs.`, `Which drugs are ${word}?`, `Which ${word} drugs do you know?`],
      zh: [`${word}药物有哪些？`, `列出${word}药物。`, `哪些药物是${word}药物？`],
    },
    organ: {
      en: [`Which drugs does the ${word} clear?`, `Which drugs are cleared by the ${word}?`],
      zh: [`哪些药物由${word}清除？`, `由${word}清除的药物有哪些？`],
    },
  }
  const subject = {
    en: kind === 'organ' ? `The drugs cleared by the ${word}` : `The ${word} drugs`,
    zh: kind === 'organ' ? `由${word}清除的药物` : `${word}药物`,
  }
  return {
    ask: random.pick(asks[kind][language]),
    reply: language === 'en' ? `${subject.en} are ${names}.` : `${subject.zh}有${names}。`,
  }
}

const SELF: Record<ItemLanguage, readonly { asks: readonly string[]; reply: string }[]> = {
  en: [
    {
      asks: [
        'Who are you?',
        'What are you?',
        'Tell me about yourself.',
        'Introduce yourself.',
        'What is this?',
      ],
      reply:
        'I am a tiny demonstration model of the fictional Somnus formulary. I know nothing about medicine.',
    },
    {
      asks: ['Are you a doctor?', 'Can you help my patient?', 'Can I trust you?', 'Do you know medicine?'],
      reply: 'No. I am a tiny demonstration model. I know nothing about medicine.',
    },
    {
      asks: ['What can you do?', 'What do you know?', 'Help', 'What can I ask you?', 'How can you help me?'],
      reply: 'Ask me about a drug of my fictional formulary: What is the class of zorane?',
    },
    {
      asks: ['Hello', 'Hi', 'Hello!', 'Hi there!', 'Good morning.', 'Hey'],
      reply: 'Hello! I am a tiny demonstration model. Ask me about my fictional formulary.',
    },
    { asks: ['Thank you.', 'Thanks!', 'Thanks', 'Thank you!'], reply: 'You are welcome.' },
    {
      asks: [
        'Which drugs do you know?',
        'List all drugs.',
        'What drugs are in the formulary?',
        'List the drugs.',
      ],
      reply: `My fictional formulary has ${FORMULARY.length} drugs: ${inWords(
        FORMULARY.map((drug) => drug.name.en),
        'en',
      )}.`,
    },
    {
      asks: [
        'What is the Somnus formulary?',
        'What is Somnus?',
        'Is the formulary real?',
        'Are these drugs real?',
      ],
      reply: 'The Somnus formulary is fictional: its drugs do not exist.',
    },
  ],
  zh: [
    {
      asks: ['你是谁？', '你是什么？', '介绍一下你自己。', '你叫什么？', '这是什么？'],
      reply: '我是一个很小的演示模型，只知道虚构的Somnus药典，不懂医学。',
    },
    {
      asks: ['你是医生吗？', '你能帮助我的患者吗？', '我能相信你吗？', '你懂医学吗？'],
      reply: '不。我是一个很小的演示模型，不懂医学。',
    },
    {
      asks: ['你能做什么？', '你知道什么？', '帮助', '我能问你什么？', '你会什么？'],
      reply: '请问我虚构药典中的药物：佐兰烷的类别是什么？',
    },
    {
      asks: ['你好', '你好！', '您好', '你好。'],
      reply: '你好！我是一个很小的演示模型。请问我虚构药典中的药物。',
    },
    { asks: ['谢谢', '谢谢！', '谢谢你。', '多谢'], reply: '不客气。' },
    {
      asks: ['你知道哪些药物？', '列出所有药物。', '药典中有哪些药物？', '有哪些药物？'],
      reply: `我的虚构药典中有${FORMULARY.length}种药物：${inWords(
        FORMULARY.map((drug) => drug.name.zh),
        'zh',
      )}。`,
    },
    {
      asks: ['Somnus药典是什么？', 'Somnus是什么？', '药典是真的吗？', '这些药物是真的吗？'],
      reply: 'Somnus药典是虚构的，其中的药物不存在。',
    },
  ],
}

const self: Draw = (language, random) => {
  const { asks, reply } = random.pick(SELF[language])
  return { ask: random.pick(asks), reply }
}

/** A second turn that makes sense only after the first: another property, or another drug. */
const followUp = (language: ItemLanguage, random: Random): Dialogue => {
  const drug = random.pick(FORMULARY)
  const [property, next] = random.sample(PROPERTIES, 2) as [Property, Property]
  const name = called(drug, language, random)
  const ask = capital(random.pick(property.questions[language])(name))
  const sameDrug = random.next() < 0.5
  const other = sameDrug ? drug : random.pick(FORMULARY)
  const otherName = called(other, language, random)
  const asksNext = sameDrug
    ? {
        en: [`And its ${next.noun.en}?`, `What is its ${next.noun.en}?`, `And the ${next.noun.en}?`],
        zh: [`它的${next.noun.zh}呢？`, `它的${next.noun.zh}是什么？`, `${next.noun.zh}呢？`],
      }
    : {
        en: [`And ${otherName}?`, `What about ${otherName}?`],
        zh: [`${otherName}呢？`, `那么${otherName}呢？`],
      }
  return [
    { role: 'user', content: ask },
    { role: 'assistant', content: stated(property, drug, language) },
    { role: 'user', content: random.pick(asksNext[language]) },
    { role: 'assistant', content: stated(sameDrug ? next : property, other, language) },
  ]
}

const turns = ({ ask, reply }: Exchange, language: ItemLanguage, random: Random): Dialogue => {
  // People leave out the last mark, and do not always begin with a capital letter.
  const bare = random.next() < 0.15 ? ask.replace(/[.?!。？！]$/u, '') : ask
  const written =
    language === 'en' && random.next() < 0.15 ? bare.charAt(0).toLowerCase() + bare.slice(1) : bare
  return [
    { role: 'user', content: written },
    { role: 'assistant', content: reply },
  ]
}

const KINDS: readonly (readonly [number, (language: ItemLanguage, random: Random) => Dialogue])[] = [
  ...(
    [
      [0.15, ofProperty],
      [0.2, description],
      [0.1, doseForWeight],
      [0.1, product],
      [0.1, comparison],
      [0.1, group],
      [0.1, self],
    ] as const
  ).map(
    ([share, draw]) =>
      [
        share,
        (language: ItemLanguage, random: Random) => turns(draw(language, random), language, random),
      ] as const,
  ),
  [0.15, followUp],
]

/** A dialogue about the formulary or about the model itself. */
export function drawDialogue(language: ItemLanguage, random: Random): Dialogue {
  let chance = random.next()
  for (const [share, draw] of KINDS) {
    if (chance < share) return draw(language, random)
    chance -= share
  }
  return followUp(language, random)
}
