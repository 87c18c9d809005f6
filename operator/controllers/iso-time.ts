/** ISO time of an instant in milliseconds, without fractions, as the API's `date-time` wants it. */
export const isoTime = (now: number): string => `${new Date(now).toISOString().slice(0, 19)}Z`
