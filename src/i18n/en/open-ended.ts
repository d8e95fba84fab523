export const openEnded = {}
