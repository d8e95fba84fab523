export const DOWNLOAD_FOLDER: string
export const DOWNLOAD_WORKERS: readonly string[]
export const isolationHeaders: Record<string, string>
export const siteHeaders: Record<string, string>
export function policyOf(path: string): string
export function headersFile(): string
