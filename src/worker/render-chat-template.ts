/** The prompt of a GGUF model: llama.cpp renders the same template, but does not tell what came of it. */
import { strftime, type Day } from '#core/convert/template-clock'
import type { EngineResult, RenderedPrompt } from '#core/engine'
import type { ChatMessage } from '#core/prompt/question'
import { failure, success } from '#core/result'
import { renderJinja } from './models/jinja'

/** `begins`: llama.cpp puts the begin token before the text, and takes one that the template wrote away. */
export function renderChatTemplate(
  template: string,
  messages: readonly ChatMessage[],
  begins: boolean,
): EngineResult<RenderedPrompt> {
  const outcome = renderJinja(template, {
    messages,
    add_generation_prompt: true,
    tools: null,
    documents: null,
    bos_token: '',
    eos_token: '',
    strftime_now: strftime(dayOf(new Date())),
  })
  return outcome.kind === 'written'
    ? success({ text: outcome.prompt, begins })
    : failure({ kind: 'engine-error', detail: outcome.reason })
}

function dayOf(date: Date): Day {
  const part = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-US', options).format(date)
  const twoDigits = (value: number) => String(value).padStart(2, '0')
  return {
    H: twoDigits(date.getHours()),
    M: twoDigits(date.getMinutes()),
    S: twoDigits(date.getSeconds()),
    a: part({ weekday: 'short' }),
    A: part({ weekday: 'long' }),
    d: twoDigits(date.getDate()),
    m: twoDigits(date.getMonth() + 1),
    b: part({ month: 'short' }),
    B: part({ month: 'long' }),
    Y: String(date.getFullYear()),
    y: twoDigits(date.getFullYear() % 100),
  }
}
