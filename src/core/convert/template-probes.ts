/** Conversations that tell templates apart. */
import type { Message } from './conversation'
import { OTHER_DAY, type Day } from './template-clock'

export const SYSTEM = 'SYSTEM-TEXT'
export const USER = 'FIRST-QUESTION'
const REPLY = 'FIRST-REPLY'
const AGAIN = 'SECOND-QUESTION'

const say = (role: Message['role'], content: string): Message => ({ role, content })

export interface Probe {
  name: 'question' | 'turns' | 'system' | 'system-turns' | 'thinking' | 'blanks' | 'date'
  /** Must be rendered alike for a template to count as recognised; the others' differences are only shown. */
  isEssential: boolean
  messages: readonly Message[]
  /** What the template is told of the date; the usual one where nothing is said. */
  day?: Day
}

export const PROBES: readonly Probe[] = [
  { name: 'question', isEssential: true, messages: [say('user', USER)] },
  {
    ...{ name: 'turns', isEssential: true },
    messages: [say('user', USER), say('assistant', REPLY), say('user', AGAIN)],
  },
  { name: 'system', isEssential: true, messages: [say('system', SYSTEM), say('user', USER)] },
  {
    ...{ name: 'system-turns', isEssential: false },
    messages: [say('system', SYSTEM), say('user', USER), say('assistant', REPLY), say('user', AGAIN)],
  },
  {
    ...{ name: 'thinking', isEssential: false },
    messages: [
      say('user', USER),
      say('assistant', `<think>\nA-THOUGHT\n</think>\n\n${REPLY}`),
      say('user', AGAIN),
    ],
  },
  { name: 'blanks', isEssential: false, messages: [say('user', `  ${USER}\n\n${AGAIN} `)] },
  { name: 'date', isEssential: false, messages: [say('user', USER)], day: OTHER_DAY },
]
