/** Solved examples for n-shot prompts. */
import type { Dataset, Item } from '../dataset/item'
import type { ItemMeta } from '../dataset/strata'
import type { ItemLanguage } from '../prompt/question'
import { failure, success, type Result } from '../result'
import { drawWithoutReplacement, randomBelow } from './random'
import { STREAMS } from './streams'

/** Reads items of one dataset. */
export interface ItemSource {
  metas: readonly ItemMeta[]
  /** In the order of the indexes, without those that are gone. */
  items(indexes: readonly number[]): Promise<Item[]>
}

/** The pool has too few items that the run does not ask itself. */
export interface TooFewShots {
  kind: 'too-few-shots'
  language: ItemLanguage
  wanted: number
  found: number
}

/** Candidates read at a time. */
const BATCH = 64

/** What the run asks, which no example may give away. */
export class AskedItems {
  readonly #names = new Set<string>()
  readonly #stems = new Set<string>()
  readonly #itemsSha256: string

  /** @param itemsSha256 of the dataset that the run asks; ids mean something only within one. */
  constructor(itemsSha256: string) {
    this.#itemsSha256 = itemsSha256
  }

  add(item: Pick<Item, 'id' | 'language' | 'stem'>): void {
    this.#names.add(nameOf(item))
    this.#stems.add(comparable(item.stem))
  }

  hasName(item: Pick<Item, 'id' | 'language'>, pool: Pick<Dataset, 'itemsSha256'>): boolean {
    return pool.itemsSha256 === this.#itemsSha256 && this.#names.has(nameOf(item))
  }

  hasStem({ stem }: Pick<Item, 'stem'>): boolean {
    return this.#stems.has(comparable(stem))
  }
}

/** `count` examples of each language in random order (by `seed`), none of them asked, no stem twice. */
export async function drawShots(
  choice: { pool: Pick<Dataset, 'itemsSha256'>; count: number },
  pool: ItemSource,
  languages: readonly ItemLanguage[],
  asked: AskedItems,
  seed: number,
): Promise<Result<Item[], TooFewShots>> {
  const shots: Item[] = []
  for (const language of languages) {
    const candidates = sortedById(pool.metas, language).filter(
      (index) => !asked.hasName(pool.metas[index] ?? NO_META, choice.pool),
    )
    const order = drawWithoutReplacement(
      candidates,
      candidates.length,
      randomBelow(seed, STREAMS.shots[language]),
    )
    const found = await firstFree(order, choice.count, pool, asked)
    if (found.length < choice.count) {
      return failure({ kind: 'too-few-shots', language, wanted: choice.count, found: found.length })
    }
    shots.push(...found)
  }
  return success(shots)
}

/** The examples that go before a question: those of its language. */
export function shotsFor(shots: { items: readonly Item[] } | null, language: ItemLanguage): Item[] {
  return shots?.items.filter((item) => item.language === language) ?? []
}

const NO_META = { id: '', language: 'en' } as const

async function firstFree(
  order: readonly number[],
  count: number,
  pool: ItemSource,
  asked: AskedItems,
): Promise<Item[]> {
  const found: Item[] = []
  const stems = new Set<string>()
  for (let from = 0; from < order.length && found.length < count; from += BATCH) {
    for (const item of await pool.items(order.slice(from, from + BATCH))) {
      const stem = comparable(item.stem)
      if (found.length === count || asked.hasStem(item) || stems.has(stem)) continue
      stems.add(stem)
      found.push(item)
    }
  }
  return found
}

function sortedById(metas: readonly ItemMeta[], language: ItemLanguage): number[] {
  return metas
    .flatMap((meta, index) => (meta.language === language ? [{ id: meta.id, index }] : []))
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
    .map(({ index }) => index)
}

function nameOf({ id, language }: Pick<Item, 'id' | 'language'>): string {
  return `${language}/${id}`
}

/** Blanks, letter case and full-width forms do not make another question. */
function comparable(stem: string): string {
  return stem.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase()
}
