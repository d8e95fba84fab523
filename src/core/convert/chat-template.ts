/** From a checkpoint's Jinja chat template to MLC's conversation template, and where the two differ. */
import type { ModelResult } from '../model/failure'
import { failure, success } from '../result'
import { renderConversation, SYSTEM_PLACE, type ConversationTemplate, type Message } from './conversation'
import { DAY, strftime } from './template-clock'
import { FAMILIES, FAMILY_TEMPLATES, type Family, type FamilyTemplate } from './template-families'
import { PROBES, SYSTEM, USER, type Probe } from './template-probes'

export type JinjaOutcome =
  | { kind: 'written'; prompt: string }
  /** The template itself does not want such a conversation (`raise_exception`). */
  | { kind: 'refused'; reason: string }
  /** The template is faulty, or uses what the renderer does not know. */
  | { kind: 'failed'; reason: string }

export interface TemplateVariables {
  messages: readonly Message[]
  /** Formats the time as strftime does. */
  strftime_now: (format: string) => string
  [name: string]: unknown
}

export type RenderJinja = (template: string, variables: TemplateVariables) => JinjaOutcome

export interface TemplateDifference {
  probe: Probe['name']
  /** The checkpoint's own prompt, or why its template writes none. */
  checkpoint: JinjaOutcome
  /** What WebLLM will make of the derived template. */
  derived: string
}

export interface DerivedTemplate {
  family: Family
  template: ConversationTemplate
  /** Special tokens of the family that end a reply. */
  stops: readonly string[]
  differences: TemplateDifference[]
  /** False where the checkpoint has no template: the family is the user's word alone. */
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
export function deriveTemplate(input: TemplateInput, render: RenderJinja): ModelResult<DerivedTemplate> {
  const { jinja, family } = input
  const candidates = FAMILY_TEMPLATES.filter((each) => family === null || each.family === family)
  if (jinja === null) return withoutTemplate(input, candidates)
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
    ({ probe, checkpoint }) => isEssential(probe) && !(probe === 'system' && checkpoint.kind === 'refused'),
  )
  if (best && (family !== null || !obstacle)) return success(best)
  return unknown(input.path, best && obstacle ? obstacleText(best.family, obstacle) : '')
}

function obstacleText(family: Family, { probe, checkpoint, derived }: TemplateDifference): string {
  if (checkpoint.kind !== 'written') return `${probe}, ${checkpoint.kind}: ${checkpoint.reason}`
  return `${family}, ${probe}: ${JSON.stringify(checkpoint.prompt)} ≠ ${JSON.stringify(derived)}`
}

function unknown(path: string, nearest: string): ModelResult<never> {
  return failure({ kind: 'chat-template-unknown', path, families: [...FAMILIES], nearest })
}

interface Rendered {
  probe: Probe
  outcome: JinjaOutcome
  /** Null where none was written. */
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
  // As transformers gives them: what a chat has not is none.
  const variables = {
    ...{ messages: probe.messages, add_generation_prompt: true, tools: null, documents: null },
    ...{ bos_token: beginToken?.text ?? '', eos_token: endToken ?? '' },
    strftime_now: strftime(probe.day ?? DAY),
  }
  const outcome = render(jinja, variables)
  if (outcome.kind !== 'written') return { probe, outcome, text: null, begins: false }
  const { prompt } = outcome
  const begins = beginToken !== null && prompt.startsWith(beginToken.text)
  const text = begins ? prompt.slice(beginToken.text.length) : prompt
  return { probe, outcome: { kind: 'written', prompt: text }, text, begins }
}

function derive(
  { family, stops, template }: FamilyTemplate,
  rendered: readonly Rendered[],
  { beginToken }: TemplateInput,
): DerivedTemplate {
  const begins = beginToken !== null && rendered.every(({ text, begins }) => text === null || begins)
  const adapted = {
    ...withSystemOf(withOpeningOf(template, rendered), rendered),
    system_prefix_token_ids: begins ? [beginToken.id] : null,
  }
  const differences = rendered.flatMap(({ probe, outcome, text }) => {
    const derived = renderConversation(adapted, probe.messages)
    return text === derived ? [] : [{ probe: probe.name, checkpoint: outcome, derived }]
  })
  return { family, template: adapted, stops, differences, isCompared: true }
}

/** What the checkpoint puts before the reply that is to come; some open a thought there. */
function withOpeningOf(template: ConversationTemplate, rendered: readonly Rendered[]): ConversationTemplate {
  const question = rendered.find(({ probe }) => probe.name === 'question')?.text ?? ''
  const [, rest] = cut(question, USER)
  const opening = `${template.seps[0]}${template.roles.assistant}`
  return rest?.startsWith(opening) ? { ...template, role_empty_sep: rest.slice(opening.length) } : template
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

/** Only a chosen family helps. */
function withoutTemplate(
  { path, family, beginToken }: TemplateInput,
  candidates: readonly FamilyTemplate[],
): ModelResult<DerivedTemplate> {
  const [chosen] = candidates
  if (family === null || !chosen) return unknown(path, '')
  const begins = beginToken !== null && !['chatml', 'qwen3'].includes(family)
  const template = { ...chosen.template, system_prefix_token_ids: begins ? [beginToken.id] : null }
  return success({ family, stops: chosen.stops, template, differences: [], isCompared: false })
}

function isEssential(name: Probe['name']): boolean {
  return PROBES.some((probe) => probe.name === name && probe.isEssential)
}
