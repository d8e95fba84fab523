/** Mutations of JSON that stay JSON, or nearly: what a parser lets through is what the code behind it must bear. */
import type { Chance } from './chance'

/** JSON as written, so that keys may repeat and numbers may be none. */
type Node =
  | { kind: 'raw'; text: string }
  | { kind: 'list'; items: Node[] }
  | { kind: 'object'; members: [key: string, value: Node][] }

type Container = Exclude<Node, { kind: 'raw' }>

/** Deeper than any call stack. */
const DEEP = 50_000

const raw = (text: string): Node => ({ kind: 'raw', text })

const NUMBERS = [
  ...['0', '-0', '-1', '1', '0.5', '1e-400', '255', '65536', '4294967296', '9007199254740991'],
  ...['9007199254740993', '1e21', '1e308', '1e999', '-1e999', '18446744073709551616', '00', '1.', 'NaN'],
]
const TEXTS = [
  ...['""', '" "', '"\\u0000"', '"\\ud800"', '"\\udc00\\ud800"', '"__proto__"', '"constructor"', '"../../x"'],
  ...['"/etc/passwd"', '"C:\\\\x"', '"\\u202e\\u2066"', '"<img src=x onerror=alert(1)>"', '"=1+1"', '"A"'],
  ...['"https://example.invalid/"', '"{{ 7 * 7 }}"', '"{question}"', '"NaN"', '"😀"', '"é"', '"\\/"'],
]
const VALUES = [...NUMBERS, ...TEXTS, 'null', 'true', 'false', '[]', '{}', '[[]]', '[null]', '{"a":1}']
const KEYS = [
  '__proto__',
  'constructor',
  'toString',
  'length',
  '',
  'a'.repeat(5000),
  '\ud800',
  '0',
  'id',
  '../x',
]

/** Long or deep values, rarely: each costs as much as many others. */
const LARGE = [
  '['.repeat(DEEP) + ']'.repeat(DEEP),
  '{"a":'.repeat(DEEP) + '1' + '}'.repeat(DEEP),
  '['.repeat(DEEP),
  `[${'0,'.repeat(100_000)}0]`,
  `{${Array.from({ length: 5000 }, (_, index) => `"k${index}":0`).join(',')}}`,
  JSON.stringify('x'.repeat(1_500_000)),
  JSON.stringify('( ['.repeat(20_000)),
  '9'.repeat(100_000),
]

const MUTATIONS: readonly ((container: Container, chance: Chance) => void)[] = [
  function replace(container, chance) {
    put(container, chance, raw(chance.pick(VALUES)))
  },
  function replaceByNumber(container, chance) {
    put(container, chance, raw(chance.pick(NUMBERS)))
  },
  function remove(container, chance) {
    const list = slots(container)
    if (list.length > 0) list.splice(chance.below(list.length), 1)
  },
  function repeat(container, chance) {
    const list: unknown[] = slots(container)
    if (list.length === 0) return
    const at = chance.below(list.length)
    list.splice(at, 0, ...Array<unknown>(1 + chance.below(20)).fill(list[at]))
  },
  function rename(container, chance) {
    if (container.kind !== 'object' || container.members.length === 0) return
    const member = chance.pick(container.members)
    member[0] = chance.onceIn(2) ? chance.pick(KEYS) : chance.pick(container.members)[0]
  },
  function add(container, chance) {
    const value = raw(chance.pick(VALUES))
    if (container.kind === 'list') container.items.push(value)
    else container.members.push([chance.pick(KEYS), value])
  },
  function exchange(container, chance) {
    const list: unknown[] = slots(container)
    if (list.length < 2) return
    const [one, other] = [chance.below(list.length), chance.below(list.length)]
    ;[list[one], list[other]] = [list[other], list[one]]
  },
  function nudge(container, chance) {
    const list = container.kind === 'list' ? container.items : container.members.map(([, value]) => value)
    const numbers = list.filter((node) => node.kind === 'raw' && /^-?\d/.test(node.text))
    if (numbers.length === 0) return
    const node = chance.pick(numbers) as { text: string }
    node.text = String(Number(node.text) * chance.pick([-1, 0.5, 2, 1e6]) + chance.pick([0, 1, -1]))
  },
  function enlarge(container, chance) {
    put(container, chance, raw(chance.onceIn(8) ? chance.pick(LARGE) : chance.pick(VALUES)))
  },
]

/** Null where the text is no JSON, as a failure kept from an earlier run may be. */
export function mutateJson(text: string, chance: Chance): string | null {
  let root: Node
  try {
    root = nodeOf(JSON.parse(text))
  } catch {
    return null
  }
  for (let rest = 1 + chance.below(4); rest > 0; rest--) {
    const containers = containersIn(root)
    if (containers.length === 0) return chance.pick(VALUES)
    chance.pick(MUTATIONS)(chance.pick(containers), chance)
  }
  return textOf(root)
}

function slots(container: Container): unknown[] {
  return container.kind === 'list' ? container.items : container.members
}

function put(container: Container, chance: Chance, value: Node): void {
  const list = slots(container)
  if (list.length === 0) return
  const at = chance.below(list.length)
  if (container.kind === 'list') container.items[at] = value
  else container.members[at] = [container.members[at]?.[0] ?? '', value]
}

function nodeOf(value: unknown): Node {
  if (Array.isArray(value)) return { kind: 'list', items: value.map(nodeOf) }
  if (value === null || typeof value !== 'object') return raw(JSON.stringify(value))
  return {
    kind: 'object',
    members: Object.entries(value).map(([key, member]) => [key, nodeOf(member)]),
  }
}

function containersIn(node: Node): Container[] {
  if (node.kind === 'raw') return []
  const inner = node.kind === 'list' ? node.items : node.members.map(([, value]) => value)
  return [node, ...inner.flatMap(containersIn)]
}

function textOf(node: Node): string {
  if (node.kind === 'raw') return node.text
  if (node.kind === 'list') return `[${node.items.map(textOf).join(',')}]`
  return `{${node.members.map(([key, value]) => `${JSON.stringify(key)}:${textOf(value)}`).join(',')}}`
}
