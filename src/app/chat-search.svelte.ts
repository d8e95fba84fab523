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
  #isStale = true

  constructor(ports: ChatSearchPorts) {
    this.#ports = ports
  }

  get query(): string {
    return this.#query
  }

  set query(query: string) {
    this.#query = query
    if (query.trim() === '') this.#result = null
    else void this.#search()
  }

  /** Null while nothing is looked for, or nothing has been found yet. */
  get result(): SearchResult | null {
    return this.#result
  }

  /** Conversations changed: the next search looks at them again, and so does the present one. */
  again(): void {
    this.#isStale = true
    if (this.#query.trim() !== '') void this.#search()
  }

  async #search(): Promise<void> {
    if (this.#isSearching) return
    this.#isSearching = true
    try {
      for (let asked: string | null = null; asked !== this.#query || this.#isStale;) {
        asked = this.#query
        const api = await (this.#api ??= this.#open())
        const result = await api.search(asked, this.#takeStale())
        if (asked === this.#query && asked.trim() !== '') this.#result = result
      }
    } finally {
      this.#isSearching = false
    }
  }

  #takeStale(): boolean {
    const isStale = this.#isStale
    this.#isStale = false
    return isStale
  }

  async #open(): Promise<Remote<ChatSearchApi>> {
    const api = wrap<ChatSearchApi>((this.#ports.spawn ?? spawnSearchWorker)())
    await api.open(this.#ports.databaseName)
    return api
  }
}
