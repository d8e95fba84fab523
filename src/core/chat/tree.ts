/** The messages of one conversation as a tree, and the branch of it that is shown. */
import type { MessageId, MessageRecord } from './types'

export type MessageTree = ReadonlyMap<MessageId, MessageRecord>

/** Stored messages in any order. */
export function treeOf(messages: readonly MessageRecord[]): MessageTree {
  return new Map(messages.map((message) => [message.id, message]))
}

/**
 * From the first message to `leaf`. It ends before the first deleted message, which hides what follows it. Empty for
 * an unknown leaf, and where the way to the beginning is broken.
 */
export function branchTo(tree: MessageTree, leaf: MessageId | null): readonly MessageRecord[] {
  const path = wayTo(tree, leaf)
  const removed = path.findIndex(({ removedAt }) => removedAt !== null)
  return removed < 0 ? path : path.slice(0, removed)
}

/** Whether a message can be shown: neither it nor one that it follows is deleted. */
export function isVisible(tree: MessageTree, id: MessageId): boolean {
  const path = wayTo(tree, id)
  return path.length > 0 && path.every(({ removedAt }) => removedAt === null)
}

/**
 * The messages that stand beside `id`, itself among them, the earliest first: other wordings of a question, other
 * replies to it. A reply that was continued is not one of them, since the longer one begins with it. Empty for a
 * message that is not shown.
 */
export function branchesOf(tree: MessageTree, id: MessageId): readonly MessageId[] {
  if (!isVisible(tree, id)) return []
  const beside = childrenOf(tree, tree.get(id)?.parent ?? null)
  const continued = new Set(
    beside.map((message) => (message.role === 'assistant' ? message.continuedFrom : null)),
  )
  return beside.map((message) => message.id).filter((each) => each === id || !continued.has(each))
}

/** The message written last among `id` and what follows it: the end of the branch to show when `id` is chosen. */
export function newestLeaf(tree: MessageTree, id: MessageId): MessageId {
  let newest = id
  for (const { id: candidate } of tree.values()) {
    if (candidate > newest && isVisible(tree, candidate) && follows(tree, candidate, id)) newest = candidate
  }
  return newest
}

/** The end of the branch to show once `id` is deleted: of its neighbour, or else what it followed. */
export function leafWithout(tree: MessageTree, id: MessageId): MessageId | null {
  const removed = tree.get(id)
  if (!removed) return null
  const left = new Map(tree).set(id, { ...removed, removedAt: 0 })
  const siblings = childrenOf(left, removed.parent).map((message) => message.id)
  const neighbour = siblings.findLast((sibling) => sibling < id) ?? siblings.find((sibling) => sibling > id)
  return neighbour === undefined ? removed.parent : newestLeaf(left, neighbour)
}

/** Whether `id` is `ancestor` or comes after it on some branch. */
export function follows(tree: MessageTree, id: MessageId, ancestor: MessageId): boolean {
  return wayTo(tree, id).some((message) => message.id === ancestor)
}

/** The messages that were deleted before `time`, and those that follow them. */
export function removedBefore(messages: readonly MessageRecord[], time: number): MessageId[] {
  const gone = new Set<MessageId>()
  for (const { id, parent, removedAt } of [...messages].sort((one, other) => one.id - other.id)) {
    if ((removedAt !== null && removedAt < time) || (parent !== null && gone.has(parent))) gone.add(id)
  }
  return [...gone]
}

/** The messages that follow `parent`, without deleted ones, the earliest first; the beginnings for null. */
function childrenOf(tree: MessageTree, parent: MessageId | null): MessageRecord[] {
  return [...tree.values()]
    .filter((message) => message.parent === parent && message.removedAt === null)
    .sort((one, other) => one.id - other.id)
}

/** From the beginning to `id`, whatever is deleted. A message always follows an earlier one, so this ends. */
function wayTo(tree: MessageTree, id: MessageId | null): MessageRecord[] {
  const way: MessageRecord[] = []
  for (let next = id; next !== null;) {
    const message = tree.get(next)
    if (!message || (message.parent !== null && message.parent >= next)) return []
    way.push(message)
    next = message.parent
  }
  return way.reverse()
}
