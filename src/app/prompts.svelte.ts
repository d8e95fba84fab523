import { ANESBENCH_PROMPTS } from '#core/prompt/anesbench'
import { CITRUS_ID } from '#core/prompt/citrus-decoding'
import { sameWords, type PromptSet, type PromptSetId } from '#core/prompt/prompt-set'
import { failure, success, type Result } from '#core/result'
import type { PromptFileFailure } from '#core/prompt/prompt-file'
import type { PromptDatabase } from '#data/db/prompts'
import type { PromptEditing } from './prompt-editing.svelte'

export interface PromptsOptions {
  database: Pick<PromptDatabase, 'list' | 'save' | 'remove'>
  now: () => number
  newId: () => PromptSetId
}

export type PromptImportFailure = PromptFileFailure | { kind: 'too-large'; mostBytes: number }

/** The prompt sets: the built-in ones and those that the user made or was given. */
export class Prompts {
  readonly #options: PromptsOptions
  #builtIn = $state.raw<readonly PromptSet[]>([ANESBENCH_PROMPTS])
  #own = $state.raw<readonly PromptSet[]>([])
  #editing = $state.raw<PromptEditing | null>(null)
  readonly #list = $derived([...this.#builtIn, ...this.#own])

  constructor(options: PromptsOptions) {
    this.#options = options
  }

  /** The built-in sets, AnesBench's first, then the user's, the last saved first. */
  get list(): readonly PromptSet[] {
    return this.#list
  }

  /** What is being edited; it stays while the user looks at other pages. */
  get editing(): PromptEditing | null {
    return this.#editing
  }

  /** Fetches the built-in sets that the first screen does without. */
  async loadBuiltIn(): Promise<void> {
    const { CITRUS_PROMPTS } = await import('#core/prompt/citrus')
    this.#builtIn = [ANESBENCH_PROMPTS, CITRUS_PROMPTS]
  }

  async load(): Promise<void> {
    this.#own = (await this.#options.database.list()).map(({ prompts }) => prompts)
  }

  isBuiltIn({ id }: PromptSet): boolean {
    return id === ANESBENCH_PROMPTS.id || id === CITRUS_ID
  }

  /** Begins to edit a set of the user's. */
  async edit(prompts: PromptSet): Promise<void> {
    await this.#begin(prompts, { id: prompts.id, name: prompts.name })
  }

  /** Begins a set of its own from another one's words. */
  async copy(prompts: PromptSet, name: string): Promise<void> {
    await this.#begin(prompts, { id: this.#options.newId(), name: this.#freeName(name) })
  }

  discard(): void {
    this.#editing = null
  }

  /** Stores what is being edited; null while it cannot be used. */
  async save(): Promise<PromptSet | null> {
    const editing = this.#editing
    if (!editing || editing.problems.length > 0) return null
    const { result } = editing
    await this.#store(result)
    this.#editing = null
    return result
  }

  /** Deletes a set of the user's; the function returned brings it back. */
  async remove(prompts: PromptSet): Promise<() => Promise<void>> {
    await this.#options.database.remove(prompts.id)
    await this.load()
    return () => this.#store(prompts)
  }

  /** The set as a file that `importFile` reads, here and elsewhere. */
  async exportFile(prompts: PromptSet): Promise<File> {
    const { promptFileName, promptFileText } = await import('#core/prompt/prompt-file')
    return new File([promptFileText(prompts)], promptFileName(prompts), { type: 'application/json' })
  }

  /** Adds the set of a file; one that is here word for word under its name is not added again. */
  async importFile(file: Blob): Promise<Result<{ prompts: PromptSet; isNew: boolean }, PromptImportFailure>> {
    const { MOST_PROMPT_FILE_BYTES, readPromptFile } = await import('#core/prompt/prompt-file')
    if (file.size > MOST_PROMPT_FILE_BYTES) {
      return failure({ kind: 'too-large', mostBytes: MOST_PROMPT_FILE_BYTES })
    }
    const read = readPromptFile(await file.text())
    if (!read.ok) return read
    const known = this.#list.find(
      ({ name, ...other }) => name === read.value.name && sameWords(other, read.value),
    )
    if (known) return success({ prompts: known, isNew: false })
    // Another set may have the id with other words: one from the same origin, edited on since.
    const isFree = !this.#list.some(({ id }) => id === read.value.id)
    const prompts: PromptSet = {
      ...read.value,
      id: isFree ? read.value.id : this.#options.newId(),
      name: this.#freeName(read.value.name),
    }
    await this.#store(prompts)
    return success({ prompts, isNew: true })
  }

  async #begin(base: PromptSet, as: { id: PromptSetId; name: string }): Promise<void> {
    const { PromptEditing } = await import('./prompt-editing.svelte')
    const isTaken = (name: string) => this.#list.some((other) => other.id !== as.id && other.name === name)
    this.#editing = new PromptEditing(base, as, isTaken)
  }

  /** The name, numbered where it is taken. */
  #freeName(name: string): string {
    const taken = this.#list.map((prompts) => prompts.name)
    let free = name
    for (let number = 2; taken.includes(free); number += 1) free = `${name} ${number}`
    return free
  }

  async #store(prompts: PromptSet): Promise<void> {
    await this.#options.database.save(prompts, this.#options.now())
    await this.load()
  }
}
