/** What a number field holds: empty is null. */
export type NumberInput = number | null

export function isWithin(value: NumberInput, least: number, most: number): value is number {
  return value !== null && value >= least && value <= most
}

export function isWhole(value: NumberInput, least: number, most: number): value is number {
  return isWithin(value, least, most) && Number.isInteger(value)
}
