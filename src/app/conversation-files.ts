import { canonicalJson } from '#core/export/canonical-json'
import type { DocumentTexts } from '#core/chat/files/document'
import { chatFileName } from '#core/chat/files/file-name'
import { MAX_CONVERSATION_BYTES, MAX_PRESET_BYTES } from '#core/chat/files/limits'
import type { ConversationFile, ConversationScope, FileMessage } from '#core/chat/files/conversation-file'
import type { SharedPreset } from '#core/chat/files/preset-file'
import type { ChatFileProblem } from '#core/chat/files/read-conversation'
import { branchTo, treeOf } from '#core/chat/tree'
import type {
  ChatStorageFailure,
  ConversationId,
  ConversationRecord,
  MessageId,
  MessageRecord,
} from '#core/chat/types'
import { failure, success, type Result } from '#core/result'
import type { ChatDatabase } from '#data/db/chats'
import { sha256OfText } from '#data/sha256'
import { collect, inSteps } from './slices'

export type ConversationFormat = 'json-tree' | 'json-branch' | 'markdown' | 'html'

export interface ConversationFilesPorts {
  database: Pick<ChatDatabase, 'conversation' | 'messages' | 'list' | 'create'>
  /** Called after a conversation was stored here: lists read anew, other tabs are told. */
  changed: () => Promise<void>
  appVersion: string
  /** Milliseconds since 1970. */
  now: () => number
  newId: () => ConversationId
}

export type ChatFileFailure =
  | ChatFileProblem
  | { kind: 'too-large'; bytes: number; limit: number }
  /** The browser could not read it: it was moved or changed. */
  | { kind: 'unreadable' }
  | { kind: 'not-stored'; failure: ChatStorageFailure }

/** `problem`: why it could not be opened again, such as a message that is too long; null where it can, or never is. */
export interface SavedConversation {
  file: File
  problem: ChatFileFailure | null
}

/** What became of a file: `isNew` is false where all of it is here already. */
export interface ImportedConversation {
  id: ConversationId
  title: string
  isNew: boolean
}

export interface ExportWords {
  texts: DocumentTexts
  /** A model's Markdown as sanitised HTML. */
  render: (markdown: string) => string
}

/** Conversations and presets as files. */
export class ConversationFiles {
  readonly #ports: ConversationFilesPorts

  constructor(ports: ConversationFilesPorts) {
    this.#ports = ports
  }

  /** A conversation as a file to save; null when it is gone. Data is read back before it is handed out. */
  async exportConversation(
    id: ConversationId,
    format: ConversationFormat,
    words: ExportWords,
  ): Promise<SavedConversation | null> {
    const { database, now } = this.#ports
    const [conversation, messages] = await Promise.all([database.conversation(id), database.messages(id)])
    if (!conversation) return null
    const at = now()
    const kind = FILE_KINDS[format]
    const parts = await this.#parts(conversation, messages, format, words, at)
    const file = new File(parts, chatFileName('chat', conversation.title, at, kind.ending), {
      type: kind.type,
    })
    const read = kind === JSON_KIND ? await readFile(file) : null
    return { file, problem: read && !read.ok ? read.failure : null }
  }

  /** Stores the conversation of a file, unless all of it is here already. Nothing stored is changed. */
  async importConversation(file: File): Promise<Result<ImportedConversation, ChatFileFailure>> {
    const read = await readFile(file)
    if (!read.ok) return read
    const known = await this.#known(read.value)
    if (known) return success({ id: known.id, title: known.title, isNew: false })
    return this.#store(read.value, file.name)
  }

