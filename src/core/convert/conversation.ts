/** A conversation template as mlc-chat-config.json has it, and the prompt that WebLLM makes of it. */

export interface Message {
  role: 'system' | 'user' | 'assistant'
  content: string
}

/** Members are named as the file names them (mlc-llm, protocol/conversation_protocol.py). */
export interface ConversationTemplate {
  name: string
  /** With the place holder `{system_message}`. */
  system_template: string
  /** What is said where a conversation has no system message. */
  system_message: string
  system_prefix_token_ids: number[] | null
  add_role_after_system_message: boolean
  /** False: without a system message the system's part is left out altogether. */
  render_empty_system_message: boolean
  roles: { user: string; assistant: string; tool: string }
  role_templates: { user: string; assistant: string; tool: string }
  messages: []
  /** What ends a user's message, and a reply; one for both where there is one. */
  seps: string[]
  role_content_sep: string
  /** Between the role and the reply that the model is to write. */
  role_empty_sep: string
  stop_str: string[]
  stop_token_ids: number[]
  function_string: ''
  use_function_calling: false
}

export const SYSTEM_PLACE = '{system_message}'

/**
 * The prompt up to where the reply begins, without the prefix tokens: what WebLLM 0.2.86 makes of it
 * (`Conversation.getPromptArray`).
 */
export function renderConversation(template: ConversationTemplate, messages: readonly Message[]): string {
  const { seps, roles } = template
  const system = systemPart(template, messages.find(({ role }) => role === 'system')?.content)
  const turns = messages.filter(({ role }) => role !== 'system')
  const said = turns.map(({ role, content }, at) => {
    const isMerged = at === 0 && system !== '' && !template.add_role_after_system_message
    const speaker = role === 'assistant' ? roles.assistant : roles.user
    return (isMerged ? '' : speaker + template.role_content_sep) + content + seps[at % seps.length]
  })
  return system + said.join('') + roles.assistant + template.role_empty_sep
}

function systemPart(template: ConversationTemplate, given: string | undefined): string {
  const message = given ?? template.system_message
  if (message === '' && !template.render_empty_system_message) return ''
  return template.system_template.replace(SYSTEM_PLACE, () => message)
}
