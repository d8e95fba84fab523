/** Generator streams of one seed; the cells language × level use 0 to 7. Changing one changes every published seed. */
export const STREAMS = {
  /** Asking order of a stratified sample. */
  order: 8,
  /** Simple random sample, drawn in asking order. */
  simple: 9,
  /** Which items are asked rotated as well, and by how many places. */
  rotatedItems: 10,
  rotationPlaces: 11,
  /** Solved examples. */
  shots: { en: 12, zh: 13 },
} as const
