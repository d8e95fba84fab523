/**
 * A byte-level vocabulary for synthetic weights: a token is a byte, and three marks carry the ChatML template.
 * The same few rules serve the engine (as tokenizer.json and conversation template) and the reference.
 */

const MARKS = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'] as const
const BYTES = 256
export const VOCABULARY_SIZE = BYTES + MARKS.length
const [END_OF_TEXT, TURN_START, TURN_END] = MARKS.map((_, index) => BYTES + index) as [number, number, number]

/** The tokens that end a reply. */
export const END_TOKENS = [TURN_END, END_OF_TEXT]

/** What the template of a checkpoint says where nobody says anything else, as Qwen2's does. */
export const SYSTEM_MESSAGE = 'S'

/** The template of a checkpoint with this tokenizer, in Jinja. */
export const CHAT_TEMPLATE = [
  `{% if messages[0]['role'] != 'system' %}{{ '<|im_start|>system\\n${SYSTEM_MESSAGE}<|im_end|>\\n' }}{% endif %}`,
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{% endfor %}",
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
].join('')

/** What a prompt of one user message becomes, behind a system message if there is one. */
export function promptTokens(userMessage: string, systemMessage?: string): number[] {
  const turn = (text: string) => [TURN_START, ...bytesOf(text), TURN_END, ...bytesOf('\n')]
  return [
    ...(systemMessage === undefined ? [] : turn(`system\n${systemMessage}`)),
    ...turn(`user\n${userMessage}`),
    ...[TURN_START, ...bytesOf('assistant\n')],
  ]
}

/** The token of a one-character option letter. */
export function letterToken(letter: string): number {
  return letter.charCodeAt(0)
}

/** The text of tokens; undefined where one of them is no byte. */
export function textOf(tokens: readonly number[]): string | undefined {
  return tokens.every((token) => token < BYTES) ? Buffer.from(tokens).toString('utf8') : undefined
}

/** The tokenizer in the format of the Hugging Face library. */
export function tokenizerJson(): unknown {
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false }
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: MARKS.map((content, index) => ({
      ...{ id: BYTES + index, content, special: true },
      ...{ single_word: false, lstrip: false, rstrip: false, normalized: false },
    })),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: byteLevel,
    decoder: byteLevel,
    model: {
      ...{ type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: '' },
      ...{ end_of_word_suffix: '', fuse_unk: false, byte_fallback: false, merges: [] },
      vocab: Object.fromEntries(byteCharacters().map((character, byte) => [character, byte])),
    },
  }
}

/** The template's part of mlc-chat-config.json. */
export function conversationConfig(): Record<string, unknown> {
  return {
    tokenizer_files: ['tokenizer.json'],
    tokenizer_info: {
      token_postproc_method: 'byte_level',
      prepend_space_in_encode: false,
      strip_space_in_decode: false,
    },
    conv_template: {
      name: 'chatml',
      system_template: '{system_message}',
      system_message: '',
      system_prefix_token_ids: null,
      add_role_after_system_message: true,
      roles: { user: '<|im_start|>user', assistant: '<|im_start|>assistant' },
      role_templates: { user: '{user_message}', assistant: '{assistant_message}', tool: '{tool_message}' },
      messages: [],
      seps: ['<|im_end|>\n'],
      role_content_sep: '\n',
      role_empty_sep: '\n',
      stop_str: ['<|im_end|>'],
      stop_token_ids: [END_OF_TEXT, TURN_END],
      function_string: '',
      use_function_calling: false,
    },
    pad_token_id: END_OF_TEXT,
    bos_token_id: END_OF_TEXT,
    eos_token_id: END_TOKENS,
  }
}

/**
 * The printable character that stands for each byte in byte-level vocabularies: printable ASCII and Latin-1
 * stand for themselves, the rest is counted up from U+0100 (GPT-2's bytes_to_unicode).
 */
function byteCharacters(): string[] {
  let others = 0
  return Array.from({ length: BYTES }, (_, byte) => {
    const printable =
      (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff)
    return String.fromCharCode(printable ? byte : 0x100 + others++)
  })
}

function bytesOf(text: string): number[] {
  return [...Buffer.from(text, 'utf8')]
}
