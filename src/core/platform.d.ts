/**
 * The platform types that the engine port names. Core makes neither: it passes them on. Where the real types
 * exist these declarations merge with them.
 */
interface AbortSignal {
  readonly aborted: boolean
}

interface File {
  readonly name: string
  readonly size: number
}
