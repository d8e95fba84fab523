export const strategies = {}