  /** A preset as a file to save. */
  async exportPreset(preset: SharedPreset): Promise<File> {
    const { presetFileText } = await import('#core/chat/files/preset-file')
    const name = chatFileName('preset', preset.name, this.#ports.now(), 'json')
    return new File([presetFileText(preset)], name, { type: 'application/json' })
  }

  /** The preset of a file, to be looked at before it is kept. */
  async readPreset(file: File): Promise<Result<SharedPreset, ChatFileFailure>> {
    const text = await readText(file, MAX_PRESET_BYTES)
    if (!text.ok) return text
    const { readPresetFile } = await import('#core/chat/files/preset-file')
    return readPresetFile(text.value)
  }

  async #parts(
    conversation: ConversationRecord,
    messages: readonly MessageRecord[],
    format: ConversationFormat,
    { texts, render }: ExportWords,
    at: number,
  ): Promise<string[]> {
    const app = this.#ports.appVersion
    if (format === 'json-tree' || format === 'json-branch') {
      const { conversationFile, conversationJsonParts } = await import('#core/chat/files/conversation-file')
      const scope: ConversationScope = format === 'json-tree' ? 'tree' : 'branch'
      const of = { conversation, messages, scope, app, notice: texts.notice, exportedAt: at }
      return collect(conversationJsonParts(conversationFile(of)))
    }
    const { conversationDocument } = await import('#core/chat/files/document')
    const path = branchTo(treeOf(messages), conversation.leaf)
    const document = conversationDocument({ conversation, path, app, at }, texts)
    if (format === 'markdown') {
      const { markdownParts } = await import('#core/chat/files/document-markdown')
      return collect(markdownParts(document, texts))
    }
    const [{ htmlParts }, { DOCUMENT_STYLE }] = await Promise.all([
      import('#core/chat/files/document-html'),
      import('#core/chat/files/document-style'),
    ])
    const styleSha256 = base64OfHex(await sha256OfText(DOCUMENT_STYLE))
    return collect(htmlParts(document, texts, { styleSha256, render }))
  }

  /** A conversation, of this id or imported before, that holds each message of the file as it is there. */
  async #known({ conversation, messages }: ConversationFile): Promise<ConversationRecord | null> {
    const { database } = this.#ports
    const candidates = (await database.list()).filter(
      ({ id, imported }) => id === conversation.id || imported?.sourceId === conversation.id,
    )
    for (const candidate of candidates) {
      if (holds(await database.messages(candidate.id), messages)) return candidate
    }
    return null
  }

  async #store(
    { conversation, messages }: ConversationFile,
    fileName: string,
  ): Promise<Result<ImportedConversation, ChatFileFailure>> {
    const { database, now, newId, changed } = this.#ports
    const isTaken = (await database.conversation(conversation.id)) !== undefined
    const record: ConversationRecord = {
      ...conversation,
      id: isTaken ? newId() : conversation.id,
      pinned: false,
      removedAt: null,
      imported: { at: now(), fileName, sourceId: conversation.id },
    }
    const stored = await database.create(
      record,
      messages.map((message) => ({ ...message, removedAt: null })),
    )
    if (!stored.ok) return failure({ kind: 'not-stored', failure: stored.failure })
    await changed()
    return success({ id: record.id, title: record.title, isNew: true })
  }
}

const JSON_KIND = { ending: 'json', type: 'application/json' }

const FILE_KINDS: Record<ConversationFormat, { ending: string; type: string }> = {
  'json-tree': JSON_KIND,
  'json-branch': JSON_KIND,
  markdown: { ending: 'md', type: 'text/markdown;charset=utf-8' },
  html: { ending: 'html', type: 'text/html;charset=utf-8' },
}

function holds(stored: readonly MessageRecord[], wanted: readonly FileMessage[]): boolean {
  const byId = new Map<MessageId, MessageRecord>(stored.map((message) => [message.id, message]))
  return wanted.every((message) => {
    const own = byId.get(message.id)
    return own !== undefined && canonicalJson(own) === canonicalJson({ ...message, removedAt: null })
  })
}

async function readFile(file: File): Promise<Result<ConversationFile, ChatFileFailure>> {
  const text = await readText(file, MAX_CONVERSATION_BYTES)
  if (!text.ok) return text
  const { readConversation } = await import('#core/chat/files/read-conversation')
  return inSteps(readConversation(text.value))
}

async function readText(file: File, limit: number): Promise<Result<string, ChatFileFailure>> {
  if (file.size > limit) return failure({ kind: 'too-large', bytes: file.size, limit })
  try {
    return success(await file.text())
  } catch {
    return failure({ kind: 'unreadable' })
  }
}

function base64OfHex(hex: string): string {
  const bytes = hex.match(/../g) ?? []
  return btoa(bytes.map((byte) => String.fromCharCode(parseInt(byte, 16))).join(''))
}
