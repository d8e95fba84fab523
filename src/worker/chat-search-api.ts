/** What the search worker answers; the page imports nothing else of it. */
import type { SearchResult } from '#core/chat/search'

export interface ChatSearchApi {
  /** Opens the database; the first search reads all messages. */
  open(databaseName: string): Promise<void>
  /** `isStale`: conversations may have changed since the last search. */
  search(query: string, isStale: boolean): Promise<SearchResult>
}
