/** A former landlord of the group; each has its own exports, see `exports/`. */
export type LandlordId = "ormois" | "vaudrange" | "sauvelle";

/** An agency as it was before the merger, and what became of it. */
export interface LegacyAgency {
  readonly landlord: LandlordId;
  /** The landlord's own code; two landlords may use the same one. */
  readonly code: string;
  /** Share of all dwellings, in parts of the sum of weights. */
  readonly weight: number;
  /** The group's agencies that took it over, oldest first, counted in months before the last month. */
  readonly takenOverBy: readonly { readonly agency: string; readonly monthsBeforeEnd: number }[];
  /** Whether the landlord's dwelling export carries the group's code for homes (annexes always keep the old one). */
  readonly recoded: boolean;
  /** How exposed the households are: multiplies the hazard of hard times. */
  readonly fragility: number;
  /** How well the agency works: multiplies the chances to leave hard times and to pay after departure. */
  readonly recovery: number;
}

/** One former landlord's ways of billing. */
export interface LandlordWays {
  readonly name: string;
  /** Day of the following month on which a call falls due (billing is in arrears: à terme échu). */
  readonly dueDay: number;
  /** Day of its own month on which a call is booked; 31 is the last day. */
  readonly bookDay: number;
  /** Month (1 to 12) whose call carries the yearly adjustment of charges. */
  readonly adjustmentMonth: number;
  /** Reminder and rejection fees, until the month of the merger, in cents; null where none are charged. */
  readonly fees: { readonly reminder: number; readonly rejection: number } | null;
}

/** How a household pays in ordinary times. */
export type Behaviour = "punctual" | "slack" | "irregular" | "fragile" | "refusing";

export interface BehaviourWays {
  /** Share of households, before the agency's fragility. */
  readonly share: number;
  /** Monthly probability of hard times. */
  readonly hardTimes: number;
  /** Days between the due date and an ordinary payment. */
  readonly delay: readonly [number, number];
  /** Probability that an ordinary month is paid in full. */
  readonly inFull: number;
  /** Probability that small arrears are cleared in an ordinary month. */
  readonly clears: number;
  readonly directDebit: number;
}

/** The group's agencies today. */
export const AGENCIES = [
  { id: "G01", name: "Ville-Haute", sector: "Ville" },
  { id: "G02", name: "La Gare", sector: "Ville" },
  { id: "G03", name: "Grand Parc", sector: "Ville" },
  { id: "G04", name: "Beauvallon", sector: "Vallée" },
  { id: "G05", name: "Les Deux Rives", sector: "Vallée" },
  { id: "G06", name: "Les Moulins", sector: "Vallée" },
  { id: "G07", name: "Pont-Neuf", sector: "Vallée" },
  { id: "G08", name: "Hautes Terres", sector: "Plateau" },
  { id: "G09", name: "Les Carrières", sector: "Plateau" },
  { id: "G10", name: "Croix-Verte", sector: "Plateau" },
  { id: "G11", name: "Bois-Joli", sector: "Plateau" },
  { id: "G12", name: "Le Phare", sector: "Littoral" },
  { id: "G13", name: "Les Dunes", sector: "Littoral" },
  { id: "G14", name: "L’Estuaire", sector: "Littoral" },
] as const;

/**
 * Ormois merged in two waves 34 and 28 months before the end, Vaudrange 19 and 13. Sauvelle went its own way through
 * the last 24 months: it only received group codes on the first day of the last month, and still exports its own.
 */
