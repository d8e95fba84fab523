export const chatStrategies = {}
