/** Time the browser has to start reading the file before its address is given up. */
const REVOKE_AFTER_MS = 60_000

/** Hands a file to the browser's download. */
export function downloadFile(file: File): void {
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = file.name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), REVOKE_AFTER_MS)
}
