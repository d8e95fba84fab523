/** Mutations of texts: tables, and replies of a model. */
import type { Chance } from './chance'

const PIECES = [
  ...[
    '"',
    '""',
    ',',
    ';',
    '\t',
    '|',
    '\n',
    '\r',
    '\r\n',
    '\0',
    '\ufeff',
    '\ud800',
    '\u2028',
    '\u202e',
    '=cmd()',
  ],
  ...[
    'Answer: ',
    'the answer is ',
    '答案是',
    '\\boxed{',
    '}',
    '**',
    '`',
    '```',
    '<think>',
    '</think>',
    '<|im_end|>',
  ],
  ...[
    '(A)',
    'A and C',
    'Final answer: ',
    '- ',
    '# ',
    '|---|',
    '[x](javascript:alert(1))',
    '<script>',
    '$$',
    '((((',
  ],
  ...[
    '{{ ',
    ' }}',
    '{% for m in messages %}',
    '{% endfor %}',
    '{% if true %}',
    '{%- endif %}',
    '{# ',
    "|replace('a', 'aa')",
  ],
  ...[
    'range(100000)',
    'messages * 9',
    "'x' * 99999999",
    '|tojson(indent=9)',
    '|sort',
    ' ~ messages',
    '{% set x = x + x %}',
  ],
]

/** What makes a backtracking pattern slow: long runs of what it may match in many ways. */
const RUNS = [
  ' ',
  '\n',
  '*',
  '(',
  'A',
  'A ',
  'A,',
  '答案',
  'the answer ',
  '\\boxed{',
  '"',
  '","',
  '<think>',
  '> ',
  '| ',
]

const RUN_LENGTH = 30_000

/** One to four mutations. */
export function mutateText(text: string, chance: Chance): string {
  let mutated = text
  for (let rest = 1 + chance.below(4); rest > 0; rest--) {
    const at = chance.below(mutated.length + 1)
    const end = Math.min(mutated.length, at + chance.below(40))
    const piece = mutated.slice(at, end)
    const [before, after] = [mutated.slice(0, at), mutated.slice(at)]
    const kind = chance.below(20)
    if (kind === 0) mutated = before + chance.pick(RUNS).repeat(1 + chance.below(RUN_LENGTH)) + after
    else if (kind < 6) mutated = before + mutated.slice(end)
    else if (kind < 10) mutated = before + piece.repeat(1 + chance.below(50)) + after
    else mutated = before + chance.pick(PIECES) + after
  }
  return mutated
}
