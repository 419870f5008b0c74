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

/** One of the group's agencies today. */
export interface Agency {
  readonly id: string;
  readonly name: string;
  readonly sector: string;
}

/** How the group has arranged its former agencies. */
export interface Group {
  readonly agencies: readonly Agency[];
  readonly former: readonly LegacyAgency[];
}

/** The group's agencies today. */
const AGENCIES: readonly Agency[] = [
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
];

/**
 * Ormois merged in two waves 34 and 28 months before the end, Vaudrange 19 and 13. Sauvelle went its own way through
 * the last 24 months: it only received group codes on the first day of the last month, and still exports its own.
 */
const LEGACY_AGENCIES: readonly LegacyAgency[] = [
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

/** Where a group of a few thousand dwellings has one agency for two or three: the one that goes, the one that stays. */
const GATHERED: Readonly<Record<string, string>> = {
  G02: "G03",
  G06: "G05",
  G07: "G04",
  G10: "G08",
  G11: "G09",
  G13: "G12",
  G14: "G12",
};

/**
 * The group as it is, and with fewer agencies for the same dwellings and households: in a small group an agency must be large enough for
 * its figures not to be secret. Nobody lives differently for it: takeovers keep their months.
 */
export const GROUPS = {
  large: { agencies: AGENCIES, former: LEGACY_AGENCIES },
  small: {
    agencies: AGENCIES.filter(({ id }) => GATHERED[id] === undefined),
    former: LEGACY_AGENCIES.map((legacy) => ({
      ...legacy,
      takenOverBy: legacy.takenOverBy.map((takeover) => ({
        ...takeover,
        agency: GATHERED[takeover.agency] ?? takeover.agency,
      })),
    })),
  },
} as const satisfies Readonly<Record<string, Group>>;
export type GroupName = keyof typeof GROUPS;

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

/** From the first to the second, both included for whole numbers. */
export type Range = readonly [low: number, high: number];

/** How a household pays when nothing is wrong. */
export type Behaviour = "regular" | "late" | "irregular" | "refusing";

export type Approach = "standard" | "solution_focused" | "solution_focused_pair";

export interface BehaviourWays {
  /** Share of households, before the agency's fragility. */
  readonly share: number;
  readonly directDebit: number;
  /** Days between the due date and an ordinary payment. */
  readonly delay: Range;
  /** Probability that an ordinary month is paid in full when it could be. */
  readonly inFull: number;
  /** How much of what is left goes to older debts: 1 is all of it. */
  readonly effort: number;
}

/** What an interview changes, before the household's motivation. */
export interface InterviewWays {
  /** Added to the effort, fading with time. */
  readonly engagement: number;
  readonly promise: number;
  readonly plan: number;
  /** A request to the housing solidarity fund, a suspended benefit put right. */
  readonly aid: number;
  /** Cut in spending found together, as a share of it. */
  readonly thrift: number;
}

/** The months lived before the window, the day of delivery, and what may be asked for: the same for every landlord. */
export const LIMITS = {
  /** Months lived before the window, so that it opens on a landlord in its usual state. */
  burnInMonths: 36,
  /** Day of the last month on which everything is delivered: the as-of date. */
  asOfDay: 15,
  lastMonth: "2026-11",
  maximumDwellings: 1_000_000,
  maximumMonths: 120,
} as const;

/** Rent reviews of 1 January, by year; other years take `OTHER_RENT_REVIEW`. Incomes follow. */
export const RENT_REVIEWS: Readonly<Record<number, number>> = {
  2020: 0.0153,
  2021: 0.0066,
  2022: 0.0042,
  2023: 0.035,
  2024: 0.035,
  2025: 0.0326,
  2026: 0.0087,
};
export const OTHER_RENT_REVIEW = 0.01;

const range = (low: number, high: number): Range => [low, high];

/**
 * The demonstration landlord. Probabilities are monthly unless said otherwise, money is in cents.
 * Frozen before any risk feature was written: see README.md. Changing one changes every seed's landlord.
 */
const AUBRELLE_VALUES = {
  stock: {
    use: { residential: 0.86, parking: 0.09, garage: 0.04, commercial: 0.01 },
    /** Share of annexes let to the household of the home just before them. */
    annexWithHome: 0.6,
    type: { T1: 0.07, T2: 0.2, T3: 0.36, T4: 0.27, T5: 0.08, T6: 0.02 },
    surface: { T1: 30, T2: 47, T3: 65, T4: 80, T5: 95, T6: 112 },
    /** Spread of surfaces of one type, as a share of them. */
    surfaceSpread: 0.09,
    constructionYear: range(1952, 2018),
    collective: 0.84,
    /** Monthly rent and charges per m². */
    rentPerSquareMetre: range(520, 700),
    chargesPerSquareMetre: { collective: range(150, 280), individual: range(30, 90) },
    annexRent: {
      parking: range(3_000, 6_500),
      garage: range(4_500, 9_000),
      commercial: range(40_000, 160_000),
    },
    annexRentRoundedTo: 10,
    /** Charges of a shop, as a share of its rent; what a trader earns a month, as a multiple of rent and charges. */
    commercialCharges: 0.12,
    traderIncome: 6,
    vacancyMonths: range(0, 4),
    longVacancy: 0.12,
    longVacancyMonths: range(4, 14),
    /** Leases after a vacancy that start on the first of a month; the others on any day of it. */
    startsOnFirst: 0.5,
    /** Tenure, in months, of a household already there when the simulation starts. */
    tenureMonths: range(1, 300),
    tenureStartDay: range(1, 28),
  },

  people: {
    /** Age when moving in: youngest, years beyond it at most, and how rare the oldest are (an exponent). */
    entryAge: { youngest: 19, spread: 52, shape: 1.8 },
    /** Greatest age of a household first seen long after it moved in. */
    oldest: 88,
    couple: 0.38,
    childless: 0.52,
    /** Ages between which children are usual: childlessness is multiplied within them, and outside. */
    childrenUsual: { from: 24, to: 50, within: 0.85, outside: 1.35 },
    /** Nobody has children at home from this age on. */
    childrenBelowAge: 58,
    /** Share of families that may be large; most children in a family, and in a large one. */
    largeFamily: 0.2,
    mostChildren: { usual: 3, large: 5 },
    /** Main earners who are women. */
    female: { alone: 0.6, couple: 0.5 },
    /** Bands of yearly income, from 1 on: how many, and how much each adds to the income of a household of one. */
    incomeBands: 10,
    incomeOfBand: 390_000,
    /** Income of a household in a band, by its adults: for the household, and for each adult. */
    incomeScale: { household: 0.7, adult: 0.3 },
    /** Spread of incomes around the band, as a share of them. */
    incomeSpread: 0.12,
    /** Exponent of the draw of incomes: the higher, the poorer. Fragile agencies add `incomeFragility`. */
    incomeShape: 1.1,
    incomeFragility: 0.45,
    /** Main earner's work below retirement age. */
    work: { stable: 0.62, precarious: 0.22, none: 0.16 },
    /** Precarious work is so many times likelier among the young. */
    youngWork: { below: 32, precarious: 1.7 },
    /** Having no work is so many times likelier below this income band, and from it on. */
    poorWork: { belowBand: 3, none: 2.2, otherwise: 0.25 },
    /** Everybody has retired from this age on when first seen. */
    retiredFrom: 64,
    /** The late and the irregular are so many times likelier among the retired, and the others. */
    latePayers: { retired: 0.4, otherwise: 1.1 },
    /** The middle of motivation, which goes from 0 to 1. */
    motivationMiddle: 0.5,
    /** Added to motivation where it multiplies engagement, consent and promises. */
    motivationBase: 0.5,
    /** Spending left over in a usual month, as a share of what rent leaves: mean and spread. */
    margin: range(0.055, 0.06),
    leastMargin: -0.03,
    /** Savings that the household keeps, in months of gross calls: largest, and how unequally they are spread. */
    cushionMonths: 5.5,
    cushionShape: 3.2,
    /** Share of these savings held at first: at least, and added at most. */
    savedAtFirst: range(0.3, 0.7),
    digitalConsent: 0.63,
    /** Consent is so many times likelier above this age, and up to it. */
    digitalByAge: { above: 68, factor: 0.55, otherwise: 1.08 },
    preferredChannel: {
      digital: { email: 0.4, sms: 0.3, phone: 0.2, letter: 0.1, visit: 0 },
      other: { email: 0, sms: 0, phone: 0.33, letter: 0.62, visit: 0.05 },
    },
    guarded: 0.004,
    guardedByAge: { above: 70, factor: 2.5 },
  },

  behaviours: {
    regular: { share: 0.874, directDebit: 0.66, delay: range(-3, 7), inFull: 0.995, effort: 0.75 },
    late: { share: 0.062, directDebit: 0.12, delay: range(3, 24), inFull: 0.985, effort: 0.6 },
    irregular: { share: 0.04, directDebit: 0.08, delay: range(0, 32), inFull: 0.86, effort: 0.45 },
    refusing: { share: 0.024, directDebit: 0, delay: range(8, 45), inFull: 0.62, effort: 0.06 },
  } satisfies Record<Behaviour, BehaviourWays>,

  life: {
    jobLoss: { stable: 0.004, precarious: 0.018 },
    /** Household income after the loss, then once unemployment insurance has ended. */
    unemployed: 0.6,
    insuranceMonths: 16,
    uninsured: 0.45,
    /** Return to work in the first year, then later. */
    returnToWork: 0.085,
    laterReturn: 0.035,
    laterReturnAfterMonths: 12,
    returnWage: range(0.9, 1.02),
    separation: 0.0024,
    separationIncome: 0.6,
    /** Separations after which the children stay with whom the landlord knows. */
    childrenStay: 0.75,
    union: 0.0012,
    unionIncome: 1.45,
    illness: 0.0026,
    illnessIncome: 0.76,
    illnessMonths: range(3, 12),
    /** What an ill household needs more, a month. */
    illnessCents: 4_000,
    birth: { couple: 0.0045, single: 0.0016 },
    birthIncome: 0.95,
    mostChildren: 6,
    childLeaves: 0.009,
    retirementAge: range(62, 67),
    retirementIncome: 0.8,
    /** Deaths of people living alone, from `ages.death.from` on. */
    death: 0.0028,
    /** Ages at which these hazards are so many times likelier, or begin or end. */
    ages: {
      returnToWork: { above: 55, factor: 0.55 },
      jobLoss: { below: 30, factor: 1.3 },
      illness: { above: 50, factor: 1.6, otherwise: 0.8 },
      death: { from: 70, above: 80, factor: 2 },
      separation: { above: 60, factor: 0.3 },
      union: { below: 60 },
      birth: { below: 43 },
      childLeaves: { from: 42 },
    },
    /** Day of its month on which an event happens. */
    eventDay: range(1, 28),
    /** A winter energy bill, a year; it comes in one of the first months of the year. */
    energyBill: 0.14,
    energyBillMonths: 3,
    energyBillCents: range(20_000, 95_000),
    expense: 0.1,
    expenseCents: range(4_000, 34_000),
    /** Least income: one adult, each further adult, each child; family benefits from the second child. */
    minimum: { adult: 60_000, further: 30_000, child: 15_000, allowance: 13_000 },
    /** What a household cannot go below, rent apart. */
    needs: { adult: 40_000, further: 18_500, child: 13_000 },
    /** Share of these needs below which spending is not held back. */
    leastSpending: 0.85,
    /** Share of the gap by which spending follows income each month, down and up. */
    cutsBack: 0.135,
    spendsMore: 0.1,
    /** Share of spending that a household at full effort can hold back for rent. */
    squeeze: 0.165,
    /** Share of what is left after needs that a household at full effort keeps for the rent, whatever its habits. */
    rentFirst: 0.53,
    learnt: { composition: 0.85, income: 0.6 },
    learntAfterDays: range(15, 420),
  },

  benefit: {
    takeUp: 0.94,
    /** Share of the gross call covered for the poorest, and its fall as income passes the threshold. */
    cover: 0.7,
    slope: 0.46,
    least: 0.07,
    threshold: { adult: 95_000, further: 26_000, child: 17_000 },
    /** Share of the threshold from which cover falls, and its spread between households. */
    fallsFrom: 0.55,
    coverSpread: 0.05,
    /** A change of a few euros is not worth a new notice. */
    leastChange: 500,
    /** Benefit that leaves less than this share of the gross call leaves the gross call as the term. */
    leastCall: 0.1,
    toLandlord: 0.94,
    /** Months of income behind the benefit of a quarter. */
    lag: 3,
    suspended: 0.0045,
    suspendedMonths: range(2, 6),
    restoredWithArrears: 0.82,
    restoredAfterDays: 9,
    clawback: 0.002,
    clawbackAfterDays: 6,
    clawbackMonths: range(0.6, 2.5),
    /** Rent rebate (RLS), granted with the benefit below this share of the threshold. */
    rebateBelow: 0.9,
    rebateCents: range(2_800, 6_200),
    supplementBand: 9,
    supplementShare: 0.35,
    supplementCents: range(3_000, 22_000),
  },

  payment: {
    channel: { transfer: 0.42, card: 0.25, cheque: 0.25, cash: 0.08 },
    /** A month's payment forgotten by the best payers, made good the month after. */
    forgets: 0.0005,
    /** The best payers are those who pay in full more often than this. */
    bestPayers: 0.98,
    leastEffort: 0.02,
    /** The bank refuses a debit that the account does not cover. */
    bankRefuses: 0.85,
    /** Reasons of a debit refused for want of money. */
    wantOfMoney: { AM04: 0.83, MS03: 0.17 },
    /** Debits refused for another reason, and which. */
    administrative: 0.0008,
    administrativeReasons: {
      MS03: 0.38,
      AC04: 0.14,
      AC01: 0.1,
      MD01: 0.12,
      MD06: 0.12,
      AC06: 0.05,
      MS02: 0.07,
      MD07: 0,
    },
    /** Days from a debit to its booking, and to its return. */
    debitBookedAfterDays: 1,
    returnedAfterDays: range(2, 6),
    /** A debit refused for another reason made good: at no effort, and added at full effort. */
    regularised: range(0.6, 0.3),
    regularisedDays: range(3, 16),
    /** Probability that each refusal ends the mandate. */
    mandateLost: 0.35,
    /** Days by which payment drifts when no cushion is left. */
    driftDays: range(2, 17),
    /** Days by which a payment in part comes later still. */
    strainedDays: 6,
    /** Part paid rather than nothing: at no effort, and added at full effort. */
    partly: range(0.5, 0.42),
    /** Nothing is paid when less than this is at hand. */
    partlyFrom: 2_500,
    /** Share of what is at hand that is paid then. */
    part: range(0.6, 1),
    /** A part is rounded down to this, and a small one, below `smallPart`, to less. */
    partRoundedTo: 1_000,
    smallPart: 8_000,
    smallPartRoundedTo: 100,
    /** Older debts cleared when they can be: at no effort, and added at full effort; then by those on direct debit. */
    clears: range(0.25, 0.65),
    clearsByCard: range(0.3, 0.6),
    startsByCard: range(0.2, 0.6),
    /** Least paid towards older debts that are not cleared, and what it is rounded down to. */
    arrearsFrom: 2_000,
    arrearsRoundedTo: 500,
    /** Least debt, and least money left, for which the card is taken out; days after the due date. */
    cardFrom: 1_000,
    cardDays: range(5, 22),
    /** Family or friends lend, at full effort; as a share of that before a debit, whose day is not chosen. */
    borrows: 0.3,
    borrowsForDebit: 0.5,
    /** An adjustment or a repair left unpaid at first, and paid later, a month; smaller ones are always paid. */
    leavesExtra: 0.15,
    leavesExtraAbove: 1_000,
    extraNow: 0.16,
    /** Least that is paid at once to keep a promise. */
    promisedFrom: 3_000,
    /** How deep in debt, in terms, before effort halves. */
    discouragedAt: 0.82,
    motivationSpread: 1.5,
    /** A guarantor pays, for households that make this effort: a share of what is owed, days after the due date. */
    guarantor: 0.004,
    guarantorAboveEffort: 0.3,
    guarantorShare: 0.6,
    guarantorAfterDays: 12,
    /** Paid in two halves, above this sum: on one day, or days apart; the first is booked this many days later. */
    inTwo: 0.035,
    inTwoAbove: 2_000,
    together: 0.12,
    apartDays: range(4, 16),
    halfBookedAfterDays: 1,
    roundsUp: 0.025,
    roundsUpTo: 500,
    bookedLate: 0.004,
    bookedLateDays: range(12, 55),
  },

  office: {
    /** The list of letters is frozen on this day; each letter leaves on its own. */
    frozenOn: 8,
    letterDay: { 1: 10, 2: 10, 3: 17 },
    /** Whole terms from which each letter is written; a term short of this share of itself is whole. */
    letterFrom: { 1: 1, 2: 2, 3: 2 },
    termTolerance: 0.001,
    /** Letters that leave on the asked day; others some days later. */
    onTime: 0.93,
    lateDays: range(1, 6),
    /** Letters that should leave and do leave. */
    lettersOut: 0.96,
    engagement: {
      letter: 0.05,
      interim: 0.02,
      call: 0.1,
      visit: 0.14,
      report: 0.05,
      notice: 0.12,
      summons: 0.1,
    },
    /** Share of engagement left after a month. */
    lasting: 0.86,
    /** Calls to the owing one term, and then. */
    firstCall: 0.3,
    laterCall: 0.82,
    callDay: range(11, 27),
    /** Calls in a month without a letter, owing one term, and more. */
    followUpCall: { one: 0.08, more: 0.2 },
    reached: 0.56,
    /** A call of care after a rejected debit, before any whole term is owed. */
    careCall: 0.12,
    careCallAfterDays: range(2, 9),
    visitFrom: 3,
    visit: 0.09,
    visitDay: range(12, 28),
    visitOdds: { promise: 0.2, plan: 0.08, aid: 0.05 },
    interim: 0.5,
    interimDay: range(18, 21),
    /** Consent to promises and plans of those who refuse; motivation makes that of the others. */
    refusingConsents: 0.2,
    /** Contacts refused outright, when nothing else comes of them. */
    refusal: { refusing: 0.5, otherwise: 0.08 },
    promise: 0.3,
    promiseDays: range(8, 20),
    promiseKept: 0.6,
    /** Share of the days promised after which the payment is made. */
    promisePaidAfter: 0.5,
    /** Share of spending that a household can put off once to keep a promise. */
    putOff: 0.25,
    callPlan: 0.18,
    /** Probability of an interview by whole terms owed, from each of these numbers on. */
    interviewFrom: [1, 2, 3, 6],
    interview: [0.12, 0.22, 0.2, 0.1],
    interviewDay: range(13, 28),
    interviewRest: 4,
    interviewReached: 0.72,
    newEntrantMonths: 12,
    newEntrantFactor: 1.4,
    /** Months since the last spell within which a household is known, and goes to litigation's advisers. */
    repeatMonths: 24,
    repeatFactor: 0.8,
    awayShare: 0.25,
    awayFactor: 0.35,
    holidayMonth: 8,
    holidayFactor: 0.5,
    /** Solution-focused share of interviews: at so many whole terms, per term more, spread between agencies. */
    solutionFocused: 0.5,
    solutionFocusedTerms: 2,
    solutionFocusedByTerm: -0.04,
    solutionFocusedByAgency: 0.3,
    solutionFocusedLimits: range(0.05, 0.95),
    /** Under `hidden_confounder`: the share wanted by motivation, and the weights of it and of what files show. */
    hiddenConfounder: { motivated: 0.9, otherwise: 0.1, seenWeight: 0.25, hiddenWeight: 0.75 },
    /** Under `no_effect`: what is written of an interview. */
    emptyOutcomes: { none: 0.55, promise_to_pay: 0.3, refusal: 0.15 },
    pair: 0.25,
    approaches: {
      standard: { engagement: 0.15, promise: 0.3, plan: 0.32, aid: 0.16, thrift: 0.02 },
      solution_focused: { engagement: 0.5, promise: 0.55, plan: 0.5, aid: 0.34, thrift: 0.07 },
      solution_focused_pair: { engagement: 0.58, promise: 0.58, plan: 0.55, aid: 0.44, thrift: 0.08 },
    } satisfies Record<Approach, InterviewWays>,
    /** Most thrift that interviews add up to. */
    mostThrift: 0.1,
    /** A suspended benefit put right, in chances of aid. */
    putsRight: 2,
    moveInDiagnosis: 0.55,
    moveInAfterDays: range(3, 40),
    /** Whole terms from which the benefit office is told. */
    reportFrom: 2,
    reportWithin: range(5, 58),
    /** The fund is asked up to this income band, some days after the contact, and not again for some months. */
    fundUpToBand: 6,
    fundAskedAfterDays: 3,
    fundRestMonths: 12,
    fundMonths: range(1, 3),
    fundGranted: 0.55,
    /** Day of its month on which the fund pays, and days before it on which it says so. */
    fundPaidOn: 22,
    fundToldBeforeDays: 6,
    fundShare: range(0.4, 1),
    fundLeast: 5_000,
    fundMost: 150_000,
    /** A dispute, so many times likelier over an adjustment or a repair; it covers that, and this share of a term. */
    dispute: 0.0006,
    disputeOfExtra: 12,
    disputedTerm: 0.6,
    disputeOn: 12,
    disputeDays: range(25, 120),
    /** Day of its month from which a death stops reminders. */
    deathHoldOn: 14,
    /** Days from the start of a hold until the office knows it: usual, and after a death. */
    holdKnownAfterDays: 1,
    deathKnownAfterDays: 9,
    /** Days until the lease list shows a new mandate or who receives the benefit. */
    termsKnownAfterDays: range(0, 18),
    recordedLate: 0.12,
    recordedLateDays: range(1, 24),
    reminderFee: 0.5,
    rejectionFee: 0.6,
    rejectionFeeAfterDays: 1,
    /** Fees charged by mistake where none are. */
    wrongFee: 0.006,
    wrongFeeCents: 950,
    wronglyCharged: 0.0012,
    wrongCharge: { cents: range(1_500, 18_000), day: range(8, 27), mendedAfterDays: range(5, 65) },
    wronglyPosted: 0.0012,
    wrongPayment: { cents: range(12_000, 65_000), day: range(2, 26), mendedAfterDays: range(6, 50) },
    repairs: 0.0012,
    repairsCents: range(3_000, 35_000),
    repairsOn: 18,
  },

  plan: {
    least: 50_000,
    /** Day of its month on which an instalment is due, and what it is rounded up to. */
    dueDay: 10,
    roundedTo: 500,
    /** Instalments: prevention, litigation, after a judgement, over-indebtedness. */
    months: {
      prevention: range(3, 6),
      litigation: range(10, 24),
      court: range(18, 36),
      over_indebtedness: range(24, 60),
    },
    /** Added to the effort while it runs. */
    effort: 0.35,
    /** An instalment may take this share of what income leaves after the call and this share of usual spending. */
    affordable: 1.3,
    spendingKept: 0.8,
    missedInARow: 2,
    /** A month's call and instalment count as paid from this share on. */
    tolerance: 0.9,
    /** A debt up to this share of a term is settled. */
    settled: 0.1,
  },

  litigation: {
    handoverAfterDays: range(6, 16),
    /** Days of the month on which it acts; nothing is done when a stop is known on `frozen`. */
    days: {
      frozen: 24,
      plan: 20,
      notice: 23,
      referral: 19,
      summons: 26,
      title: 18,
      eviction: 15,
      costs: 24,
      closing: 20,
    },
    /** Whole terms owed from which it acts. */
    from: { notice: 2, summons: 3, eviction: 6, overIndebtedness: 4 },
    /** Share of leases whose clause gives the shorter time after a notice to pay; the others give the longer. */
    shortClause: 0.7,
    clauseDays: { short: 42, long: 60 },
    notice: 0.3,
    noticeCharged: 0.75,
    noticeCents: range(9_500, 19_500),
    referral: 0.45,
    summons: 0.22,
    summonsCents: range(6_000, 14_000),
    /** Months at least from notice and referral to summons, from summons to title, from title to eviction. */
    afterMonths: { summons: 3, title: 4, eviction: 4 },
    title: 0.16,
    delays: 0.4,
    delayMonths: 24,
    protocol: 0.14,
    protocolMonths: 24,
    eviction: 0.035,
    /** Months of the year, 1 to 12, in which nobody is sheltered by winter. */
    evictionMonths: range(4, 10),
    plan: 0.06,
    overIndebtedness: 0.005,
    admitted: 0.85,
    erased: 0.3,
    /** The commission: days of its acts and of the landlord's knowing; months after the filing; months to a new one. */
    commission: {
      filedOn: 9,
      filingKnownOn: 21,
      admittedAfterMonths: 3,
      admittedOn: 11,
      admissionKnownAfterDays: 8,
      measuresAfterMonths: 9,
      measuresOn: 16,
      restMonths: 36,
    },
  },

  /** Of charges, yearly, for leases of some months; and how monthly charges are reviewed on 1 January. */
  adjustment: { spread: 9_500, mean: -1_500, none: 0.12, afterMonths: 8, chargesReview: range(0.99, 1.06) },

  departure: {
    hazard: 0.0062,
    /** Nobody leaves before so many months. */
    afterMonths: 3,
    withDebt: 1.6,
    /** In debt above so many terms owed. */
    debtAbove: 1.9,
    long: 0.012,
    longMonths: 20,
    /** The home is given back, a month, once its tenant has died. */
    afterDeath: 0.6,
    /** Departures on the last day of a month; the others on these days. */
    onLastDay: 0.45,
    day: range(2, 28),
    depositHeld: 0.93,
    depositOn: 26,
    repairs: 0.46,
    repairsCents: range(5_000, 110_000),
    repairsOn: 14,
    repairsDueOn: 28,
    /** Months after which a credit is refunded, and its day; months for which an account is kept open at least. */
    refundedFrom: 3,
    refundedOn: 20,
    openMonths: 3,
    /** Paid within so many months by those who owed nothing before, and by others and later. */
    soonMonths: 2,
    paysAtOnce: 0.42,
    paysLater: 0.05,
    /** Later payments of all that is owed; others pay a part of it. */
    paysWhole: 0.3,
    paysPart: range(0.1, 0.5),
    /** Day of the month, and days after it, on which they pay. */
    paysFrom: 5,
    paysAfterDays: range(1, 20),
    writtenOffFrom: 14,
    writtenOff: 0.06,
  },

  truth: {
    /** Share of the actions whose paired run is lived, by effect. */
    examined: { interview: 1, call: 0.2, plan: 1 },
  },
};

/** Every figure of one landlord's people, habits and luck. */
export type Parameters = DeepReadonly<typeof AUBRELLE_VALUES>;

export const AUBRELLE: Parameters = AUBRELLE_VALUES;

/** Another landlord: poorer and younger, fewer direct debits, other hazards, a slower office. Never tuned to. */
export const MONTBRUN: Parameters = {
  ...AUBRELLE,
  people: {
    ...AUBRELLE.people,
    couple: 0.44,
    childless: 0.46,
    incomeShape: 1.22,
    work: { stable: 0.55, precarious: 0.28, none: 0.17 },
    margin: range(0.05, 0.065),
    cushionMonths: 5,
  },
  behaviours: {
    regular: { share: 0.72, directDebit: 0.52, delay: range(-2, 9), inFull: 0.993, effort: 0.72 },
    late: { share: 0.16, directDebit: 0.1, delay: range(4, 31), inFull: 0.98, effort: 0.58 },
    irregular: { share: 0.1, directDebit: 0.05, delay: range(0, 34), inFull: 0.84, effort: 0.45 },
    refusing: { share: 0.02, directDebit: 0, delay: range(8, 45), inFull: 0.6, effort: 0.08 },
  },
  life: {
    ...AUBRELLE.life,
    jobLoss: { stable: 0.004, precarious: 0.012 },
    returnToWork: 0.075,
    separation: 0.003,
    illness: 0.0022,
    energyBill: 0.18,
    cutsBack: 0.24,
  },
  benefit: { ...AUBRELLE.benefit, toLandlord: 0.9, suspended: 0.0055, lag: 4 },
  payment: {
    ...AUBRELLE.payment,
    channel: { transfer: 0.3, card: 0.35, cheque: 0.2, cash: 0.15 },
    administrative: 0.0018,
    mandateLost: 0.45,
    driftDays: range(0, 12),
  },
  office: {
    ...AUBRELLE.office,
    onTime: 0.82,
    reached: 0.48,
    interview: [0.03, 0.12, 0.18, 0.14],
    solutionFocused: 0.35,
  },
};

/** A landlord's figures by the name that `--parameters` takes. */
export const PARAMETER_SETS = { aubrelle: AUBRELLE, montbrun: MONTBRUN } as const;
export type ParameterSet = keyof typeof PARAMETER_SETS;

/**
 * `plain`; `hidden_confounder`: advisers choose the solution-focused approach for households whose motivation, which no
 * file tells, is high; `no_effect`: interviews change nothing.
 */
export const SCENARIOS = ["plain", "hidden_confounder", "no_effect"] as const;
export type Scenario = (typeof SCENARIOS)[number];

type DeepReadonly<Value> = Value extends readonly (infer Item)[]
  ? number extends Value["length"]
    ? readonly DeepReadonly<Item>[]
    : Value
  : Value extends object
    ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
    : Value;

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
