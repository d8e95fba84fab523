/** What was found of a file when a run was read from it: the claims it makes about itself, each computed again. */

export type FileCheckId =
  /** `receiptSha256` over the whole content. */
  | 'file-hash'
  /** `receipt.resultsSha256` over the answers. */
  | 'results-hash'
  /** The other members of `receipt`, from the plan, the sessions and the answers. */
  | 'receipt'
  /** The accuracies and the summary of the replies, from the answers. */
  | 'tables'
  /** The hash of each item, from its text. */
  | 'item-hashes'

export interface FileCheck {
  id: FileCheckId
  /** `unchecked`: the file does not say, as files of version 1 and items without their text. */
  outcome: 'passed' | 'failed' | 'unchecked'
  /** How many values were compared, and how many of them differ. */
  checked: number
  failed: number
  /** Positions of answers that differ, the first of them. */
  positions: number[]
}

/** Positions kept with a check; they lie in the run's summary, which is read for every list. */
export const MAX_POSITIONS = 20
