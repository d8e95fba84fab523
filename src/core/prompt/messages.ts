/** From a template and a question to the messages that the model receives. */
import { letterList, optionLetter, type ChatMessage, type PromptQuestion } from './question'
import { PLACEHOLDERS, type PromptTemplate } from './prompt-set'

/** A solved example needs its key. */
export interface SolvedQuestion extends PromptQuestion {
  targetIndex: number
}

/** The messages for one question: system message if there is one, solved examples, the question. */
export function promptMessages(
  question: PromptQuestion,
  template: PromptTemplate,
  examples: readonly SolvedQuestion[] = [],
): ChatMessage[] {
  const system = template.system[question.language]
  return [
    ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
    ...examples.flatMap((example): ChatMessage[] => [
      { role: 'user', content: userMessage(example, template) },
      { role: 'assistant', content: exampleAnswer(example, template) },
    ]),
    { role: 'user', content: userMessage(question, template) },
  ]
}

function userMessage(question: PromptQuestion, { user }: PromptTemplate): string {
  const { language, stem, options } = question
  const values: Record<string, string> = {
    '{letters}': letterList(options.length, language),
    '{question}': stem,
    '{options}': options.map((text, index) => `${optionLetter(index)}. ${text}`).join('\n'),
  }
  return fill(user[language], PLACEHOLDERS, values)
}

function exampleAnswer(
  { language, options, targetIndex }: SolvedQuestion,
  { example }: PromptTemplate,
): string {
  const values = { '{letter}': optionLetter(targetIndex), '{text}': options[targetIndex] ?? '' }
  return fill(example[language], Object.keys(values), values)
}

/** In one pass, so that a placeholder's text inside a question stays as it is. */
function fill(text: string, names: readonly string[], values: Readonly<Record<string, string>>): string {
  const pattern = new RegExp(names.map((name) => name.replace(/[{}]/g, '\\$&')).join('|'), 'g')
  return text.replace(pattern, (name) => values[name] ?? name)
}
