import type { RunLoopPorts } from './run-loop'

/** Reads a reply in both ways. The extractions arrive with the first answer, not with the first screen. */
export const readReply: RunLoopPorts['read'] = async (reply, item, finish) => {
  const [{ officialExtraction }, { strictExtraction }] = await Promise.all([
    import('#core/answer/official'),
    import('#core/answer/strict'),
  ])
  const official = officialExtraction(reply, item.options)
  const strict = strictExtraction(reply, item.options, finish)
  return {
    officialLetter: official.kind === 'letter' ? official.letter : null,
    strictLetter: strict.kind === 'letter' ? strict.letter : null,
    strictReason: strict.kind === 'none' ? strict.reason : null,
  }
}
