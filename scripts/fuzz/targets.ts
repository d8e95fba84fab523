/** Everything of the app that reads what others made, as it is called there. None of it may throw. */
import { readFileSync } from 'node:fs'
import { createCheckHashing } from '#app/check-hashing'
import { officialExtraction } from '#core/answer/official'
import { strictExtraction } from '#core/answer/strict'
import { parseCatalog } from '#core/catalog'
import type { TemplateVariables } from '#core/convert/chat-template'
import { readPresetFile } from '#core/chat/files/preset-file'
import { readConversation } from '#core/chat/files/read-conversation'
import { splitReply } from '#core/chat/reasoning'
import { stepChain } from '#core/chat/reasoning-steps'
import { prepareConversion } from '#core/convert/prepare'
import type { CheckpointSource } from '#core/convert/source'
import { HUB_ANSWER_LIMIT_BYTES, readHubRevision, readHubTree } from '#core/model/hub-tree'
import { parseLibraries } from '#core/model/known-libraries'
import { LIBRARY_LIMIT_BYTES, readLibraryMetadata } from '#core/model/library-metadata'
import { MOST_PROMPT_FILE_BYTES, readPromptFile } from '#core/prompt/prompt-file'
import { checkFile, type CheckHashing } from '#core/receipt/file-checks'
import { readJsonFile } from '#core/receipt/json-file'
import { PLAN_FILE_FORMAT, readPlanFile } from '#core/receipt/plan-file'
import { runFileOf } from '#core/receipt/read'
import { foldRun } from '#core/receipt/run-events'
import { failure, success, type Result } from '#core/result'
import { readSources } from '#data/dataset-source'
import { inspectFiles } from '#worker/models/inspect-files'
import { renderJinja } from '#worker/models/jinja'
import { readWorkspace } from './read-workspace'

export type Files = ReadonlyMap<string, Uint8Array<ArrayBuffer>>

export type Outcome = 'accepted' | 'refused'

export interface Target {
  name: string
  /** Seeds that lie elsewhere: files, each one seed. */
  seedFiles?: readonly string[]
  read(files: Files): Promise<Outcome>
}

const PARQUET = ['none', 'snappy', 'gzip', 'brotli', 'lz4', 'zstd']

export async function createTargets(): Promise<Target[]> {
  const ports = inspectPorts()
  const hashing = await createCheckHashing()
  return [
    {
      name: 'dataset',
      seedFiles: PARQUET.map((codec) => `tests/fixtures/datasets/questions.${codec}.parquet`),
      async read(files) {
        const sources = [...files].map(([name, bytes]) => ({ name, blob: new Blob([bytes]) }))
        return outcome(await readSources(sources, { onBytes: nothing, onRows: nothing }))
      },
    },
    {
      name: 'model',
      async read(files) {
        const folder = files.size > 1 ? 'model/' : ''
        const chosen = [...files].map(([path, bytes]) => ({
          path: folder + path,
          file: new File([bytes], path.slice(path.lastIndexOf('/') + 1)),
        }))
        return outcome(await inspectFiles(chosen, null, ports, NEVER))
      },
    },
    {
      name: 'library',
      read: (files) =>
        eachFile(files, (bytes, path) => readLibraryMetadata(path, bytes.subarray(0, LIBRARY_LIMIT_BYTES))),
    },
    {
      name: 'checkpoint',
      async read(files) {
        const choices = { quantization: 'q4f16_1', family: null } as const
        return outcome(await prepareConversion(sourceOf(files), choices, renderJinja, NEVER))
      },
    },
    { name: 'template', read: (files) => eachFile(files, (bytes) => renderTemplate(textOf(bytes))) },
    { name: 'receipt', read: (files) => eachFile(files, (bytes) => readReceipt(textOf(bytes), hashing)) },
    {
      name: 'prompts',
      read: (files) =>
        eachFile(files, (bytes) =>
          bytes.length > MOST_PROMPT_FILE_BYTES ? failure('too-large') : readPromptFile(textOf(bytes)),
        ),
    },
    {
      name: 'hub',
      read: (files) =>
        eachFile(files, (bytes, path) =>
          bytes.length > HUB_ANSWER_LIMIT_BYTES
            ? failure('too-large')
            : (path.startsWith('tree') ? readHubTree : readHubRevision)(textOf(bytes)),
        ),
    },
    {
      name: 'chat',
      read: (files) =>
        eachFile(files, (bytes, path) =>
          path.startsWith('preset') ? readPresetFile(textOf(bytes)) : endOf(readConversation(textOf(bytes))),
        ),
    },
    { name: 'workspace', read: async (files) => outcome(await readWorkspace(files)) },
    { name: 'reply', read: (files) => eachFile(files, (bytes) => readReply(textOf(bytes))) },
  ]
}

