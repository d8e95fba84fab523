import type { TextEncodingName } from '#core/dataset/preview'

export interface DecodedText {
  text: string
  encoding: TextEncodingName
}

/**
 * Bytes as text: UTF-8 or UTF-16 as their byte order mark says; else UTF-8 where it is valid; else GB18030,
 * which Chinese spreadsheets still write. Null when it is none of them. A byte order mark is not part of the text.
 */
export function decodeText(bytes: Uint8Array<ArrayBuffer>): DecodedText | null {
  for (const encoding of candidates(bytes)) {
    try {
      return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding }
    } catch (error) {
      // The decoder says "invalid" with a TypeError; anything else is a bug or a lack of memory.
      if (!(error instanceof TypeError)) throw error
    }
  }
  return null
}

function candidates(bytes: Uint8Array): TextEncodingName[] {
  const [first = 0, second = 0] = bytes
  // JSON and CSV begin with an ASCII character, so a zero byte among the first two tells UTF-16 without a mark.
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0 && bytes.length > 1))
    return ['utf-16le']
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return ['utf-16be']
  return ['utf-8', 'gb18030']
}
