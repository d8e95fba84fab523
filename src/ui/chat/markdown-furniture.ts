/** What a rendered block gets around its text: boxes that scroll, buttons that copy and show more. */
import type { Block } from './markdown-blocks'
import { WHOLE_TABLE_CELLS } from './markdown-limits'
import { readMarkdown, toHtml } from './markdown-syntax'

export interface BlockLabels {
  code: string
  table: string
  copyCode: string
  showRows: (count: number) => string
  showCharacters: (count: number) => string
  link: (host: string) => string
}

/** Puts furniture into `fragment`. `onWhole` gets the block without its cut when the reader asks for it. */
export function furnish(
  fragment: DocumentFragment,
  block: Block,
  labels: BlockLabels,
  onWhole: (block: Block) => void,
): void {
  for (const table of fragment.querySelectorAll('table')) scrolling(table, 'table-scroll', labels.table)
  for (const pre of fragment.querySelectorAll('pre')) furnishCode(pre, labels)
  for (const link of fragment.querySelectorAll('a[data-host]')) tellHost(link, labels)
  const { source } = block
  if (block.kind === 'plain') {
    if (block.whole) return
    const label = labels.showCharacters(source.length)
    fragment.append(button('more', label, () => onWhole({ ...block, whole: true })))
  } else if (block.rows !== null) {
    fragment.append(button('more', labels.showRows(block.rows), () => onWhole(wholeTable(source))))
  }
}

function scrolling(content: Element, className: string, label: string): HTMLElement {
  const box = document.createElement('div')
  box.className = className
  box.tabIndex = 0
  box.role = 'region'
  box.ariaLabel = label
  content.replaceWith(box)
  box.append(content)
  return box
}

function furnishCode(pre: HTMLPreElement, { code, copyCode }: BlockLabels): void {
  const language = pre.querySelector('code')?.dataset.language ?? ''
  const figure = document.createElement('div')
  figure.className = 'code'
  const bar = document.createElement('div')
  bar.className = 'bar'
  const name = document.createElement('span')
  name.textContent = language
  const copy = button('copy', copyCode)
  copy.dataset.copy = ''
  bar.append(name, copy)
  pre.replaceWith(figure)
  figure.append(bar, pre)
  scrolling(pre, 'lines', language === '' ? code : `${code}: ${language}`)
}

function tellHost(link: Element, { link: label }: BlockLabels): void {
  const host = document.createElement('span')
  host.className = 'host'
  host.textContent = ` (${link.getAttribute('data-host')})`
  link.append(host)
  link.setAttribute('title', label(link.getAttribute('data-address') ?? ''))
}

function wholeTable(source: string): Block {
  const [table] = readMarkdown(source, {}, WHOLE_TABLE_CELLS)
  return { kind: 'markup', source, html: table ? toHtml(table) : '', rows: null }
}

function button(className: string, text: string, onclick?: () => void): HTMLButtonElement {
  const element = document.createElement('button')
  element.type = 'button'
  element.className = className
  element.textContent = text
  if (onclick) element.onclick = onclick
  return element
}
