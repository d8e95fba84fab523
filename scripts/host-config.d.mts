import type { HeaderRule } from './serve.mjs'

export function nginxConfig(rules: readonly HeaderRule[], folder: string, base: string): string
export function apacheConfig(rules: readonly HeaderRule[], folder: string, base: string): string
