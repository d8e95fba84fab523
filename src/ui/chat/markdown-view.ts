/** The DOM of one reply, brought up to date as the reply grows: blocks that did not change keep their elements. */
import { inSteps } from '#app/slices'
import { BlockReader, type Block } from './markdown-blocks'
import { renderBlock, renderBlocks } from './markdown'
import { furnish, type BlockLabels } from './markdown-furniture'
import { inTurn } from './markdown-queue'
import { typeset } from './markdown-typeset'

interface Shown {
  block: Block
  element: HTMLElement
}

export class MarkdownView {
  readonly #container: HTMLElement
  readonly #labels: BlockLabels
  readonly #reader = new BlockReader()
  readonly #shown: Shown[] = []
  /** Counts calls of `show`: an earlier one that is still at work gives up. */
  #call = 0

  constructor(container: HTMLElement, labels: BlockLabels) {
    this.#container = container
    this.#labels = labels
  }

  /** `writing`: more may come. A reply that is shown for the first time waits for its turn. */
  show(text: string, writing: boolean): void {
    const steps = this.#steps(text, writing, (this.#call += 1))
    if (writing || this.#shown.length > 0) void inSteps(steps)
    else inTurn(steps)
  }

  destroy(): void {
    this.#call += 1
  }

  *#steps(text: string, writing: boolean, call: number): Generator<void> {
    if (call !== this.#call) return
    const blocks = this.#reader.blocks(text, writing)
    for (const { element } of this.#shown.splice(blocks.length)) element.remove()
    const changed = blocks.flatMap((block, index) => {
      const shown = this.#shown[index]
      return shown && isSame(shown.block, block) ? [] : [{ block, index }]
    })
    const fragments = renderBlocks(changed.map(({ block }) => block))
    for (const { block, index } of changed) {
      const element = document.createElement('div')
      element.className = 'block'
      yield* fill(element, block, fragments.next().value ?? renderBlock(block), this.#labels)
      if (call !== this.#call) return
      const shown = this.#shown[index]
      if (shown) shown.element.replaceWith(element)
      else this.#container.append(element)
      this.#shown[index] = { block, element }
    }
  }
}

function* fill(
  element: HTMLElement,
  block: Block,
  fragment: DocumentFragment,
  labels: BlockLabels,
): Generator<void> {
  yield
  furnish(fragment, block, labels, (whole) => inTurn(fill(element, whole, renderBlock(whole), labels)))
  element.replaceChildren(fragment)
  yield* typeset(element)
}

/** A block is read again with the whole reply when that ends; most come out as they were. */
function isSame(one: Block, other: Block): boolean {
  if (one === other) return true
  if (one.kind === 'plain') {
    return other.kind === 'plain' && one.source === other.source && one.whole === other.whole
  }
  return other.kind === 'markup' && one.html === other.html && one.rows === other.rows
}
