/** How a prompt was read, as columns of every table. */
import type { PromptReading } from '../numerics/types'
import type { CsvValue } from './csv'

interface Column<Row> {
  name: string
  value: (row: Row) => CsvValue
}

/** `of` gives the reading that a row tells of; all columns are empty where it is not known. */
export function readingColumns<Row>(
  prefix: string,
  of: (row: Row) => PromptReading | undefined,
): Column<Row>[] {
  const column = (name: string, value: (reading: PromptReading) => CsvValue): Column<Row> => ({
    name: `${prefix}${name}`,
    value: (row) => {
      const reading = of(row)
      return reading ? value(reading) : null
    },
  })
  return [
    column('tokens_fed', ({ tokensFed }) => tokensFed),
    column('tokens_reused', ({ tokensReused }) => tokensReused),
    column('prompt_path', ({ path }) => path),
    column('cold_reason', ({ reason }) => reason ?? null),
    column('prompt_compared', ({ compared }) => compared === true),
  ]
}
