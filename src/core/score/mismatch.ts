/** How often a written reply and a single forward pass of the same model name different letters. */
import { levelChoice } from './accuracy-table'
import { cellIndex, emptyCells, groupTable, type GroupTable } from './group-table'
import { share, type Share } from './share'
import { chosenLetter, type ScoredAnswer, type Scoring } from './verdict'

/** The readings of a reply that the forward pass is held against. */
export type ReplyScoring = Exclude<Scoring, 'forward'>

export interface Mismatch extends Share {
  /** Of these, the answers in which the reply or the pass gave no letter at all. */
  unread: number
}

export type MismatchTable = GroupTable<Mismatch>

interface Tally {
  n: number
  different: number
  unread: number
}

/**
 * The mismatch rate by language and level: of the answers that were scored by a forward pass, the share in which pass
 * and reply do not both name the same letter. Answers without a pass count nowhere.
 *
 * After X. Wang et al., "“My Answer is C”: First-Token Probabilities Do Not Match Text Answers in
 * Instruction-Tuned Language Models", Findings of ACL 2024, arXiv:2402.14499.
 */
export function mismatchTable(answers: readonly ScoredAnswer[], scoring: ReplyScoring): MismatchTable {
  const cells = emptyCells(emptyTally)
  for (const answer of answers) {
    if (!answer.forward) continue
    const tally = cells[cellIndex(answer.item.language, levelChoice(answer))]
    if (!tally) continue
    const reply = chosenLetter(answer, scoring)
    const forward = chosenLetter(answer, 'forward')
    const unread = reply === null || forward === null
    tally.n += 1
    if (unread) tally.unread += 1
    if (unread || reply !== forward) tally.different += 1
  }
  return groupTable(cells, {
    empty: emptyTally,
    add: (left, right) => ({
      n: left.n + right.n,
      different: left.different + right.different,
      unread: left.unread + right.unread,
    }),
    isEmpty: ({ n }) => n === 0,
    group: ({ n, different, unread }) => ({ ...share(different, n), unread }),
  })
}

function emptyTally(): Tally {
  return { n: 0, different: 0, unread: 0 }
}
