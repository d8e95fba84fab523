/** What a checkpoint's tokenizer files tell: special tokens, and what mlc-chat-config.json says of a tokenizer. */
import * as v from 'valibot'
import type { ModelResult } from '../model/failure'
import { fileInvalid, parseFile } from '../model/parse-file'
import { failure, success } from '../result'

/** Those of 250,000 tokens have about 30 MB. */
export const TOKENIZER_LIMIT_BYTES = 64 * 2 ** 20
/** Copied into the model where they are there, as mlc-llm does. */
export const TOKENIZER_COPIES = [
  ...['tokenizer.json', 'tokenizer.model', 'tokenizer_config.json'],
  ...['vocab.json', 'merges.txt', 'added_tokens.json'],
] as const

/** As mlc-llm detects it (cpp/tokenizers/tokenizers.cc). */
export interface TokenizerInfo {
  token_postproc_method: 'byte_level' | 'byte_fallback' | 'raw'
  prepend_space_in_encode: boolean
  strip_space_in_decode: boolean
}

export interface Tokenizer {
  info: TokenizerInfo
  /** Special and other added tokens: text -> id. */
  added: ReadonlyMap<string, number>
}

/** What sentencepiece's own format means for Llama-2 and its kin. */
export const SENTENCEPIECE_INFO: TokenizerInfo = {
  ...{ token_postproc_method: 'byte_fallback', prepend_space_in_encode: true, strip_space_in_decode: true },
}

const TokenId = v.pipe(v.number(), v.integer(), v.minValue(0))
const Step = v.looseObject({ type: v.optional(v.string()) })
const StepList = v.nullish(
  v.looseObject({
    type: v.optional(v.string()),
    decoders: v.optional(v.array(Step)),
    normalizers: v.optional(v.array(Step)),
  }),
  null,
)

const TokenizerSchema = v.object({
  added_tokens: v.optional(v.array(v.object({ id: TokenId, content: v.string() })), []),
  decoder: StepList,
  normalizer: StepList,
  model: v.looseObject({ vocab: v.optional(v.unknown()) }),
})

/**
 * Fails where the vocabulary is larger than that of the weights. Added tokens beyond it, which sloppy fine-tunings
 * have, can neither be read nor written and are left out.
 */
export function readTokenizer(text: string, path: string, vocabulary: number): ModelResult<Tokenizer> {
  const parsed = parseFile(path, text, TokenizerSchema)
  if (!parsed.ok) return parsed
  const { added_tokens: added, decoder, normalizer, model } = parsed.value
  const tokens = tokensOf(model.vocab)
  if (tokens > vocabulary)
    return failure(fileInvalid(path, 'model.vocab', `at most ${vocabulary} tokens (it has ${tokens})`))
  const decoders = decoder ? [decoder, ...(decoder.decoders ?? [])] : []
  const normalizers = normalizer ? [normalizer, ...(normalizer.normalizers ?? [])] : []
  const decodes = (type: string) => decoders.some((step) => step.type === type)
  const method = decodes('ByteLevel') ? 'byte_level' : decodes('ByteFallback') ? 'byte_fallback' : 'raw'
  return success({
    added: new Map(added.filter(({ id }) => id < vocabulary).map(({ content, id }) => [content, id])),
    info: {
      token_postproc_method: method,
      prepend_space_in_encode: normalizers.some(({ type }) => type === 'Prepend'),
      strip_space_in_decode: decodes('Strip'),
    },
  })
}

const Special = v.nullish(
  v.union([
    v.string(),
    v.pipe(
      v.object({ content: v.string() }),
      v.transform(({ content }) => content),
    ),
  ]),
  null,
)
const Templates = v.union([v.string(), v.array(v.object({ name: v.string(), template: v.string() }))])
/** As slow tokenizers write them: id -> token. */
const AddedTokens = v.fallback(v.record(v.string(), v.object({ content: v.string() })), {})
const TokenizerConfigSchema = v.object({
  added_tokens_decoder: v.optional(AddedTokens, {}),
  bos_token: Special,
  eos_token: Special,
  chat_template: v.nullish(Templates, null),
})

export interface TokenizerConfig {
  beginToken: string | null
  endToken: string | null
  /** Special and other added tokens: text -> id. */
  added: ReadonlyMap<string, number>
  /** The Jinja text; of several the one that is called "default". */
  chatTemplate: string | null
}

export function readTokenizerConfig(text: string, path: string): ModelResult<TokenizerConfig> {
  const parsed = parseFile(path, text, TokenizerConfigSchema)
  if (!parsed.ok) return parsed
  const { bos_token: beginToken, eos_token: endToken, chat_template: given } = parsed.value
  const decoder = Object.entries(parsed.value.added_tokens_decoder)
  const added = new Map(decoder.map(([id, { content }]) => [content, Number(id)]))
  const chatTemplate = Array.isArray(given)
    ? (given.find(({ name }) => name === 'default')?.template ?? null)
    : given
  return success({ beginToken, endToken, added, chatTemplate })
}

/** added_tokens.json: text -> id. */
export function readAddedTokens(text: string, path: string): ModelResult<ReadonlyMap<string, number>> {
  const parsed = parseFile(path, text, v.record(v.string(), TokenId))
  return parsed.ok ? success(new Map(Object.entries(parsed.value))) : parsed
}

/** A vocabulary is a list (Unigram) or numbers by their words (BPE); the highest number counts. */
function tokensOf(vocab: unknown): number {
  if (Array.isArray(vocab)) return vocab.length
  if (typeof vocab !== 'object' || vocab === null) return 0
  let most = -1
  for (const id of Object.values(vocab)) if (typeof id === 'number' && id > most) most = id
  return most + 1
}
