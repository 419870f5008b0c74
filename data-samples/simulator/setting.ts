import type { Day, Month } from "./calendar.ts";
import type { LandlordWays, LegacyAgency, Parameters, Scenario } from "./parameters.ts";
import type { Dwelling } from "./people.ts";
import type { Chances } from "./random.ts";
import type { Window } from "./window.ts";

/** What stays the same throughout one tenancy, for all its parts. */
export interface Setting {
  readonly parameters: Parameters;
  readonly scenario: Scenario;
  readonly window: Window;
  readonly dwelling: Dwelling;
  readonly agency: LegacyAgency;
  readonly ways: LandlordWays;
  /** A home, not an annex. */
  readonly home: boolean;
  readonly start: Day;
  /** First month under the group's ways. */
  readonly mergedFrom: Month;
  /** Drawn under the lease. */
  readonly chances: Chances;
  /** Drawn under the agency: what its advisers share. */
  readonly agencyChances: Chances;
}
