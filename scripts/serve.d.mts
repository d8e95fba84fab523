import type { IncomingMessage, Server, ServerResponse } from 'node:http'

export interface HeaderRule {
  pattern: string
  headers: [name: string, value: string][]
}
export interface ServeOptions {
  folder: string
  port?: number
  base?: string
  host?: string
  cert?: string | undefined
  key?: string | undefined
}
export function readHeaderRules(text: string): HeaderRule[]
export function headersOf(rules: readonly HeaderRule[], path: string): Record<string, string>
export function readRange(
  header: string | undefined,
  size: number,
): { first: number; last: number } | 'whole' | 'none'
export function normalBase(base: string): string
export function siteHandler(
  folder: string,
  base?: string,
): (request: IncomingMessage, response: ServerResponse) => void
export function serve(options: ServeOptions): Promise<{ server: Server; url: string; otherUrls: string[] }>
export function serveAtFreePort(options: ServeOptions): ReturnType<typeof serve>
