import { Template } from '@huggingface/jinja'
import type { RenderJinja } from '#core/convert/chat-template'
import { failure, success } from '#core/result'

export const renderJinja: RenderJinja = (template, variables) => {
  try {
    return success(new Template(template).render(variables as Record<string, unknown>))
  } catch (error) {
    return failure(String(error))
  }
}
