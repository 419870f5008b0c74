import type { DwellingRecord, HouseholdRecord } from "./landlord-records.ts";
import { BEHAVIOURS, type Behaviour, type LandlordId, type LegacyAgency, PARAMETERS } from "./parameters.ts";
import type { RandomStream } from "./random.ts";

/** A household with what no export tells: how it pays. */
export interface Household {
  readonly record: HouseholdRecord;
  readonly behaviour: Behaviour;
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
  landlord: LandlordId,
  agency: LegacyAgency,
  use: DwellingRecord["use"],
  random: RandomStream,
): Dwelling {
  const record = { number, landlord, agency, use, vacant: true, leases: [] };
  const constructionYear = random.integer(1952, 2018);
  if (use !== "residential") {
    const [low, high] = PARAMETERS.annexRent[use];
    const rent = Math.round(random.between(low, high) / 10) * 10;
    return {
      record: { ...record, type: null, surface: null, building: null, constructionYear },
      rent,
      charges: use === "commercial" ? Math.round(rent * 0.12) : 0,
    };
  }
  const type = random.choose(PARAMETERS.type);
  const surface = Math.round(PARAMETERS.surface[type] * 10 * (1 + 0.09 * random.bell()));
  const building = random.chance(PARAMETERS.collective) ? "collective" : "individual";
  const [lowRent, highRent] = PARAMETERS.rentPerSquareMetre;
  const [lowCharges, highCharges] = PARAMETERS.chargesPerSquareMetre[building];
  return {
    record: { ...record, type, surface, building, constructionYear },
    rent: Math.round((surface * random.between(lowRent, highRent)) / 10),
    charges: Math.round((surface * random.between(lowCharges, highCharges)) / 10),
  };
}

/** A household that moves into a dwelling of an agency as exposed as `fragility` says (1 is ordinary). */
export function drawHousehold(id: number, fragility: number, random: RandomStream): Household {
  const adults = random.chance(0.62) ? 1 : 2;
  const children = random.chance(0.52) ? 0 : random.integer(1, random.chance(0.2) ? 5 : 3);
  const incomeBand = Math.min(
    10,
    Math.max(1, Math.round(1 + 9 * random.fraction() ** (1.1 + 0.45 * fragility))),
  );
  const behaviour = random.choose({
    punctual: BEHAVIOURS.punctual.share,
    slack: BEHAVIOURS.slack.share * fragility,
    irregular: BEHAVIOURS.irregular.share * fragility,
    fragile: BEHAVIOURS.fragile.share * fragility * (incomeBand <= 3 ? 1.35 : 0.8),
    refusing: BEHAVIOURS.refusing.share,
  });
  const digitalConsent = random.chance(0.63);
  return {
    record: {
      id,
      size: adults + children,
      adults,
      children,
      incomeBand,
      referenceIncome: Math.round(incomeBand * 390_000 * (1 + 0.12 * random.bell()) * (0.7 + 0.3 * adults)),
      digitalConsent,
      preferredChannel: random.choose(
        digitalConsent
          ? { email: 0.4, sms: 0.3, phone: 0.2, letter: 0.1, visit: 0 }
          : { email: 0, sms: 0, phone: 0.33, letter: 0.62, visit: 0.05 },
      ),
    },
    behaviour,
  };
}
