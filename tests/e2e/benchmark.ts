/** What a user does on the Benchmark page, by the labels they read. */
import type { Page } from 'playwright'
import { expect } from 'vitest'

export interface DatasetFile {
  name: string
  mimeType: string
  buffer: Buffer
}

export function jsonFile(name: string, rows: unknown): DatasetFile {
  return { name, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(rows)) }
}

/** A row in AnesBench's current shape. */
export function row(id: string, question: string, category?: number): Record<string, unknown> {
  return {
    id,
    question,
    ...{ A: 'liver', B: 'kidney', C: 'lung', D: 'plasma' },
    choice_num: 4,
    target: 'B',
    ...(category === undefined ? {} : { category }),
  }
}

export async function openBenchmark(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Benchmark', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Benchmark' }).waitFor()
}

export async function chooseFiles(page: Page, files: DatasetFile[] | string): Promise<void> {
  await page.locator('input[type=file]').setInputFiles(files)
}

/** Starts a run over a sample of the selected dataset with the built-in model. */
export async function startSample(page: Page, size: number, maxTokens = 200): Promise<void> {
  await page.getByRole('radio', { name: 'A random sample' }).check()
  await page.getByLabel('Sample size').fill(String(size))
  await page.getByText('Decoding', { exact: false }).first().click()
  await page.getByLabel('Most new tokens per answer').fill(String(maxTokens))
  await page.getByRole('button', { name: new RegExp(`^Start: ${size} questions`) }).click()
}

export async function waitForFinish(page: Page, timeoutMs: number): Promise<void> {
  await page.getByText('Run finished').waitFor({ timeout: timeoutMs })
}

export interface StoredEvent {
  kind: string
  answer?: { position: number; reply: string; hidden: boolean; item: { id: string } }
}

/** The events of every run, as they lie in IndexedDB. */
export function storedEvents(page: Page): Promise<StoredEvent[]> {
  return page.evaluate(async () => {
    const request = indexedDB.open('somnus')
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(new Error('the database did not open'))
    })
    const all = database.transaction('runEvents').objectStore('runEvents').getAll()
    return new Promise<StoredEvent[]>((resolve, reject) => {
      all.onsuccess = () => {
        database.close()
        resolve(all.result as StoredEvent[])
      }
      all.onerror = () => reject(new Error('the events could not be read'))
    })
  })
}

/** Every question of the run has one answer, and no question has two. */
export function expectEachAnsweredOnce(events: readonly StoredEvent[], total: number): void {
  const answers = events.flatMap(({ answer }) => answer ?? [])
  expect(answers.map(({ position }) => position)).toEqual(Array.from({ length: total }, (_, index) => index))
  expect(new Set(answers.map(({ item }) => item.id)).size).toBe(total)
}