export const LEGACY_AGENCIES: readonly LegacyAgency[] = [
  legacy("ormois", "01", 8, [["G01", 34]], true, 1.15, 1),
  legacy("ormois", "02", 5, [["G01", 34]], true, 1, 1),
  legacy("ormois", "03", 7, [["G02", 34]], true, 0.85, 1.1),
  legacy("ormois", "04", 8, [["G03", 34]], true, 1.35, 0.9),
  legacy("ormois", "05", 6, [["G04", 28]], true, 0.7, 1.15),
  legacy("ormois", "06", 4, [["G05", 28]], true, 1.25, 0.75),
  legacy(
    "ormois",
    "07",
    7,
    [
      ["G04", 28],
      ["G06", 20],
    ],
    true,
    0.9,
    1.05,
  ),
  legacy("vaudrange", "01", 4, [["G05", 19]], true, 1.5, 0.65),
  legacy("vaudrange", "02", 6, [["G07", 19]], true, 0.95, 1),
  legacy("vaudrange", "03", 6, [["G08", 19]], true, 0.75, 1.15),
  legacy("vaudrange", "04", 4, [["G09", 13]], false, 1.6, 0.7),
  legacy("vaudrange", "05", 4, [["G09", 13]], false, 1.45, 0.75),
  legacy("vaudrange", "06", 6, [["G10", 13]], false, 0.9, 1),
  legacy("vaudrange", "07", 5, [["G11", 13]], false, 0.8, 1.1),
  legacy("sauvelle", "A", 7, [["G12", 0]], false, 0.7, 1.2),
  legacy("sauvelle", "B", 7, [["G13", 0]], false, 1, 1),
  legacy("sauvelle", "C", 6, [["G14", 0]], false, 1.2, 0.95),
];

export const LANDLORDS: Readonly<Record<LandlordId, LandlordWays>> = {
  ormois: { name: "Logis de l’Ormois", dueDay: 5, bookDay: 31, adjustmentMonth: 6, fees: null },
  vaudrange: {
    name: "Foyer Vaudrange",
    dueDay: 1,
    bookDay: 10,
    adjustmentMonth: 9,
    fees: { reminder: 750, rejection: 400 },
  },
  sauvelle: { name: "Cité Sauvelle", dueDay: 5, bookDay: 25, adjustmentMonth: 5, fees: null },
};

export const BEHAVIOURS: Readonly<Record<Behaviour, BehaviourWays>> = {
  punctual: {
    share: 0.68,
    hardTimes: 0.0048,
    delay: [-3, 6],
    inFull: 0.995,
    clears: 0.75,
    directDebit: 0.72,
  },
  slack: { share: 0.14, hardTimes: 0.0095, delay: [2, 36], inFull: 0.97, clears: 0.6, directDebit: 0.2 },
  irregular: { share: 0.08, hardTimes: 0.016, delay: [0, 30], inFull: 0.72, clears: 0.45, directDebit: 0.1 },
  fragile: { share: 0.09, hardTimes: 0.037, delay: [-2, 12], inFull: 0.96, clears: 0.55, directDebit: 0.4 },
  refusing: { share: 0.01, hardTimes: 0.05, delay: [5, 45], inFull: 0.7, clears: 0.15, directDebit: 0 },
};

