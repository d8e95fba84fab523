import { describe, expect, it } from 'vitest'
import { BlockReader } from '../../../src/ui/chat/markdown-blocks'
import { looksLikeTeX } from '../../../src/ui/chat/markdown-formulas'
import {
  BLOCK_CHARACTERS,
  MARKDOWN_CHARACTERS,
  MOST_BLOCKS,
  TABLE_CELLS,
} from '../../../src/ui/chat/markdown-limits'
import { sampleReplies } from '../../fixtures/sample-replies'

const html = (markdown: string) =>
  new BlockReader()
    .blocks(markdown, false)
    .map((block) => (block.kind === 'markup' ? block.html : `<plain>${block.source}</plain>`))
    .join('')
    .trim()

describe('Markdown', () => {
  it.each([
    ['paragraphs and line breaks', 'a\nb\n\nc', '<p>a<br>b</p>\n<p>c</p>'],
    ['emphasis', '**a** *b* ~~c~~', '<p><strong>a</strong> <em>b</em> <del>c</del></p>'],
    ['headings of any depth as one', '# a\n#### b', '<h3>a</h3><h3>b</h3>'],
    ['HTML as text', 'PaCO2 <35> <b>x</b>', '<p>PaCO2 &lt;35&gt; &lt;b&gt;x&lt;/b&gt;</p>'],
    ['images as their text', '![a monitor](https://example.org/x.png)', '<p>a monitor</p>'],
    [
      'a code block with its language',
      '```js x\n<b>\n```',
      '<pre><code data-language="js">&lt;b&gt;\n</code></pre>',
    ],
    [
      'bold that ends with Chinese punctuation',
      '**注意：**请先给氧',
      '<p><strong>注意：</strong>请先给氧</p>',
    ],
    [
      'bold that begins with a Chinese quotation mark',
      '进行**“快诱导”**插管',
      '<p>进行<strong>“快诱导”</strong>插管</p>',
    ],
    [
      'an address that Chinese text follows',
      '见https://a.org/b。然后',
      '<p>见<a href="https://a.org/b">https://a.org/b</a>。然后</p>',
    ],
    ['a formula in a line', 'so $x^2$ and \\(a_1\\)', '<p>so <var>x^2</var> and <var>a_1</var></p>'],
    [
      'a displayed formula',
      'so\n$$\nx < 2\n$$\nthen',
      '<p>so</p>\n<p><samp>x &lt; 2</samp></p>\n<p>then</p>',
    ],
    ['a displayed formula in brackets', '\\[ a \\\\ b \\]', '<p><samp>a \\\\ b</samp></p>'],
    ['a formula in Chinese text', '其中$x$为', '<p>其中<var>x</var>为</p>'],
    ['prices, which are no formulas', '$5 and $6, US$5, 5$ or 6$', '<p>$5 and $6, US$5, 5$ or 6$</p>'],
    ['Chinese prices', '价格$5，共$10元', '<p>价格$5，共$10元</p>'],
    ['brackets that were escaped', 'a \\(optional\\) \\[note\\]', '<p>a (optional) [note]</p>'],
    ['signs in code, which are no formulas', '`$x$`', '<p><code>$x$</code></p>'],
    ['links by label', '[x][1]\n\n[1]: https://a.org', '<p><a href="https://a.org">x</a></p>'],
    ['what looks like a label but leads nowhere', 'so\n\n[Answer]: B', '<p>so</p>\n<p>[Answer]: B</p>'],
    ['labels alone as they are', '[1]: https://a.org', '<plain>[1]: https://a.org</plain>'],
  ])('shows %s', (_, markdown, expected) => {
    expect(html(markdown)).toBe(expected)
  })

  it.each([
    ['5 per vial or 6', false],
    ['optional', false],
    ['PEEP', true],
    ['the optional part', false],
    ['5', true],
    ['5 + x', true],
    ['剂量', false],
    ['\\text{剂量}', true],
    ['heart rate-times stroke volume', false],
  ])('takes "%s" between signs as TeX: %s', (text, expected) => {
    expect(looksLikeTeX(text)).toBe(expected)
  })
})

