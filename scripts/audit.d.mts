export const KNOWN_HOSTS: Readonly<Record<string, string>>
export function unpinned(manifest: {
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}): string[]
export function lockProblems(lock: {
  packages: Record<string, { integrity?: string; dev?: boolean; hasInstallScript?: boolean }>
}): string[]
export function hostsIn(text: string): string[]
export function pageProblems(html: string): string[]
