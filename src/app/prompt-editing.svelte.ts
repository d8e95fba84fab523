import { promptProblems, type PromptProblem, type TemplatePlace } from '#core/prompt/check-prompts'
import { nextVersion, sameWords, type PromptSet, type PromptSetId } from '#core/prompt/prompt-set'

export type EditingProblem = PromptProblem | { kind: 'name-taken' }

/** Prompts being changed; nothing is stored before they are saved. */
export class PromptEditing {
  /** What the editing began with. */
  readonly base: PromptSet
  /** Whether it becomes a set of its own. */
  readonly isNew: boolean
  readonly #id: PromptSetId
  readonly #isTaken: (name: string) => boolean
  #templates: PromptSet['templates']
  name: string

  /** `isTaken`: whether another set has the name. */
  constructor(base: PromptSet, as: { id: PromptSetId; name: string }, isTaken: (name: string) => boolean) {
    this.base = base
    this.isNew = as.id !== base.id
    this.#id = as.id
    this.#isTaken = isTaken
    this.name = $state(as.name)
    this.#templates = $state.raw(base.templates)
  }

  get templates(): PromptSet['templates'] {
    return this.#templates
  }

  get problems(): readonly EditingProblem[] {
    const problems: EditingProblem[] = promptProblems({ name: this.name, templates: this.#templates })
    return this.#isTaken(this.name.trim()) ? [{ kind: 'name-taken' }, ...problems] : problems
  }

  get isChanged(): boolean {
    return this.isNew || this.name.trim() !== this.base.name || !sameWords(this.base, this)
  }

  /** The set as it would be saved: other words make another version. */
  get result(): PromptSet {
    const { base } = this
    const version = this.isNew ? '1' : sameWords(base, this) ? base.version : nextVersion(base.version)
    return { id: this.#id, name: this.name.trim(), version, templates: this.#templates }
  }

  text({ kind, field, language }: TemplatePlace): string {
    return this.#templates[kind][field][language]
  }

  write({ kind, field, language }: TemplatePlace, text: string): void {
    const template = this.#templates[kind]
    this.#templates = {
      ...this.#templates,
      [kind]: { ...template, [field]: { ...template[field], [language]: text } },
    }
  }
}