describe('a reply that grows', () => {
  it.each(sampleReplies)('ends as if it had come at once: %s', (_, reply) => {
    const reader = new BlockReader()
    for (let length = 0; length < reply.length; length += 3) reader.blocks(reply.slice(0, length), true)
    expect(reader.blocks(reply, false)).toEqual(new BlockReader().blocks(reply, false))
  })

  it('reads finished blocks once', () => {
    const reader = new BlockReader()
    const [first] = reader.blocks('# a\n\nb\n\nc', true)
    expect(reader.blocks('# a\n\nb\n\nc d', true)[0]).toBe(first)
    expect(reader.blocks('# a\n\nb\n\nc d\n\ne', false)[0]).toBe(first)
  })

  it('reads a reply anew that changed elsewhere', () => {
    const reader = new BlockReader()
    reader.blocks('a\n\nb', true)
    expect(reader.blocks('c\n\nb', true).map(({ source }) => source)).toEqual(['c', 'b'])
  })
})

describe('limits', () => {
  const kinds = (markdown: string) => new BlockReader().blocks(markdown, false).map(({ kind }) => kind)

  it('leaves a block that is too long as it was written', () => {
    expect(kinds(`a\n\n${'*b* '.repeat(BLOCK_CHARACTERS / 4 + 1)}`)).toEqual(['markup', 'plain'])
  })

  it('reads only the beginning of a reply as Markdown, whole lines of it', () => {
    const lines = MARKDOWN_CHARACTERS / 1000
    const blocks = new BlockReader().blocks(`${'x'.repeat(999)}\n\n`.repeat(lines), false)
    expect(blocks.at(-1)?.kind).toBe('plain')
    expect(blocks.at(-1)?.source).toMatch(/^\n?x{999}\n/)
    const shown = blocks.map(({ source }) => source).join('')
    expect(shown.match(/x/g)).toHaveLength(999 * lines)
  })

  it('leaves what stands behind too many blocks as it was written', () => {
    const reply = 'a\n\n'.repeat(MOST_BLOCKS) + '**b**\n\nc'
    for (const writing of [true, false]) {
      const blocks = new BlockReader().blocks(reply, writing)
      expect(blocks).toHaveLength(MOST_BLOCKS + 1)
      expect(blocks.at(-1)).toMatchObject({ kind: 'plain', whole: true })
      expect(blocks.at(-1)?.source.trim()).toBe('**b**\n\nc')
    }
  })

  it('cuts a huge table after whole rows and counts them', () => {
    const [table, after] = new BlockReader().blocks(`|a|b|\n|-|-|\n${'|1|2|\n'.repeat(4000)}\nend`, false)
    expect(table).toMatchObject({ kind: 'markup', rows: 4000 })
    expect(table?.kind === 'markup' && table.html.match(/<td>/g)!.length).toBeLessThanOrEqual(TABLE_CELLS)
    expect(after?.source).toBe('end')
  })

  it.each([
    ['quotes', '>'.repeat(10_000)],
    ['quotes with blanks', '> '.repeat(10_000)],
    ['quotes that the next line belongs to', `${'> '.repeat(10_000)}a\nb`],
    ['lists', '1. '.repeat(10_000)],
    ['quotes and lists', '> - '.repeat(5_000)],
    ['emphasis', '**_'.repeat(5_000)],
    ['brackets', '['.repeat(10_000)],
    ['columns', `${'|a'.repeat(3000)}\n${'|-'.repeat(3000)}\n${'|\n'.repeat(3000)}`],
  ])('has an end for nested %s', (_, source) => {
    expect(html(source).length).toBeLessThan(1_000_000)
  })
})
