export const mends = new Map();
