/** Entries of lists that are deleted, and brought back. */
export const removal = {
  failed: (name: string) =>
    `“${name}” could not be deleted. Free some space or reload the page, then try again.`,
  undoFailed: (name: string) =>
    `“${name}” could not be brought back. Free some space or reload the page, then try again.`,
  messageFailed: 'The message could not be deleted. Free some space or reload the page, then try again.',
  messageUndoFailed:
    'The message could not be brought back. Free some space or reload the page, then try again.',
}
