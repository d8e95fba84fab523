/** Gives every unseen character of a piece of DOM a sign, so that no text can hide or be put in another order. */
import { hasUnseen, nameUnseen, partsBySight } from '#core/chat/unseen-characters'
import { UNSEEN_MARKS } from './markdown-limits'

/** Stands for those beyond the limit. */
const SIGN = '\uFFFD'

export function markUnseen(root: DocumentFragment | Element): void {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  const found: Text[] = []
  while (walker.nextNode()) {
    const node = walker.currentNode as Text
    if (hasUnseen(node.data)) found.push(node)
  }
  let marks = 0
  for (const node of found) {
    const parts: (string | Node)[] = []
    let text = ''
    for (const part of partsBySight(node.data)) {
      if (part.kind === 'text') text += part.text
      else if (marks >= UNSEEN_MARKS) text += SIGN
      else {
        marks += 1
        parts.push(text, markOf(part.text))
        text = ''
      }
    }
    node.replaceWith(...parts, text)
  }
}

function markOf(run: string): HTMLElement {
  const mark = document.createElement('span')
  mark.className = 'unseen'
  mark.textContent = nameUnseen(run)
  return mark
}
