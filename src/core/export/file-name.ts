import { calendarDay } from './calendar-day'
import type { RunPlan } from '../run/types'

/** Two names of 24 characters, of at most 4 bytes each in UTF-8, stay well below the usual 255 bytes. */
const MOST_NAME_CHARACTERS = 24

/**
 * A file name that every file system takes, e.g. "somnus-qwen2-5-0-5b-demo-2026-11-21.json": letters and
 * digits of any script, everything else becomes a hyphen.
 */
export function exportFileName(plan: RunPlan, ending: string): string {
  const day = calendarDay(plan.createdAt)
  const words = [plan.model.name, plan.dataset.name].map((text) =>
    [
      ...text
        .normalize('NFKC')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, '-'),
    ]
      .slice(0, MOST_NAME_CHARACTERS)
      .join('')
      .replace(/^-|-$/g, ''),
  )
  return ['somnus', ...words.filter((word) => word !== ''), day].join('-') + `.${ending}`
}
