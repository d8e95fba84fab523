export const experts = {}
