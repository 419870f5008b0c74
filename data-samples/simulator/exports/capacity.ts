import type { Agency } from "../parameters.ts";

/** Full-time equivalents of the three teams for a thousand dwellings, and what one of them reaches in a week. */
const FULL_TIME_PER_THOUSAND = { agency: 0.3, prevention: 0.24, litigation: 0.17 } as const;
const CONTACTS_PER_WEEK = { agency: 24, prevention: 38, litigation: 14 } as const;

/** What a team can do for an agency. */
export interface Capacity {
  readonly team: keyof typeof CONTACTS_PER_WEEK;
  readonly agency: string;
  readonly contactsPerWeek: number;
  /** Hundredths of a full-time equivalent. */
  readonly fullTime: number;
}

/** The capacity of each team for each of these agencies, from the number of dwellings that they manage. */
export function capacityOf(
  agencies: readonly Agency[],
  dwellingsOfAgency: ReadonlyMap<string, number>,
): Capacity[] {
  return agencies.flatMap(({ id }) =>
    (["agency", "prevention", "litigation"] as const).map((team) => {
      const thousands = (dwellingsOfAgency.get(id) ?? 0) / 1000;
      const fullTime = Math.max(5, Math.round(thousands * FULL_TIME_PER_THOUSAND[team] * 100));
      const contactsPerWeek = Math.max(1, Math.round((fullTime / 100) * CONTACTS_PER_WEEK[team]));
      return { team, agency: id, contactsPerWeek, fullTime };
    }),
  );
}
