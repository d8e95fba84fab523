/** Conversations that show what the model can and cannot do; the app suggests some of them. */
import type { ChatMessage } from '#core/prompt/question'

type Turn = Pick<ChatMessage, 'role' | 'content'>

const ask = (...contents: readonly string[]): Turn[] => contents.map((content) => ({ role: 'user', content }))

export const CONVERSATIONS: readonly (readonly Turn[])[] = [
  ask('Who are you?'),
  ask('Tell me about zorane.'),
  ask('What is the class of zorane?', 'And its route?'),
  ask('What is the onset of Lantrol?', 'What about krevol?'),
  ask('What is the dose of fenlam for a child of 7 kg?'),
  ask('Which is faster, mirvane or keldane?'),
  ask('Which opioid drugs do you know?'),
  ask('Which drugs does the liver clear?'),
  ask('Which drugs do you know?'),
  ask('What is the dose of propofol?'),
  ask('What is the capital of Italy?'),
  ask('How do I intubate a patient?'),
  ask('Hello'),
  ask('thanks'),
  ask('你是谁？'),
  ask('介绍一下佐兰烷。'),
  ask('佐兰烷的类别是什么？', '它的给药途径呢？'),
  ask('体重7公斤的儿童使用芬拉胺的剂量是多少？'),
  ask('米尔烷和凯丹烷哪个起效更快？'),
  ask('阿片类药物有哪些？'),
  ask('你知道哪些药物？'),
  ask('丙泊酚的剂量是多少？'),
  ask('今天天气怎么样？'),
  ask('你好'),
  [
    { role: 'system', content: 'You are a careful teacher of anesthesia.' },
    ...ask('What is the route of ruvam?'),
  ],
  [{ role: 'system', content: '你是一位麻醉学老师。' }, ...ask('鲁沃胺的给药途径是什么？')],
]
