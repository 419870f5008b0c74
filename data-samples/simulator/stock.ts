import { dayOf, daysIn, firstDay, monthOf } from "./calendar.ts";
import type { DwellingRecord, LeaseRecord } from "./landlord-records.ts";
import {
  AUBRELLE,
  GROUPS,
  type Group,
  type LegacyAgency,
  type Parameters,
  type Scenario,
} from "./parameters.ts";
import { type Dwelling, drawDwelling, drawHousehold, type Household } from "./people.ts";
import { Chances } from "./random.ts";
import { liveTenancy, type TenancyPlan } from "./tenancy.ts";
import type { Window } from "./window.ts";

/** Which dwellings to live, and in which world. */
export interface Stock {
  /** First and last number, both included; dwelling k is the same whatever they are. */
  readonly from: number;
  readonly to: number;
  readonly seed: number;
  readonly window: Window;
  /** `AUBRELLE` unless said otherwise. */
  readonly parameters?: Parameters;
  /** `plain` unless said otherwise. */
  readonly scenario?: Scenario;
  /** The large one unless said otherwise. */
  readonly group?: Group;
}

/** A tenancy as lived, with all that it takes to live it again. */
export interface LivedTenancy {
  readonly plan: TenancyPlan;
  readonly lease: LeaseRecord;
}

export interface LivedDwelling {
  readonly record: DwellingRecord;
  readonly tenancies: readonly LivedTenancy[];
}

interface World {
  readonly seed: number;
  readonly window: Window;
  readonly parameters: Parameters;
  readonly scenario: Scenario;
  readonly group: Group;
}

/** What a dwelling is, before anybody lives there. */
interface Drawn {
  readonly number: number;
  readonly use: DwellingRecord["use"];
  readonly withHome: boolean;
  readonly agency: LegacyAgency;
  readonly chances: Chances;
}

/** The dwellings of a stock, one by one, each with all its tenancies and their entries in the window. */
export function* dwellingsOf(stock: Stock): Generator<DwellingRecord> {
  for (const { record } of livedDwellings(stock)) yield record;
}

/** The same dwellings with what it takes to live their tenancies again. Memory does not grow with their number. */
export function* livedDwellings({
  from,
  to,
  seed,
  window,
  parameters = AUBRELLE,
  scenario = "plain",
  group = GROUPS.large,
}: Stock): Generator<LivedDwelling> {
  const world = { seed, window, parameters, scenario, group };
  let home: LivedDwelling | null = null;
  for (let number = from; number <= to; number++) {
    const drawn = draw(number, world);
    if (drawn.withHome) home ??= homeBefore(number, world);
    const lived: LivedDwelling = drawn.withHome && home ? beside(drawn, home, world) : alone(drawn, world);
    if (drawn.use === "residential") home = lived;
    yield lived;
  }
}

function draw(number: number, { seed, parameters, group }: World): Drawn {
  const chances = new Chances(seed, number * 100);
  const use = chances.choose(parameters.stock.use, "use");
  const annex = use === "parking" || use === "garage";
  return {
    number,
    use,
    withHome: annex && chances.chance(parameters.stock.annexWithHome, "withHome"),
    agency: drawAgency(chances, group),
    chances,
  };
}

/** The nearest home with a smaller number; null when there is none. */
function homeBefore(number: number, world: World): LivedDwelling | null {
  for (let before = number - 1; before >= 1; before--) {
    const drawn = draw(before, world);
    if (drawn.use === "residential") return alone(drawn, world);
  }
  return null;
}

/** Tenancies that follow one another in a dwelling, with vacancy between them. */
function alone({ number, use, agency, chances }: Drawn, world: World): LivedDwelling {
  const { window, parameters, seed } = world;
  const { stock } = parameters;
  const dwelling = drawDwelling(number, agency, use, chances, parameters);
  const tenancies: LivedTenancy[] = [];
  let start = dayOf(
    window.birth - chances.integer(stock.tenureMonths, "tenure"),
    chances.integer(stock.tenureStartDay, "startDay"),
  );
  for (let rank = 1; start <= window.asOf; rank++) {
    const id = number * 100 + rank;
    const seen = Math.max(window.birth, monthOf(start));
    const drawn = drawHousehold(id, start, seen, agency.fragility, new Chances(seed, id), parameters);
    const household = use === "commercial" ? asTrader(drawn, dwelling, parameters) : drawn;
    const tenancy = live({ id, dwelling, household, start, end: "free", ...world });
    tenancies.push(tenancy);
    const { end } = tenancy.lease;
    if (end === null) break;
    const empty = chances.chance(stock.longVacancy, "longVacancy", rank)
      ? chances.integer(stock.longVacancyMonths, "vacancy", rank)
      : chances.integer(stock.vacancyMonths, "vacancy", rank);
    const month = monthOf(end) + 1 + empty;
    start = chances.chance(stock.startsOnFirst, "startsOnFirst", rank)
      ? firstDay(month)
      : dayOf(month, chances.integer([1, daysIn(month)], "startDay", rank));
  }
  return filled(dwelling, tenancies, window);
}

/** An annex let to the household of the home beside it, for as long as it lives there. */
function beside({ number, use, chances }: Drawn, home: LivedDwelling, world: World): LivedDwelling {
  const dwelling = drawDwelling(number, home.record.agency, use, chances, world.parameters);
  const known = home.tenancies.filter(({ lease }) => isKnown(lease, world.window));
  const tenancies = known.map(({ plan, lease }, index) => {
    const household: Household = plan.household;
    const id = number * 100 + index + 1;
    return live({ id, dwelling, household, start: lease.start, end: lease.end, ...world });
  });
  return filled(dwelling, tenancies, world.window);
}

/** A shop's takings have nothing to do with a household's income: a rent that it can bear. */
function asTrader(household: Household, { rent, charges }: Dwelling, { stock }: Parameters): Household {
  const income = stock.traderIncome * (rent + charges);
  return { ...household, adults: 1, children: 0, work: "stable", income };
}

function live(plan: TenancyPlan): LivedTenancy {
  return { plan, lease: liveTenancy(plan) };
}

function filled({ record }: Dwelling, tenancies: readonly LivedTenancy[], window: Window): LivedDwelling {
  for (const { lease } of tenancies) {
    if (isKnown(lease, window)) record.leases.push(lease);
    if (lease.end === null) record.vacant = false;
  }
  return { record, tenancies };
}

/** The landlord's files still know a lease that is running, that ended in the window, or that still owes. */
function isKnown(lease: LeaseRecord, window: Window): boolean {
  return lease.entries.length > 0 || lease.end === null || lease.end >= window.start;
}

function drawAgency(chances: Chances, { former }: Group): LegacyAgency {
  let left = chances.fraction("agency") * former.reduce((total, { weight }) => total + weight, 0);
  for (const agency of former) {
    left -= agency.weight;
    if (left < 0) return agency;
  }
  throw new Error("no agency was drawn");
}
