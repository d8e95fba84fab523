/** The part of papaparse that is used here; the package has no types of its own. */
declare module 'papaparse' {
  interface ChunkResults {
    data: string[][]
    /** `row` indexes into `data`. */
    errors: { code: string; row?: number }[]
  }
  interface Parser {
    abort(): void
  }
  interface Options {
    header: false
    skipEmptyLines: false
    chunkSize: number
    chunk(results: ChunkResults, parser: Parser): void
  }
  const Papa: { parse: (text: string, options: Options) => void }
  export default Papa
}
