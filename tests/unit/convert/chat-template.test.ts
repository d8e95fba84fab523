import { describe, expect, it } from 'vitest'
import { deriveTemplate, type RenderJinja, type TemplateDifference } from '#core/convert/chat-template'
import { renderConversation } from '#core/convert/conversation'
import type { Family } from '#core/convert/template-families'
import { PROBES } from '#core/convert/template-probes'
import { renderJinja } from '#worker/models/jinja'
import { FULL_TEMPLATES } from './full-templates'
import { BEGIN, END, TEMPLATES } from './jinja-templates'

const ALL = { ...TEMPLATES, ...FULL_TEMPLATES }
type Name = keyof typeof ALL

function derive(name: Name | null, family: Family | null = null, render = renderJinja, begins = true) {
  return deriveTemplate(
    {
      ...{ jinja: name && ALL[name], path: 'tokenizer_config.json', family },
      ...{ beginToken: begins ? BEGIN : null, endToken: END },
    },
    render,
  )
}

function derived(...given: Parameters<typeof derive>) {
  const result = derive(...given)
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

const EMPTY = { messages: [], strftime_now: () => '' }

function promptOf(difference: TemplateDifference | undefined): string {
  return difference?.checkpoint.kind === 'written' ? difference.checkpoint.prompt : ''
}

describe('templates rendered by Jinja', () => {
  it.each<[Name, Family, string[]]>([
    ['qwen2.5', 'chatml', []],
    ['chatml', 'chatml', []],
    ['qwen3', 'qwen3', ['thinking']],
    ['llama-3', 'llama-3', ['blanks']],
    ['llama-3.1', 'llama-3', ['blanks']],
    ['llama-2', 'llama-2', ['blanks']],
    ['mistral 0.1', 'mistral', ['system', 'system-turns']],
    ['mistral 0.2', 'mistral', ['system', 'system-turns']],
    ['mistral 0.3', 'mistral', ['system', 'system-turns']],
    ['mistral 7', 'mistral', []],
    ['full qwen2.5', 'chatml', []],
    ['full qwen3', 'qwen3', ['thinking']],
    ['full llama-3.2', 'llama-3', ['blanks', 'date']],
    ['full llama-2', 'llama-2', ['blanks']],
    ['full mistral', 'mistral', ['system-turns']],
    ['opens a thought', 'chatml', []],
  ])('%s is recognised as %s, and differs in %j', (name, family, differences) => {
    const { template, ...found } = derived(name)
    expect(found).toMatchObject({ family, isCompared: true })
    expect(found.differences.map(({ probe }) => probe)).toEqual(differences)
    expect(template.name).toBe(family)
  })

  it('a default system message is taken over, and what stands around the system message', () => {
    expect(derived('qwen2.5').template).toMatchObject({
      ...{ system_message: 'You are a careful assistant.', render_empty_system_message: true },
      ...{ add_role_after_system_message: true, system_prefix_token_ids: null },
    })
    expect(derived('full qwen2.5').template).toEqual(derived('qwen2.5').template)
    expect(derived('chatml').template).toMatchObject({
      ...{ system_message: '', render_empty_system_message: false },
    })
    expect(derived('llama-3.1').template).toMatchObject({
      system_template:
        '<|start_header_id|>system<|end_header_id|>\n\nKnowledge: 2023\n\n{system_message}<|eot_id|>',
      ...{ system_message: '', render_empty_system_message: true, system_prefix_token_ids: [BEGIN.id] },
    })
  })

  it('differences show both prompts', () => {
    const [difference] = derived('llama-3').differences
    expect(promptOf(difference)).toContain('\n\nFIRST-QUESTION\n\nSECOND-QUESTION<|eot_id|>')
    expect(difference?.derived).toContain('\n\n  FIRST-QUESTION\n\nSECOND-QUESTION <|eot_id|>')
    expect(derived('mistral 0.3').differences[0]?.checkpoint).toEqual({
      ...{ kind: 'refused', reason: 'no system messages' },
    })
  })

  it('an unknown one is refused with the nearest, unless a family is chosen', () => {
    const refused = derive('alpaca')
    expect(refused).toMatchObject({
      failure: { kind: 'chat-template-unknown', path: 'tokenizer_config.json' },
    })
    expect(
      !refused.ok && refused.failure.kind === 'chat-template-unknown' && refused.failure.nearest,
    ).toContain('### user')
    const chosen = derived('alpaca', 'llama-3')
    expect(chosen.family).toBe('llama-3')
    expect(chosen.differences.length).toBeGreaterThan(3)
  })

  it('one that refuses every conversation is unknown', () => {
    expect(derive('broken')).toMatchObject({
      failure: { kind: 'chat-template-unknown', nearest: 'question, refused: always' },
    })
  })

  it('a date is always the same one, and shown not to be the day’s', () => {
    const { template, differences } = derived('full llama-3.2')
    expect(template.system_template).toContain('Today: 26 Jul 2024\n\n{system_message}')
    const date = differences.find(({ probe }) => probe === 'date')
    expect(promptOf(date)).toContain('Today: 17 Nov 2031')
    expect(date?.derived).toContain('Today: 26 Jul 2024')
  })

  it('what the checkpoint puts before each new reply is taken over', () => {
    const { template } = derived('opens a thought')
    expect(template).toMatchObject({ role_content_sep: '\n', role_empty_sep: '\n<think>\n' })
    // Only there: an earlier reply is written as it was.
    const turns = PROBES.find(({ name }) => name === 'turns')!
    const prompt = renderConversation(template, turns.messages)
    expect(prompt.endsWith('<|im_start|>assistant\n<think>\n')).toBe(true)
    expect(prompt.split('<think>')).toHaveLength(2)
    expect(prompt).toContain('<|im_start|>assistant\nFIRST-REPLY')
  })
})

it('blanks and line ends at the beginning of a template are Jinja’s to judge', () => {
  const prompt = (template: string) => renderJinja(template, EMPTY)
  expect(prompt('\n a')).toEqual({ kind: 'written', prompt: '\n a' })
  expect(prompt('  {% if true %}\na{% endif %}')).toEqual({ kind: 'written', prompt: 'a' })
})

describe('a template that cannot be rendered', () => {
  const failed = { kind: 'failed', reason: expect.stringContaining('frobnicate') as string }

  it('is unknown, with the reason', () => {
    const nearest = expect.stringMatching(/^question, failed: .*frobnicate/) as string
    expect(derive('unknown filter')).toMatchObject({ failure: { kind: 'chat-template-unknown', nearest } })
  })

  it('shows it for every conversation where a family is chosen', () => {
    const { differences, isCompared } = derived('unknown filter', 'llama-3')
    expect(isCompared).toBe(true)
    expect(differences.map(({ probe }) => probe)).toEqual(PROBES.map(({ name }) => name))
    for (const { checkpoint } of differences) expect(checkpoint).toEqual(failed)
  })

  it('for one conversation alone shows it there', () => {
    const { family, differences } = derived('unknown filter for thoughts')
    expect(family).toBe('chatml')
    expect(differences).toMatchObject([{ probe: 'thinking', checkpoint: failed }])
  })

  it('with a system message is not taken for one that refuses it', () => {
    const nearest = expect.stringMatching(/^system, failed: .*frobnicate/) as string
    expect(derive('unknown filter for systems')).toMatchObject({ failure: { nearest } })
  })

  it('that is no Jinja is said to be so', () => {
    expect(renderJinja('{% if %}', EMPTY)).toMatchObject({ kind: 'failed' })
  })
})

it('no template needs a choice', () => {
  expect(derive(null)).toMatchObject({ failure: { kind: 'chat-template-unknown' } })
  expect(derived(null, 'mistral')).toMatchObject({
    ...{ family: 'mistral', isCompared: false, differences: [] },
    template: { system_prefix_token_ids: [BEGIN.id] },
  })
  expect(derived(null, 'chatml').template.system_prefix_token_ids).toBeNull()
})

describe('a rendered function in place of Jinja', () => {
  const chatml: RenderJinja = (_, { messages }) => {
    const turns = messages.map(({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`)
    return { kind: 'written', prompt: `${turns.join('')}<|im_start|>assistant\n` }
  }

  it('is compared, and a single other character is a difference', () => {
    expect(derived('chatml', null, chatml, false).differences).toEqual([])
    const other: RenderJinja = (template, variables) => {
      const outcome = chatml(template, variables)
      if (outcome.kind !== 'written') return outcome
      return { kind: 'written', prompt: outcome.prompt.replaceAll('<|im_end|>\n', '<|im_end|> \n') }
    }
    expect(derive('chatml', null, other, false)).toMatchObject({ ok: false })
  })
})

it('a message with dollar signs stays as it is', () => {
  const { template } = derived('chatml')
  const prompt = renderConversation(template, [{ role: 'system', content: "$& $1 $'" }])
  expect(prompt).toContain("system\n$& $1 $'<|im_end|>")
})
