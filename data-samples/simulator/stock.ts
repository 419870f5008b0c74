import { dayOf, daysIn, firstDay, monthOf } from "./calendar.ts";
import type { DwellingRecord, LeaseRecord } from "./landlord-records.ts";
import { LEGACY_AGENCIES, type LegacyAgency, PARAMETERS } from "./parameters.ts";
import { type Dwelling, drawDwelling, drawHousehold, type Household } from "./people.ts";
import { type DwellingStreams, dwellingStreams, type RandomStream } from "./random.ts";
import { liveTenancy } from "./tenancy.ts";
import type { Window } from "./window.ts";

const TOTAL_WEIGHT = LEGACY_AGENCIES.reduce((total, agency) => total + agency.weight, 0);

interface Home {
  readonly agency: LegacyAgency;
  readonly tenancies: readonly LivedTenancy[];
}

interface LivedTenancy {
  readonly household: Household;
  readonly lease: LeaseRecord;
}

/**
 * The dwellings of the whole group, one by one, each with all its tenancies and their entries in the window.
 * Dwelling k is the same whatever `dwellings` is.
 */
export function* dwellingsOf(dwellings: number, seed: number, window: Window): Generator<DwellingRecord> {
  const streams = dwellingStreams(seed);
  let home: Home | null = null;
  for (let number = 1; number <= dwellings; number++) {
    const own = streams.next().value;
    const use = own.people.choose(PARAMETERS.use);
    const withHome =
      use === "parking" || use === "garage" ? own.people.chance(PARAMETERS.annexWithHome) : false;
    const drawnAgency = drawAgency(own.people);
    const agency: LegacyAgency = withHome && home ? home.agency : drawnAgency;
    const dwelling = drawDwelling(number, agency.landlord, agency, use, own.people);
    const tenancies: readonly LivedTenancy[] =
      withHome && home ? followHome(dwelling, home, own, window) : fill(dwelling, own, window);
    for (const { lease } of tenancies) {
      if (isKnown(lease, window)) dwelling.record.leases.push(lease);
      if (lease.end === null) dwelling.record.vacant = false;
    }
    if (use === "residential") {
      home = { agency, tenancies: tenancies.filter(({ lease }) => isKnown(lease, window)) };
    }
    yield dwelling.record;
  }
}

/** The landlord's files still know a lease that is running, that ended in the window, or that still owes. */
function isKnown(lease: LeaseRecord, window: Window): boolean {
  return lease.entries.length > 0 || lease.end === null || lease.end >= window.start;
}

function drawAgency(random: RandomStream): LegacyAgency {
  let left = random.fraction() * TOTAL_WEIGHT;
  for (const agency of LEGACY_AGENCIES) {
    left -= agency.weight;
    if (left < 0) return agency;
  }
  throw new Error("no agency was drawn");
}

/** Tenancies that follow one another in a dwelling, with vacancy between them. */
function fill(dwelling: Dwelling, streams: DwellingStreams, window: Window): readonly LivedTenancy[] {
  const tenancies: LivedTenancy[] = [];
  const { number, agency } = dwelling.record;
  const { people } = streams;
  let start = dayOf(window.birth - people.integer(...PARAMETERS.tenureMonths), people.integer(1, 28));
  for (let rank = 1; ; rank++) {
    const id = number * 100 + rank;
    const household = drawHousehold(id, agency.fragility, people);
    const lease = liveTenancy({ id, dwelling, household, start, end: "free", window, streams });
    tenancies.push({ household, lease });
    if (lease.end === null) return tenancies;
    const empty = people.chance(PARAMETERS.longVacancy)
      ? people.integer(4, 14)
      : people.integer(...PARAMETERS.vacancyMonths);
    const month = monthOf(lease.end) + 1 + empty;
    start = people.chance(0.5) ? firstDay(month) : dayOf(month, people.integer(1, daysIn(month)));
    if (start > window.asOf) return tenancies;
  }
}

/** An annex let to the household of the home beside it, for as long as it lives there. */
function followHome(
  dwelling: Dwelling,
  home: Home,
  streams: DwellingStreams,
  window: Window,
): readonly LivedTenancy[] {
  return home.tenancies.map(({ household, lease }, index) => ({
    household,
    lease: liveTenancy({
      id: dwelling.record.number * 100 + index + 1,
      dwelling,
      household,
      start: lease.start,
      end: lease.end,
      window,
      streams,
    }),
  }));
}
