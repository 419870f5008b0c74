/** The audiences that a night publishes for: a folder of reports/, a schema of the warehouse, an extract and a site each. */
export const SITES = ["managers", "directors"] as const;

export type Site = (typeof SITES)[number];