const NEVER = new AbortController().signal

function nothing(): void {}

function outcome(result: Result<unknown, unknown>): Outcome {
  return result.ok ? 'accepted' : 'refused'
}

async function eachFile(
  files: Files,
  read: (bytes: Uint8Array<ArrayBuffer>, path: string) => Result<unknown, unknown>,
): Promise<Outcome> {
  let last: Outcome = 'refused'
  for (const [path, bytes] of files) last = outcome(read(bytes, path))
  return Promise.resolve(last)
}

/** As a Blob's `text()`: what is no UTF-8 becomes a replacement character. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

/** As opening a file on the results page does, up to storing it. */
function readReceipt(text: string, hashing: CheckHashing): Result<unknown, unknown> {
  const json = endOf(readJsonFile(text, 'answers'))
  if (!json.ok) return json
  if (json.value.head['format'] === PLAN_FILE_FORMAT) return readPlanFile(json.value.head)
  const file = endOf(runFileOf(json.value))
  if (!file.ok) return file
  endOf(checkFile(file.value, hashing))
  return endOf(foldRun({ ...file.value, at: file.value.exportedAt }))
}

const MESSAGES: TemplateVariables['messages'] = [
  { role: 'system', content: 'You are careful.' },
  { role: 'user', content: 'Which drug?' },
  { role: 'assistant', content: '<think>Hm.</think>\n\nZimbrol.' },
  { role: 'user', content: '为什么？' },
]

function renderTemplate(template: string): Result<unknown, unknown> {
  const written = renderJinja(template, {
    messages: MESSAGES,
    strftime_now: () => '22 Nov 2026',
    add_generation_prompt: true,
    tools: null,
    bos_token: '<s>',
  })
  return written.kind === 'written' ? success(written) : failure(written)
}

const OPTIONS = ['zimbrol', 'kidney and liver', 'C, or both (A) and (B)', '以上都不对']

function readReply(reply: string): Result<unknown, unknown> {
  const official = officialExtraction(reply, OPTIONS)
  const strict = strictExtraction(reply, OPTIONS, 'stop')
  splitReply(reply)
  stepChain(reply)
  return official.kind === 'letter' || strict.kind === 'letter' ? success(reply) : failure('no-letter')
}

function endOf<Value>(steps: Generator<unknown, Value>): Value {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

function sourceOf(files: Files): CheckpointSource {
  const part = (path: string, begin: number, end: number) => {
    const bytes = files.get(path)?.slice(begin, end)
    return bytes?.length === end - begin
      ? success(bytes)
      : failure({ kind: 'file-unreadable' as const, path, detail: 'ends early' })
  }
  return {
    files: () =>
      Promise.resolve(success([...files].map(([path, content]) => ({ path, bytes: content.length })))),
    read: (path, begin, end) => Promise.resolve(part(path, begin, end)),
    readText(path, begin, end) {
      const bytes = part(path, begin, end)
      if (!bytes.ok) return Promise.resolve(bytes)
      try {
        return Promise.resolve(success(new TextDecoder('utf-8', { fatal: true }).decode(bytes.value)))
      } catch {
        return Promise.resolve(failure({ kind: 'file-unreadable' as const, path, detail: 'no UTF-8' }))
      }
    },
  }
}

function inspectPorts() {
  const catalog = parseCatalog(JSON.parse(readFileSync('models.json', 'utf8')))
  const libraries = parseLibraries(JSON.parse(readFileSync('libraries.json', 'utf8')))
  if (!catalog.ok || !libraries.ok) throw new Error('The catalog is faulty.')
  return {
    catalog: catalog.value,
    libraries: libraries.value.libraries,
    generation: 'v0_2_86' as const,
    onProgress: nothing,
  }
}
