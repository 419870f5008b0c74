import { type Day, type Month, monthOf, yearOf } from "./calendar.ts";
import { drawContact } from "./contact.ts";
import type { Channel, DwellingRecord, HouseholdRecord, SituationRecord } from "./landlord-records.ts";
import type { Behaviour, LegacyAgency, Parameters } from "./parameters.ts";
import type { Chances } from "./random.ts";

export type Work = "stable" | "precarious" | "none" | "retired";

/** A household as it moves in, with what no export tells. */
export interface Household {
  /** Unique in the whole stock; its own chances are drawn under it. */
  readonly id: number;
  readonly chances: Chances;
  readonly adults: number;
  readonly children: number;
  readonly birthYear: number;
  readonly sex: "female" | "male";
  readonly work: Work;
  /** Monthly, in cents, when the simulation first sees the household. */
  readonly income: number;
  readonly behaviour: Behaviour;
  /** 0 to 1: the will to put things right. No file tells it. */
  readonly motivation: number;
  /** Share of what rent leaves that is not spent in a usual month; below 0 for those who live beyond their means. */
  readonly margin: number;
  /** Savings it tries to keep, in months of gross calls, and the share of them it starts with. */
  readonly cushionMonths: number;
  readonly savedShare: number;
  readonly digitalConsent: boolean;
  readonly preferredChannel: Channel;
  readonly guarded: boolean;
}

/** A dwelling with its ordinary monthly rent and charges, in cents. */
export interface Dwelling {
  readonly record: DwellingRecord;
  readonly rent: number;
  readonly charges: number;
}

/** A dwelling of the given agency; its use is given, the rest is drawn. */
export function drawDwelling(
  number: number,
  agency: LegacyAgency,
  use: DwellingRecord["use"],
  chances: Chances,
  { stock }: Parameters,
): Dwelling {
  const record = { number, landlord: agency.landlord, agency, use, vacant: true, leases: [] };
  const constructionYear = chances.integer(stock.constructionYear, "constructionYear");
  if (use !== "residential") {
    const step = stock.annexRentRoundedTo;
    const rent = Math.round(chances.between(stock.annexRent[use], "annexRent") / step) * step;
    return {
      record: { ...record, type: null, surface: null, building: null, constructionYear },
      rent,
      charges: use === "commercial" ? Math.round(rent * stock.commercialCharges) : 0,
    };
  }
  const type = chances.choose(stock.type, "type");
  const surface = Math.round(stock.surface[type] * 10 * (1 + stock.surfaceSpread * chances.bell("surface")));
  const building = chances.chance(stock.collective, "building") ? "collective" : "individual";
  return {
    record: { ...record, type, surface, building, constructionYear },
    rent: Math.round((surface * chances.between(stock.rentPerSquareMetre, "rent")) / 10),
    charges: Math.round((surface * chances.between(stock.chargesPerSquareMetre[building], "charges")) / 10),
  };
}

/**
 * The household that moves in on `start`, seen from `seen` on (later than `start` for those already there when the
 * simulation begins), in an agency as exposed as `fragility` says (1 is ordinary).
 */
