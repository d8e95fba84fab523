/** The kinds of conversation templates that are known: how each marks who speaks. */
import { SYSTEM_PLACE, type ConversationTemplate } from './conversation'

export const FAMILIES = ['chatml', 'qwen3', 'llama-3', 'llama-2', 'mistral'] as const
export type Family = (typeof FAMILIES)[number]

export interface FamilyTemplate {
  family: Family
  /** Special tokens that end a reply. */
  stops: readonly string[]
  template: ConversationTemplate
}

type Marks = Pick<
  ConversationTemplate,
  'system_template' | 'seps' | 'role_content_sep' | 'role_empty_sep'
> & {
  user: string
  assistant: string
  mergesSystem?: boolean
}

const CHATML: Marks = {
  system_template: `<|im_start|>system\n${SYSTEM_PLACE}<|im_end|>\n`,
  ...{ user: '<|im_start|>user', assistant: '<|im_start|>assistant', seps: ['<|im_end|>\n'] },
  ...{ role_content_sep: '\n', role_empty_sep: '\n' },
}
const LLAMA_3: Marks = {
  system_template: `<|start_header_id|>system<|end_header_id|>\n\n${SYSTEM_PLACE}<|eot_id|>`,
  ...{ user: '<|start_header_id|>user', assistant: '<|start_header_id|>assistant', seps: ['<|eot_id|>'] },
  ...{ role_content_sep: '<|end_header_id|>\n\n', role_empty_sep: '<|end_header_id|>\n\n' },
}
const LLAMA_2: Marks = {
  system_template: `[INST] <<SYS>>\n${SYSTEM_PLACE}\n<</SYS>>\n\n`,
  ...{ user: '[INST]', assistant: '[/INST]', seps: [' ', ' </s><s>'], mergesSystem: true },
  ...{ role_content_sep: ' ', role_empty_sep: '' },
}
const mistral = (user: string, content: string, before: string): Marks => ({
  system_template: `${user}${content}${SYSTEM_PLACE}\n\n`,
  ...{ user, assistant: '[/INST]', seps: [before, '</s>'], mergesSystem: true },
  ...{ role_content_sep: content, role_empty_sep: '' },
})

/** Where several fit equally well, the first counts. Mistral's releases differ in their blanks. */
export const FAMILY_TEMPLATES: readonly FamilyTemplate[] = [
  member('chatml', ['<|im_end|>', '<|endoftext|>'], CHATML),
  // As ChatML; what tells it is that it leaves out what was thought in earlier replies.
  member('qwen3', ['<|im_end|>', '<|endoftext|>'], CHATML),
  member('llama-3', ['<|eot_id|>', '<|end_of_text|>', '<|eom_id|>'], LLAMA_3),
  member('llama-2', ['</s>'], LLAMA_2),
  member('mistral', ['</s>'], mistral('[INST]', ' ', '')),
  member('mistral', ['</s>'], mistral('[INST]', ' ', ' ')),
  member('mistral', ['</s>'], mistral('[INST] ', '', ' ')),
  member('mistral', ['</s>'], mistral('[INST]', '', '')),
]

function member(family: Family, stops: string[], given: Marks): FamilyTemplate {
  const { user, assistant, mergesSystem = false, ...rest } = given
  const template: ConversationTemplate = {
    ...{ name: family, ...rest, system_message: '', system_prefix_token_ids: null },
    ...{ add_role_after_system_message: !mergesSystem, render_empty_system_message: false },
    roles: { user, assistant, tool: user },
    role_templates: { user: '{user_message}', assistant: '{assistant_message}', tool: '{tool_message}' },
    ...{ messages: [], stop_str: [], stop_token_ids: [], function_string: '', use_function_calling: false },
  }
  return { family, stops, template }
}
