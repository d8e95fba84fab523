/** Names of chat files, which every file system takes. */
import { calendarDay } from '../../export/calendar-day'

/** A name of 40 characters, of at most 4 bytes each in UTF-8, stays below the usual 255 bytes. */
const MOST_NAME_CHARACTERS = 40

/** E.g. `chatFileName('chat', 'What is MAC?', at, 'html')` is "somnus-chat-what-is-mac-2026-11-21.html". */
export function chatFileName(kind: 'chat' | 'preset', name: string, at: number, ending: string): string {
  // Letters and digits of any script, with the marks that belong to them; everything else becomes a hyphen.
  const words = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
  const slug = [...words].slice(0, MOST_NAME_CHARACTERS).join('').replace(/^-|-$/g, '')
  const day = calendarDay(at)
  return `${['somnus', kind, slug, day].filter((part) => part !== '').join('-')}.${ending}`
}