export function drawHousehold(
  id: number,
  start: Day,
  seen: Month,
  fragility: number,
  chances: Chances,
  parameters: Parameters,
): Household {
  const { people, behaviours } = parameters;
  const { youngest, spread, shape: ageShape } = people.entryAge;
  const entryAge = youngest + Math.floor(spread * chances.fraction("entryAge") ** ageShape);
  const birthYear = Math.max(yearOf(monthOf(start)) - entryAge, yearOf(seen) - people.oldest);
  const age = yearOf(seen) - birthYear;
  const adults = chances.chance(people.couple, "adults") ? 2 : 1;
  const { from, to, within, outside } = people.childrenUsual;
  const childless = people.childless * (age < from || age > to ? outside : within);
  const withChildren = age < people.childrenBelowAge && !chances.chance(childless, "children");
  const large = chances.chance(people.largeFamily, "children", 1);
  const mostChildren = large ? people.mostChildren.large : people.mostChildren.usual;
  const children = withChildren ? chances.integer([1, mostChildren], "children", 2) : 0;
  const shape = people.incomeShape + people.incomeFragility * fragility;
  const drawnBand = 1 + (people.incomeBands - 1) * chances.fraction("income") ** shape;
  const noise = 1 + people.incomeSpread * chances.bell("incomeNoise");
  const yearly = drawnBand * people.incomeOfBand * noise * incomeScale(adults, people);
  const { youngWork, poorWork, digitalByAge, guardedByAge } = people;
  const drawnWork = chances.choose(
    {
      stable: people.work.stable,
      precarious: people.work.precarious * (age < youngWork.below ? youngWork.precarious : 1),
      none: people.work.none * (drawnBand < poorWork.belowBand ? poorWork.none : poorWork.otherwise),
    },
    "job",
  );
  const work = age >= people.retiredFrom ? "retired" : drawnWork;
  const late = work === "retired" ? people.latePayers.retired : people.latePayers.otherwise;
  const digital = age > digitalByAge.above ? digitalByAge.factor : digitalByAge.otherwise;
  const digitalConsent = chances.chance(people.digitalConsent * digital, "digitalConsent");
  return {
    id,
    chances,
    adults,
    children,
    birthYear,
    sex: chances.chance(adults === 1 ? people.female.alone : people.female.couple, "sex") ? "female" : "male",
    work,
    income: Math.round(yearly / 12),
    behaviour: chances.choose(
      {
        regular: behaviours.regular.share,
        late: behaviours.late.share * fragility * late,
        irregular: behaviours.irregular.share * fragility * late,
        refusing: behaviours.refusing.share,
      },
      "behaviour",
    ),
    motivation: chances.fraction("motivation"),
    margin: Math.max(people.leastMargin, people.margin[0] + people.margin[1] * chances.bell("margin")),
    cushionMonths: people.cushionMonths * chances.fraction("cushion") ** people.cushionShape,
    savedShare: chances.fraction("savings"),
    digitalConsent,
    preferredChannel: chances.choose(
      digitalConsent ? people.preferredChannel.digital : people.preferredChannel.other,
      "preferredChannel",
    ),
    guarded: chances.chance(
      people.guarded * (age > guardedByAge.above ? guardedByAge.factor : 1),
      "guardianship",
    ),
  };
}

/** What the landlord came to know of the household by the as-of date. */
export function recordOf(
  household: Household,
  situations: readonly SituationRecord[],
  asOf: Day,
): HouseholdRecord {
  const known = situations.filter(({ knownOn }) => knownOn <= asOf);
  const last = known.at(-1);
  if (last === undefined) throw new Error(`nothing is known of household ${household.id}`);
  return {
    id: household.id,
    size: last.size,
    adults: last.adults,
    children: last.children,
    incomeBand: last.incomeBand,
    referenceIncome: last.referenceIncome,
    digitalConsent: household.digitalConsent,
    preferredChannel: household.preferredChannel,
    situations: known,
    audit: { birthYear: household.birthYear, sex: household.sex },
    contact: drawContact(household.chances, household, household.guarded),
  };
}

/** The situation that holds from `validFrom` and reaches the landlord on `knownOn`. `income` is monthly, in cents. */
export function situationOf(
  adults: number,
  children: number,
  income: number,
  validFrom: Day,
  knownOn: Day,
  people: Parameters["people"],
): SituationRecord {
  const referenceIncome = Math.round((income * 12) / 100) * 100;
  const band = Math.round(referenceIncome / (people.incomeOfBand * incomeScale(adults, people)));
  return {
    validFrom,
    knownOn,
    size: adults + children,
    adults,
    children,
    incomeBand: Math.min(people.incomeBands, Math.max(1, band)),
    referenceIncome,
  };
}

/** The income of so many adults in a band, against that of the band. */
function incomeScale(adults: number, { incomeScale: scale }: Parameters["people"]): number {
  return scale.household + scale.adult * adults;
}

/** Age reached in the year of the month. */
export function ageIn(household: Household, month: Month): number {
  return yearOf(month) - household.birthYear;
}
