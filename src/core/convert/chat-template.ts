/** From a checkpoint's Jinja chat template to MLC's conversation template, and where the two differ. */
import type { ModelResult } from '../model/failure'
import { failure, success, type Result } from '../result'
import { renderConversation, SYSTEM_PLACE, type ConversationTemplate } from './conversation'
import { FAMILIES, FAMILY_TEMPLATES, type Family, type FamilyTemplate } from './template-families'
import { PROBES, SYSTEM, USER, type Probe } from './template-probes'

/** Renders a Jinja template; the failure is what the template or the renderer says. */
export type RenderJinja = (template: string, variables: object) => Result<string, string>

export interface TemplateDifference {
  probe: Probe['name']
  /** The checkpoint's own prompt, or what its template says instead of one. */
  checkpoint: string
  /** What WebLLM will make of the derived template. */
  derived: string
}

export interface DerivedTemplate {
  family: Family
  template: ConversationTemplate
  /** Special tokens of the family that end a reply. */
  stops: readonly string[]
  differences: TemplateDifference[]
  /** False where no renderer was there: the family was told from the template's text alone. */
  isCompared: boolean
}

export interface TemplateInput {
  /** Null: the checkpoint has none. */
  jinja: string | null
  /** Where it was found. */
  path: string
  beginToken: { text: string; id: number } | null
  endToken: string | null
  /** Chosen by the user; null: to be recognised. */
  family: Family | null
}

/** Fails where no family is chosen and none gives the same prompts for the essential conversations. */
export function deriveTemplate(
  input: TemplateInput,
  render: RenderJinja | null,
): ModelResult<DerivedTemplate> {
  const { jinja, family } = input
  const candidates = FAMILY_TEMPLATES.filter((each) => family === null || each.family === family)
  if (jinja === null || render === null) return byItsText(input, candidates)
  const rendered = PROBES.map((probe) => renderProbe(probe, jinja, input, render))
  const dropsThoughts = rendered.some(
    ({ probe, text }) => probe.name === 'thinking' && text !== null && !text.includes('A-THOUGHT'),
  )
  const derived = candidates
    .filter((each) => family !== null || each.family !== 'qwen3' || dropsThoughts)
    .filter((each) => family !== null || each.family !== 'chatml' || !dropsThoughts)
    .map((candidate) => derive(candidate, rendered, input))
  const weight = ({ differences }: DerivedTemplate) =>
    differences.filter(({ probe }) => isEssential(probe)).length * PROBES.length + differences.length
  const [best] = derived.sort((one, other) => weight(one) - weight(other))
  // Many templates know no system message; WebLLM's users may write one all the same.
  const obstacle = best?.differences.find(
    ({ probe, checkpoint }) => isEssential(probe) && !(probe === 'system' && checkpoint === REFUSED),
  )
  if (best && (family !== null || !obstacle)) return success(best)
  const nearest = best && obstacle ? `${best.family}: ${JSON.stringify(obstacle)}` : ''
  return failure({ kind: 'chat-template-unknown', path: input.path, families: [...FAMILIES], nearest })
}

const REFUSED = '(refused)'

interface Rendered {
  probe: Probe
  /** Null where the template refuses such a conversation. */
  text: string | null
  /** Whether the prompt began with the token that begins every text, which is taken off. */
  begins: boolean
}

function renderProbe(
  probe: Probe,
  jinja: string,
  { beginToken, endToken }: TemplateInput,
  render: RenderJinja,
): Rendered {
  const variables = {
    ...{ messages: probe.messages, add_generation_prompt: true },
    ...{ bos_token: beginToken?.text ?? '', eos_token: endToken ?? '' },
  }
  const result = render(jinja, variables)
  if (!result.ok) return { probe, text: null, begins: false }
  const begins = beginToken !== null && result.value.startsWith(beginToken.text)
  return { probe, text: begins ? result.value.slice(beginToken.text.length) : result.value, begins }
}

function derive(
  { family, stops, template }: FamilyTemplate,
  rendered: readonly Rendered[],
  { beginToken }: TemplateInput,
): DerivedTemplate {
  const begins = beginToken !== null && rendered.every(({ text, begins }) => text === null || begins)
  const adapted = {
    ...withSystemOf(template, rendered),
    system_prefix_token_ids: begins ? [beginToken.id] : null,
  }
  const differences = rendered.flatMap(({ probe, text }) => {
    const derived = renderConversation(adapted, probe.messages)
    return text === derived ? [] : [{ probe: probe.name, checkpoint: text ?? REFUSED, derived }]
  })
  return { family, template: adapted, stops, differences, isCompared: true }
}

/** How the checkpoint writes a system message, and what it says without one. */
function withSystemOf(template: ConversationTemplate, rendered: readonly Rendered[]): ConversationTemplate {
  const textOf = (name: Probe['name']) => rendered.find(({ probe }) => probe.name === name)?.text ?? ''
  const user = template.roles.user + template.role_content_sep
  const [before, rest] = cut(textOf('system'), SYSTEM)
  const [between] = cut(rest, USER)
  if (before === null || between === null) return template
  const hasRole = between.endsWith(user)
  const after = hasRole ? between.slice(0, between.length - user.length) : between
  const adapted = {
    ...template,
    system_template: before + SYSTEM_PLACE + after,
    add_role_after_system_message: hasRole,
  }
  const [alone] = cut(textOf('question'), USER)
  if (alone === null || alone === user || !alone.startsWith(before)) return adapted
  const ending = hasRole ? after + user : after
  if (!alone.endsWith(ending) || alone.length < before.length + ending.length) return adapted
  const system_message = alone.slice(before.length, alone.length - ending.length)
  return { ...adapted, system_message, render_empty_system_message: true }
}

/** What lies before and behind a word; null where it is not found. */
function cut(text: string | null, word: string): [string, string] | [null, null] {
  const at = text?.indexOf(word) ?? -1
  return text === null || at < 0 ? [null, null] : [text.slice(0, at), text.slice(at + word.length)]
}

/** A default system message that stands in a ChatML template as a plain text. */
const DEFAULT_SYSTEM = /<\|im_start\|>system(?:\\n|\n)([^'"{}<]+)<\|im_end\|>/

/** By the marks that the text has; of qwen3 and chatml, which share theirs, the one with more of them. */
function byItsText(
  { jinja, path, family, beginToken }: TemplateInput,
  candidates: readonly FamilyTemplate[],
): ModelResult<DerivedTemplate> {
  const marked = candidates.filter(({ marks }) => family !== null || marks.test(jinja ?? ''))
  const found = marked.find((each) => each.family === 'qwen3') ?? marked[0]
  if (!found) return failure({ kind: 'chat-template-unknown', path, families: [...FAMILIES], nearest: '' })
  const { stops, template } = found
  const system_message = DEFAULT_SYSTEM.exec(jinja ?? '')?.[1] ?? ''
  const begins = beginToken !== null && !['chatml', 'qwen3'].includes(found.family)
  return success({
    ...{ family: found.family, stops, differences: [], isCompared: false },
    template: {
      ...{ ...template, system_message, render_empty_system_message: system_message !== '' },
      system_prefix_token_ids: begins ? [beginToken.id] : null,
    },
  })
}

function isEssential(name: Probe['name']): boolean {
  return PROBES.some((probe) => probe.name === name && probe.isEssential)
}
