import { describe, expect, it } from 'vitest'
import { deriveTemplate, type RenderJinja } from '#core/convert/chat-template'
import { renderConversation, type Message } from '#core/convert/conversation'
import type { Family } from '#core/convert/template-families'
import { success } from '#core/result'
import { BEGIN, END, referenceJinja, TEMPLATES } from './jinja-templates'

type Name = keyof typeof TEMPLATES
const jinja = referenceJinja()

function derive(name: Name | null, render: RenderJinja | null, family: Family | null = null, begins = true) {
  return deriveTemplate(
    {
      ...{ jinja: name && TEMPLATES[name], path: 'tokenizer_config.json', family },
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

describe.skipIf(!jinja)('templates rendered by Jinja (skipped where python3 has none)', () => {
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
  ])('%s is recognised as %s, and differs in %j', (name, family, differences) => {
    const { template, ...found } = derived(name, jinja)
    expect(found).toMatchObject({ family, isCompared: true })
    expect(found.differences.map(({ probe }) => probe)).toEqual(differences)
    expect(template.name).toBe(family)
  })

  it('a default system message is taken over, and what stands around the system message', () => {
    expect(derived('qwen2.5', jinja).template).toMatchObject({
      ...{ system_message: 'You are a careful assistant.', render_empty_system_message: true },
      ...{ add_role_after_system_message: true, system_prefix_token_ids: null },
    })
    expect(derived('chatml', jinja).template).toMatchObject({
      ...{ system_message: '', render_empty_system_message: false },
    })
    expect(derived('llama-3.1', jinja).template).toMatchObject({
      system_template:
        '<|start_header_id|>system<|end_header_id|>\n\nKnowledge: 2023\n\n{system_message}<|eot_id|>',
      ...{ system_message: '', render_empty_system_message: true, system_prefix_token_ids: [BEGIN.id] },
    })
  })

  it('differences show both prompts', () => {
    const [difference] = derived('llama-3', jinja).differences
    expect(difference?.checkpoint).toContain('\n\nFIRST-QUESTION\n\nSECOND-QUESTION<|eot_id|>')
    expect(difference?.derived).toContain('\n\n  FIRST-QUESTION\n\nSECOND-QUESTION <|eot_id|>')
    expect(derived('mistral 0.3', jinja).differences[0]?.checkpoint).toBe('(refused)')
  })

  it('an unknown one is refused with the nearest, unless a family is chosen', () => {
    const refused = derive('alpaca', jinja)
    expect(refused).toMatchObject({
      failure: { kind: 'chat-template-unknown', path: 'tokenizer_config.json' },
    })
    expect(
      !refused.ok && refused.failure.kind === 'chat-template-unknown' && refused.failure.nearest,
    ).toContain('### user')
    const chosen = derived('alpaca', jinja, 'llama-3')
    expect(chosen.family).toBe('llama-3')
    expect(chosen.differences.length).toBeGreaterThan(3)
  })

  it('one that refuses every conversation is unknown', () => {
    expect(derive('broken', jinja)).toMatchObject({ failure: { kind: 'chat-template-unknown' } })
  })
})

describe('without a renderer', () => {
  it.each<[Name, Family]>([
    ['qwen2.5', 'chatml'],
    ['llama-3', 'llama-3'],
    ['llama-2', 'llama-2'],
    ['mistral 0.3', 'mistral'],
  ])('%s is told by its text as %s, and said not to be compared', (name, family) => {
    expect(derived(name, null)).toMatchObject({ family, isCompared: false, differences: [] })
  })

  it('a default system message is found in the text', () => {
    expect(derived('qwen2.5', null).template.system_message).toBe('You are a careful assistant.')
  })

  it('unknown text, or none, needs a choice', () => {
    expect(derive('alpaca', null)).toMatchObject({ failure: { kind: 'chat-template-unknown' } })
    expect(derive(null, null)).toMatchObject({ failure: { kind: 'chat-template-unknown' } })
    expect(derived(null, null, 'mistral')).toMatchObject({ family: 'mistral', isCompared: false })
  })
})

describe('a rendered function in place of Jinja', () => {
  const chatml: RenderJinja = (_, variables) => {
    const { messages } = variables as { messages: Message[] }
    const turns = messages.map(({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`)
    return success(`${turns.join('')}<|im_start|>assistant\n`)
  }

  it('is compared, and a single other character is a difference', () => {
    expect(derived('chatml', chatml, null, false).differences).toEqual([])
    const other: RenderJinja = (template, variables) => {
      const result = chatml(template, variables)
      return result.ok ? success(result.value.replaceAll('<|im_end|>\n', '<|im_end|> \n')) : result
    }
    expect(derive('chatml', other, null, false)).toMatchObject({ ok: false })
  })
})

it('a message with dollar signs stays as it is', () => {
  const { template } = derived('chatml', null)
  const prompt = renderConversation(template, [{ role: 'system', content: "$& $1 $'" }])
  expect(prompt).toContain("system\n$& $1 $'<|im_end|>")
})