/** Everything else, named; probabilities are monthly unless said otherwise, money is in cents. */
export const PARAMETERS = {
  /** Months lived before the window, so that it opens on a landlord in its usual state. */
  burnInMonths: 30,
  /** Day of the last month on which everything is delivered: the as-of date. */
  asOfDay: 15,
  lastMonth: "2026-11",
  maximumDwellings: 999_999,
  maximumMonths: 120,

  use: { residential: 0.86, parking: 0.09, garage: 0.04, commercial: 0.01 },
  /** Share of annexes let to the household of the home just before them. */
  annexWithHome: 0.6,
  type: { T1: 0.07, T2: 0.2, T3: 0.36, T4: 0.27, T5: 0.08, T6: 0.02 },
  surface: { T1: 30, T2: 47, T3: 65, T4: 80, T5: 95, T6: 112 },
  collective: 0.84,
  /** Monthly rent and charges per m². */
  rentPerSquareMetre: [520, 700],
  chargesPerSquareMetre: { collective: [150, 280], individual: [30, 90] },
  annexRent: { parking: [3_000, 6_500], garage: [4_500, 9_000], commercial: [40_000, 160_000] },
  /** Rent reviews of 1 January, by year; other years take the last one. */
  rentReview: {
    2020: 0.0153,
    2021: 0.0066,
    2022: 0.0042,
    2023: 0.035,
    2024: 0.035,
    2025: 0.0326,
    2026: 0.0087,
  },

  benefit: {
    /** Share of households with housing benefit, by income band 1 (lowest) to 10. */
    shareByBand: [0.92, 0.88, 0.74, 0.52, 0.3, 0.14, 0.05, 0, 0, 0],
    /** Share of the gross call that the benefit covers, and its floor and ceiling. */
    cover: [0.3, 0.68],
    toLandlord: 0.94,
    suspended: 0.006,
    suspendedMonths: [2, 5],
    restoredWithArrears: 0.82,
    /** Share of suspended months in which the household pays what the benefit no longer pays. */
    bridged: 0.45,
    clawback: 0.002,
    clawbackMonths: [0.6, 2.5],
  },
  /** Rent rebate (RLS), granted with the benefit to the lowest bands. */
  rebate: { highestBand: 4, cents: [2_800, 6_200] },
  supplement: { lowestBand: 9, share: 0.35, cents: [3_000, 22_000] },

  turnover: { hazard: 0.0058, withDebt: 1.5, long: 0.04, longMonths: 20 },
  vacancyMonths: [0, 4],
  longVacancy: 0.12,
  /** Tenure, in months, of a household already there when the simulation starts. */
  tenureMonths: [1, 300],

  life: {
    /** Out of a strained month: back to ordinary times, or into crisis. */
    strainedToOrdinary: 0.17,
    strainedToCrisis: 0.2,
    crisisToOrdinary: 0.03,
    crisisToRecovering: 0.15,
    /** After so many months owing two terms, ways out of a crisis are this much rarer. */
    entrenchedAfter: 8,
    entrenched: 0.29,
    recoveringToCrisis: 0.025,
    strained: { inFull: 0.45, part: [0.3, 0.85] },
    crisis: { nothing: 0.62, part: [0.15, 0.7] },
    recovering: { instalment: 0.88, months: [8, 24], least: 2_500 },
    socialFund: 0.02,
    socialFundCents: [30_000, 140_000],
    guarantor: 0.012,
  },

  channel: { transfer: 0.42, card: 0.25, cheque: 0.25, cash: 0.08 },
  rejected: { ordinary: 0.003, strained: 0.22, crisis: 0.5, recovering: 0.05 },
  regularised: 0.6,
  /** Rejections after which the mandate is lost. */
  mandateLostAfter: 2,
  inTwoPayments: 0.035,
  equalHalvesOnOneDay: 0.12,
  roundsUp: 0.025,
  bookedLate: 0.004,
  bookedLateDays: [12, 55],

  adjustment: { spread: 9_500, mean: -1_500, none: 0.12, leftUnpaid: 0.3 },
  tenantRepairs: 0.0012,
  tenantRepairsCents: [3_000, 35_000],
  reminderFee: 0.5,
  courtCost: { afterMonths: 5, chance: 0.6, cents: [9_500, 19_500] },
  wronglyCharged: 0.0012,
  wronglyPosted: 0.0012,

  departure: {
    depositHeld: 0.93,
    repairs: 0.46,
    repairsCents: [5_000, 110_000],
    paysAtOnce: 0.5,
    paysLater: 0.05,
    writtenOffFrom: 14,
    writtenOff: 0.05,
  },

  /** Every so many leases, the export lists one twice. */
  leaseListedTwice: 499,
} as const;

function legacy(
  landlord: LandlordId,
  code: string,
  weight: number,
  takenOverBy: readonly (readonly [agency: string, monthsBeforeEnd: number])[],
  recoded: boolean,
  fragility: number,
  recovery: number,
): LegacyAgency {
  return {
    landlord,
    code,
    weight,
    takenOverBy: takenOverBy.map(([agency, monthsBeforeEnd]) => ({ agency, monthsBeforeEnd })),
    recoded,
    fragility,
    recovery,
  };
}
