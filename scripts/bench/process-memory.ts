/** Resident memory of this process's descendants, from /proc: Linux only. */
import { readdirSync, readFileSync } from 'node:fs'

export interface ProcessMemory {
  pid: number
  command: string
  /** The most that it ever had at once, in MB of a million bytes. */
  peakMB: number
}

/** All processes below this one. Undefined where the system has no /proc. */
export function descendants(): ProcessMemory[] | undefined {
  const parents = new Map<number, number>()
  try {
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue
      const parent = /^PPid:\s*(\d+)/m.exec(text(name, 'status'))?.[1]
      if (parent) parents.set(Number(name), Number(parent))
    }
  } catch {
    return undefined
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid)
    return parent === process.pid || (parent !== undefined && parent !== 0 && isBelow(parent))
  }
  return [...parents.keys()].filter(isBelow).map((pid) => {
    const peakKB = Number(/^VmHWM:\s*(\d+)/m.exec(text(String(pid), 'status'))?.[1] ?? 0)
    return { pid, command: text(String(pid), 'cmdline').replaceAll('\0', ' '), peakMB: (peakKB * 1024) / 1e6 }
  })
}

/** Empty for a process that has ended meanwhile. */
function text(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
