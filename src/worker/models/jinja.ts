/** Renders chat templates. */
import { Template } from '@huggingface/jinja'
import type { RenderJinja } from '#core/convert/chat-template'

/** What a template's own `raise_exception` throws. */
class Refusal extends Error {}

function refuse(reason: unknown): never {
  throw new Refusal(String(reason))
}

/** Functions that the package has too, with its own clock and errors; it lets only a template replace them. */
const REPLACED = ['raise_exception', 'strftime_now']
/** Jinja drops the line's end behind a block, so that the template begins where it began. */
const REPLACING = REPLACED.map((name) => `{% set ${name} = given_${name} %}\n`).join('')

export const renderJinja: RenderJinja = (template, { strftime_now, ...variables }) => {
  const given = { given_raise_exception: refuse, given_strftime_now: strftime_now }
  try {
    const prompt = new Template(REPLACING + template).render({ ...variables, ...given })
    return { kind: 'written', prompt }
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', reason: error.message }
    return { kind: 'failed', reason: String(error) }
  }
}
