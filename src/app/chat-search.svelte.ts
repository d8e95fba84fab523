import { wrap, type Remote } from 'comlink'
import type { SearchResult } from '#core/chat/search'
import type { ChatSearchApi } from '#worker/chat-search-api'

export interface ChatSearchPorts {
  databaseName: string
  spawn?: () => Worker
}

function spawnSearchWorker(): Worker {
  return new Worker(new URL('../worker/chat-search.ts', import.meta.url), {
    type: 'module',
    name: 'somnus-chat-search',
  })
}

/** What is looked for in all conversations, and what was found. */
export class ChatSearch {
  readonly #ports: ChatSearchPorts
  #query = $state('')
  #result = $state.raw<SearchResult | null>(null)
  #api: Promise<Remote<ChatSearchApi>> | undefined
  /** While a search is under way only the last query waits for it. */
  #isSearching = false

  constructor(ports: ChatSearchPorts) {
    this.#ports = ports
  }

  get query(): string {
    return this.#query
  }

  set query(query: string) {
    this.#query = query
    void this.#search()
  }

  /** Null while nothing is looked for, or nothing has been found yet. */
  get result(): SearchResult | null {
    return this.#query.trim() === '' ? null : this.#result
  }

  /** Looks again, after conversations changed. */
  again(): void {
    if (this.#query.trim() !== '') void this.#search()
  }

  async #search(): Promise<void> {
    if (this.#isSearching) return
    this.#isSearching = true
    try {
      for (let asked: string | null = null; asked !== this.#query;) {
        asked = this.#query
        const api = await (this.#api ??= this.#open())
        const result = await api.search(asked)
        if (asked === this.#query) this.#result = result
      }
    } finally {
      this.#isSearching = false
    }
  }

  async #open(): Promise<Remote<ChatSearchApi>> {
    const api = wrap<ChatSearchApi>((this.#ports.spawn ?? spawnSearchWorker)())
    await api.open(this.#ports.databaseName)
    return api
  }
}
