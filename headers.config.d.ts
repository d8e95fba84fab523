export const isolationHeaders: Record<string, string>
export const siteHeaders: Record<string, string>
