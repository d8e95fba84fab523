import { describe, expect, it } from 'vitest'
import type { TemplateVariables } from '#core/convert/chat-template'
import { renderJinja } from '#worker/models/jinja'

const render = (template: string, messages: TemplateVariables['messages'] = []) =>
  renderJinja(template, { messages, strftime_now: () => 'today' })

describe('a chat template', () => {
  it.each([
    ['{% for i in range(3) %}{{ i }}{% endfor %}', '012'],
    ['{% for i in range(6, 0, -2) %}{{ i }}{% endfor %}', '642'],
    ['{% for i in range(3, 3) %}{{ i }}{% endfor %}', ''],
    ['{{ strftime_now("%d") }} {{ True and not none }}', 'today true'],
    ['{% set ns = namespace(n=1) %}{% set ns.n = ns.n + 1 %}{{ ns.n }}', '2'],
    ['{% if true %}\nx\n{% endif %}\ny', 'x\ny'],
  ])('%s gives %j', (template, prompt) => {
    expect(render(template)).toEqual({ kind: 'written', prompt })
  })

  it('may refuse', () => {
    expect(render('{{ raise_exception("no system role") }}')).toEqual({
      kind: 'refused',
      reason: 'no system role',
    })
  })

  it('has room for a long conversation', () => {
    const messages = Array.from({ length: 400 }, () => ({
      role: 'user' as const,
      content: 'word '.repeat(200),
    }))
    const template =
      '{% for m in messages %}{% if messages[loop.index0 - 1].role == m.role %}{{ m.content }}{% endif %}{% endfor %}'
    expect(render(template, messages).kind).toBe('written')
  })

  const ten = '[0,1,2,3,4,5,6,7,8,9]'
  it.each([
    ['loops without end', `${'{% for a in range(10000) %}'.repeat(3)}${'{% endfor %}'.repeat(3)}`],
    ['loops over lists', `${`{% for a in ${ten} %}`.repeat(12)}${'{% endfor %}'.repeat(12)}`],
    ['a range of a thousand million', '{% for a in range(1000000000) %}{% endfor %}'],
    ['a range without numbers', '{% for a in range("x") %}{% endfor %}'],
    ['a range that stands still', '{% for a in range(0, 1, 0) %}{% endfor %}'],
    [
      'a text that doubles',
      '{% set ns = namespace(x="ab") %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x|length }}',
    ],
    [
      'a list that doubles',
      '{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x|length }}',
    ],
    ['a macro that calls itself', '{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}'],
    ['blanks without end', `x${' \n'.repeat(40_000)}x`],
    ['more text than any template has', 'x '.repeat(60_000)],
    ['brackets without end', `{{ ${'('.repeat(50_000)} }}`],
  ])('fails at %s', (_, template) => {
    expect(render(template).kind).toBe('failed')
  })
})
