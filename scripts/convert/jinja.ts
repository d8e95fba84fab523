/** Renders chat templates with @huggingface/jinja where it is installed. */
import type { RenderJinja } from '#core/convert/chat-template'
import { failure, success } from '#core/result'

interface JinjaModule {
  Template: new (text: string) => { render(variables: object): string }
}

/** Null where the package is not installed. */
export async function loadJinja(): Promise<RenderJinja | null> {
  // A name that is no literal: compilers and bundlers must not look for it.
  const name = ['@huggingface', 'jinja'].join('/')
  const module = await (import(/* @vite-ignore */ name) as Promise<JinjaModule>).catch(() => null)
  if (!module) return null
  return (template, variables) => {
    try {
      return success(new module.Template(template).render(variables))
    } catch (error) {
      return failure(String(error))
    }
  }
}
