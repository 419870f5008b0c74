/** One row of a sample table. */
export type Row = Record<string, string | number | boolean | null>;

const firstMonth = { year: 2021, month: 12 };
/** Months that are over; one more is under way. */
export const closedMonths = 59;
export const asOf = "2026-11-18";

const sectors = [
  { id: "S1", label: "Secteur Loire" },
  { id: "S2", label: "Secteur Vilaine" },
  { id: "S3", label: "Secteur Estuaire" },
];

/** Leases present, and how much harder collection is than the average (1). */
export const agencies = [
  { id: "A01", label: "Nantes Centre", sector: "S1", leases: 1640, hardship: 0.8 },
  { id: "A02", label: "Nantes Nord", sector: "S1", leases: 1710, hardship: 1.9 },
  { id: "A03", label: "Bellevue", sector: "S1", leases: 1380, hardship: 1.35 },
  { id: "A04", label: "Rezé", sector: "S1", leases: 1190, hardship: 0.9 },
  { id: "A05", label: "Orvault", sector: "S1", leases: 940, hardship: 0.75 },
  { id: "A06", label: "Rennes Sud", sector: "S2", leases: 1520, hardship: 1.1 },
  { id: "A07", label: "Rennes Villejean", sector: "S2", leases: 1450, hardship: 1.25 },
  { id: "A08", label: "Redon", sector: "S2", leases: 720, hardship: 0.95 },
  { id: "A09", label: "Vitré", sector: "S2", leases: 610, hardship: 0.6 },
  { id: "A10", label: "Châteaubriant", sector: "S2", leases: 480, hardship: 1.05 },
  { id: "A11", label: "Saint-Nazaire Ville", sector: "S3", leases: 1330, hardship: 1.3 },
  { id: "A12", label: "Saint-Nazaire Littoral", sector: "S3", leases: 1010, hardship: 0.85 },
  { id: "A13", label: "Pornic", sector: "S3", leases: 390, hardship: 0.7 },
  { id: "A14", label: "Guérande", sector: "S3", leases: 150, hardship: 0.65 },
];

const buckets = [
  { id: "0_1", label: "moins d'1 mois", share: 0.31, departed: 0.05 },
  { id: "1_3", label: "1 à 3 mois", share: 0.27, departed: 0.1 },
  { id: "3_6", label: "3 à 6 mois", share: 0.17, departed: 0.16 },
  { id: "6_12", label: "6 à 12 mois", share: 0.14, departed: 0.24 },
  { id: "12_plus", label: "12 mois et plus", share: 0.11, departed: 0.45 },
];

type Figures = { numerator: number; denominator: number; volume: number; households: number | undefined };

type Indicator = {
  id: string;
  family: string;
  headline: boolean;
  label: string;
  unit: "ratio" | "days" | "euros" | "count" | "number";
  good: "up" | "down";
  perimeter: "present" | "departed" | "both";
  formula: string;
  thresholds: { target: number; amber: number; red: number } | undefined;
  /** Numerator and denominator of one agency in one month. */
  measure: (agency: (typeof agencies)[number], index: number, scale: number) => Figures;
};

/** Perimeters, in words. */
export const perimeters = {
  present: "Locataires présents, logements d'habitation",
  departed: "Locataires partis, logements d'habitation",
  both: "Locataires présents et partis, logements d'habitation",
};

const cents = (euros: number) => Math.round(euros * 100) / 100;

/** A number in [-1, 1] that depends on nothing but its arguments. */
export const wobble = (key: string, index: number) => {
  let state = 2166136261;
  for (const character of `${key}/${index}`) {
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16777619) >>> 0;
  }
  state = Math.imul(state ^ (state >>> 15), 2246822519) >>> 0;
  return ((state ^ (state >>> 13)) >>> 0) / 2147483647.5 - 1;
};

/** How hard collection is for one agency in one month: slow drift, a winter rise, a little noise. */
const pressure = (agency: (typeof agencies)[number], index: number) => {
  const drift = agency.id === "A02" ? 1 + index * 0.006 : agency.id === "A03" ? 1.3 - index * 0.005 : 1;
  const season = 1 + 0.05 * Math.cos(((index - 1) * Math.PI) / 6);
  return agency.hardship * drift * season * (1 + 0.03 * wobble(agency.id, index));
};

const monthlyCall = 512;
const billed = (agency: (typeof agencies)[number], index: number) =>
  agency.leases * monthlyCall * (1 + 0.0018 * index);

const arrears = (agency: (typeof agencies)[number], index: number, scale: number) =>
  billed(agency, index) * 12 * 0.052 * pressure(agency, index) * scale;

const departedDebt = (agency: (typeof agencies)[number], index: number, scale: number) =>
  arrears(agency, index, scale) * 0.42 * (1 + 0.1 * wobble(`${agency.id}/departed`, index));

const debtors = (agency: (typeof agencies)[number], index: number, share: number, scale: number) =>
  Math.round(agency.leases * share * pressure(agency, index) * scale);

const share = (terms: number, level: number): Indicator => ({
  id: terms === 1 ? "share_1_term" : `share_${terms}_terms`,
  family: "arrears",
  headline: terms !== 2,
  label: terms === 1 ? "Locataires devant au moins 1 terme" : `Locataires devant au moins ${terms} termes`,
  unit: "ratio",
  good: "down",
  perimeter: "present",
  formula: `Baux présents devant au moins ${terms} terme${terms > 1 ? "s" : ""} entier${terms > 1 ? "s" : ""} / baux présents occupés`,
  thresholds: { target: level * 1.2, amber: level * 1.2, red: level * 1.5 },
  measure: (agency, index, scale) => {
    const count = debtors(agency, index, level, scale);
    return { numerator: count, denominator: agency.leases, volume: agency.leases, households: count };
  },
});

const bucketIndicator = (
  bucket: (typeof buckets)[number],
  base: string,
  what: "euros" | "leases",
  departed: boolean,
): Indicator => ({
  id: `${base}.${what}.${bucket.id}`,
  family: "ageing",
  headline: false,
  label: `${what === "euros" ? "Dette" : "Baux en dette"} : ${bucket.label}${departed ? " (partis)" : ""}`,
  unit: "ratio",
  good: bucket.id === "0_1" ? "up" : "down",
  perimeter: departed ? "departed" : "present",
  formula: `Part de la tranche « ${bucket.label} » dans le total`,
  thresholds: undefined,
  measure: (agency, index, scale) => {
    const part = departed ? bucket.departed : bucket.share;
    const total = departed ? departedDebt(agency, index, scale) : arrears(agency, index, scale);
    const leases = debtors(agency, index, departed ? 0.04 : 0.2, scale);
    const count = Math.round(leases * part);
    return what === "euros"
      ? { numerator: cents(total * part), denominator: cents(total), volume: leases, households: count }
      : { numerator: count, denominator: leases, volume: leases, households: count };
  },
});

type Plain = readonly [
  id: string,
  family: string,
  label: string,
  unit: Indicator["unit"],
  good: Indicator["good"],
  perimeter: Indicator["perimeter"],
  /** Its figure where collection is of average difficulty. */
  level: number,
  formula: string,
  thresholds?: Indicator["thresholds"],
];

const plain: readonly Plain[] = [
  [
    "collection_m0",
    "recovery",
    "Part des quittances encaissée dans le mois",
    "ratio",
    "up",
    "both",
    0.87,
    "Encaissements du mois sur les quittances échues du mois / quittances échues du mois",
  ],
  [
    "collection_m3",
    "recovery",
    "Part des quittances encaissée à trois mois",
    "ratio",
    "up",
    "both",
    0.957,
    "Encaissements à la fin du troisième mois suivant / quittances échues du mois",
  ],
  [
    "onset_rate",
    "flows",
    "Entrées en impayé dans le mois",
    "ratio",
    "down",
    "present",
    0.021,
    "Ménages qui doivent un premier terme entier à la fin du mois / ménages qui n’en devaient aucun à son début",
    { target: 0.022, amber: 0.022, red: 0.03 },
  ],
  [
    "roll_rate.1_2",
    "flows",
    "Passage de un à deux termes",
    "ratio",
    "down",
    "present",
    0.31,
    "Ménages passés de un à deux termes dus / ménages qui devaient un terme le mois précédent",
  ],
  [
    "roll_rate.2_3",
    "flows",
    "Passage de deux à trois termes",
    "ratio",
    "down",
    "present",
    0.42,
    "Ménages passés de deux à trois termes dus / ménages qui devaient deux termes le mois précédent",
  ],
  [
    "cure_rate_1m",
    "flows",
    "Sorties d’impayé en un mois",
    "ratio",
    "up",
    "present",
    0.24,
    "Ménages revenus à aucun terme dû en un mois / ménages en impayé",
  ],
  [
    "cure_rate_3m",
    "flows",
    "Sorties d’impayé en trois mois",
    "ratio",
    "up",
    "present",
    0.41,
    "Ménages revenus à aucun terme dû en trois mois / ménages en impayé",
  ],
  [
    "cure_rate_6m",
    "flows",
    "Sorties d’impayé en six mois",
    "ratio",
    "up",
    "present",
    0.53,
    "Ménages revenus à aucun terme dû en six mois / ménages en impayé",
  ],
  [
    "relapse_6m",
    "flows",
    "Rechutes dans les six mois",
    "ratio",
    "down",
    "present",
    0.27,
    "Ménages de nouveau en impayé six mois après leur sortie / ménages sortis d’impayé",
  ],
  [
    "relapse_6m.after_aid",
    "flows",
    "Rechutes dans les six mois après une aide",
    "ratio",
    "down",
    "present",
    0.35,
    "La même part, pour les seuls ménages sortis d’impayé grâce à une aide",
  ],
  [
    "departed_debt_share",
    "departed",
    "Part de la dette due par les locataires partis",
    "ratio",
    "down",
    "departed",
    0.29,
    "Dette des locataires partis / toute la dette",
  ],
  [
    "principal_first_share.as_booked",
    "fees",
    "Part de chaque euro reçu qui a remboursé le principal, telle que comptabilisée",
    "ratio",
    "up",
    "both",
    0.981,
    "Euros reçus des locataires affectés au principal / euros reçus des locataires, 12 mois",
  ],
  [
    "principal_first_share.principal_first",
    "fees",
    "Part de chaque euro reçu qui rembourserait le principal, principal d’abord",
    "ratio",
    "up",
    "both",
    0.996,
    "La même part, si chaque euro remboursait d’abord le principal",
  ],
  [
    "principal_first_share.legal_default",
    "fees",
    "Part de chaque euro reçu qui rembourserait le principal, ordre légal",
    "ratio",
    "up",
    "both",
    0.989,
    "La même part, dans l’ordre prévu par la loi à défaut de choix du locataire",
  ],
  [
    "fee_per_euro",
    "fees",
    "Frais facturés par euro de principal recouvré",
    "number",
    "down",
    "both",
    0.0042,
    "Frais facturés / principal recouvré, 12 mois",
  ],
  [
    "heavy_fee_share",
    "fees",
    "Dossiers dont les frais dépassent 10 % du principal",
    "ratio",
    "down",
    "both",
    0.013,
    "Dossiers ouverts dont les frais dépassent 10 % du principal / dossiers ouverts",
  ],
  [
    "unlawful_fees",
    "fees",
    "Frais facturés que la loi interdit",
    "count",
    "down",
    "both",
    0.5,
    "Nombre de frais d’un type interdit facturés dans le mois à un locataire avant tout titre exécutoire",
    { target: 0, amber: 0, red: 0 },
  ],
  [
    "reaction_days.median",
    "conduct",
    "Délai médian avant le premier contact",
    "days",
    "down",
    "present",
    12.4,
    "Médiane des jours entre la première échéance impayée et le premier contact tenté ; les dossiers sans contact comptent jusqu’à la date des données",
  ],
  [
    "schedule_kept",
    "conduct",
    "Relances parties à la date prévue",
    "ratio",
    "up",
    "present",
    0.83,
    "Lettres et appels faits à la date de la procédure / lettres et appels prévus",
  ],
  [
    "chased_though_paid.value_date",
    "conduct",
    "Relances envoyées à des ménages à jour",
    "count",
    "down",
    "present",
    0.7,
    "Relances parties alors que le solde échu était nul ou créditeur, en date de valeur",
  ],
  [
    "plan_kept_rate",
    "plans",
    "Échéances de plan tenues",
    "ratio",
    "up",
    "present",
    0.74,
    "Échéances payées avec la quittance courante / échéances arrivées à terme",
  ],
  [
    "caf_report_on_time",
    "social",
    "Signalements à la CAF dans les délais",
    "ratio",
    "up",
    "present",
    0.91,
    "Signalements faits dans les deux mois / signalements dus",
  ],
  [
    "cost_of_arrears",
    "cost",
    "Coût de l’impayé",
    "ratio",
    "down",
    "both",
    0.0126,
    "(pertes + variation des dépréciations) / quittancement, 12 mois",
    { target: 0.012, amber: 0.012, red: 0.018 },
  ],
  [
    "cases_per_fte",
    "productivity",
    "Dossiers par équivalent temps plein",
    "number",
    "down",
    "both",
    164,
    "Dossiers ouverts / équivalents temps plein de recouvrement",
  ],
];

/** A figure of one kind per family, so that every page has something to show. */
const further: Indicator[] = plain.map(
  ([id, family, label, unit, good, perimeter, level, formula, thresholds]) => ({
    id,
    family,
    headline: false,
    label,
    unit,
    good,
    perimeter,
    formula,
    thresholds,
    measure: (agency, index, scale) => {
      const hard = pressure(agency, index) * scale * (1 + 0.04 * wobble(`${agency.id}/${id}`, index));
      const figure = good === "up" && unit === "ratio" ? 1 - (1 - level) * hard : level * hard;
      if (unit !== "ratio")
        return {
          numerator: unit === "count" ? Math.max(0, Math.round(figure)) : figure,
          denominator: 1,
          volume: agency.leases,
          households: undefined,
        };
      const denominator = Math.round(agency.leases * (family === "flows" ? 0.6 : 1));
      const numerator = Math.round(denominator * figure);
      return { numerator, denominator, volume: agency.leases, households: undefined };
    },
  }),
);

/** Indicators of the sample, in the order of pages. */
export const indicators: Indicator[] = [
  {
    id: "recovery_rate_12m",
    family: "recovery",
    headline: true,
    label: "Taux de recouvrement sur 12 mois",
    unit: "ratio",
    good: "up",
    perimeter: "both",
    formula: "(Q + C ouverture − (C clôture + pertes)) / Q sur 12 mois ; Q : loyers et charges quittancés",
    thresholds: { target: 0.988, amber: 0.988, red: 0.98 },
    measure: (agency, index, scale) => {
      const called = billed(agency, index) * 12;
      const missing = 0.0092 * pressure(agency, index) * scale;
      return {
        numerator: cents(called * (1 - missing)),
        denominator: cents(called),
        volume: agency.leases,
        households: undefined,
      };
    },
  },
  {
    id: "recovery_rate_12m.net",
    family: "recovery",
    headline: false,
    label: "Taux de recouvrement net sur 12 mois",
    unit: "ratio",
    good: "up",
    perimeter: "both",
    formula: "Même calcul sur les quittances nettes d'aide et les seuls encaissements des locataires",
    thresholds: { target: 0.98, amber: 0.98, red: 0.968 },
    measure: (agency, index, scale) => {
      const called = billed(agency, index) * 12 * 0.66;
      const missing = 0.0139 * pressure(agency, index) * scale;
      return {
        numerator: cents(called * (1 - missing)),
        denominator: cents(called),
        volume: agency.leases,
        households: undefined,
      };
    },
  },
  {
    id: "arrears_rate",
    family: "arrears",
    headline: true,
    label: "Taux d'impayé des locataires présents",
    unit: "ratio",
    good: "down",
    perimeter: "present",
    formula: "Dette échue des locataires présents / quittancement brut des mêmes locataires sur 12 mois",
    thresholds: { target: 0.06, amber: 0.06, red: 0.08 },
    measure: (agency, index, scale) => ({
      numerator: cents(arrears(agency, index, scale)),
      denominator: cents(billed(agency, index) * 12),
      volume: agency.leases,
      households: undefined,
    }),
  },
  share(1, 0.142),
  share(2, 0.084),
  share(3, 0.056),
  ...buckets.map((bucket) => bucketIndicator(bucket, "ageing", "euros", false)),
  {
    id: "fees_to_principal",
    family: "fees",
    headline: true,
    label: "Frais rapportés au principal",
    unit: "ratio",
    good: "down",
    perimeter: "present",
    formula: "Frais de relance et de recouvrement dus / principal dû",
    thresholds: { target: 0.01, amber: 0.01, red: 0.03 },
    measure: (agency, index, scale) => {
      const principal = arrears(agency, index, scale);
      return {
        numerator: cents(principal * 0.008 * (1 + 0.2 * wobble(`${agency.id}/fees`, index))),
        denominator: cents(principal),
        volume: agency.leases,
        households: undefined,
      };
    },
  },
  {
    id: "fees_to_principal.departed",
    family: "fees",
    headline: false,
    label: "Frais rapportés au principal, locataires partis",
    unit: "ratio",
    good: "down",
    perimeter: "departed",
    formula: "Frais dus par les locataires partis / principal dû par les mêmes",
    thresholds: undefined,
    measure: (agency, index, scale) => {
      const principal = departedDebt(agency, index, scale);
      return {
        numerator: cents(principal * 0.031),
        denominator: cents(principal),
        volume: agency.leases,
        households: undefined,
      };
    },
  },
  ...further,
  {
    id: "freshness",
    family: "freshness",
    headline: false,
    label: "Fraîcheur des données",
    unit: "days",
    good: "down",
    perimeter: "both",
    formula: "Date des données − date de la dernière écriture comptable",
    thresholds: { target: 5, amber: 5, red: 10 },
    measure: (agency) => ({
      numerator: agency.id === "A10" ? 12 : 2 + (agency.leases % 3),
      denominator: 1,
      volume: agency.leases,
      households: undefined,
    }),
  },
];

/** The first day of a month of the sample, counted from its first one. */
export const month = (index: number) => {
  const count = firstMonth.year * 12 + firstMonth.month - 1 + index;
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, "0")}-01`;
};

type Slice = { level: string; id: string; label: string; sector: string | null; members: typeof agencies };

/** The company, its sectors and its agencies. */
export const slices: Slice[] = [
  { level: "company", id: "company", label: "Ensemble", sector: null, members: agencies },
  ...sectors.map((sector) => ({
    level: "sector",
    id: sector.id,
    label: sector.label,
    sector: sector.label,
    members: agencies.filter((agency) => agency.sector === sector.id),
  })),
  ...agencies.map((agency) => ({
    level: "agency",
    id: agency.id,
    label: agency.label,
    sector: sectors.find((sector) => sector.id === agency.sector)?.label ?? null,
    members: [agency],
  })),
];

const statusWords = {
  green: "Conforme",
  amber: "À surveiller",
  red: "Alerte",
};

const minimumVolume = 200;

/** A count of households small enough to be a secret: 1 to 10. */
const secret = (households: number | undefined) =>
  households !== undefined && households >= 1 && households <= 10;

const judge = (indicator: Indicator, value: number, volume: number, partial: boolean): [string, string] => {
  if (partial) return ["none", "Mois en cours"];
  if (indicator.thresholds === undefined) return ["none", "Sans objectif"];
  if (volume < minimumVolume) return ["none", "Volume insuffisant"];
  const { amber, red } = indicator.thresholds;
  const worse = (threshold: number) => (indicator.good === "up" ? value < threshold : value > threshold);
  const status = worse(red) ? "red" : worse(amber) ? "amber" : "green";
  return [status, statusWords[status]];
};

const sum = (values: number[]) => cents(values.reduce((total, value) => total + value, 0));

/** What agencies make together: shares and counts add up, days are those of the slowest, the rest is a mean. */
const whole = (indicator: Indicator, values: number[]) => {
  if (indicator.unit === "days") return Math.max(...values);
  return indicator.unit === "number"
    ? sum(values.map((value) => 1000 * value)) / values.length / 1000
    : sum(values);
};

/** Every figure of every slice and month, with its status. */
export const indicatorMonths = (scale: number): Row[] =>
  indicators.flatMap((indicator) =>
    slices.flatMap((slice) =>
      Array.from({ length: closedMonths + 1 }, (_, index) => {
        const partial = index === closedMonths;
        const figures = slice.members.map((agency) => indicator.measure(agency, index, scale));
        const plainFigure = indicator.unit !== "ratio";
        const numerator = whole(
          indicator,
          figures.map((figure) => figure.numerator),
        );
        const denominator = plainFigure ? 1 : sum(figures.map((figure) => figure.denominator));
        const volume = sum(figures.map((figure) => figure.volume));
        const hidden =
          slice.level === "agency" && secret(figures[0]?.households) && !indicator.id.includes("fees");
        const value = numerator / denominator;
        const [status, words] = hidden
          ? ["none", "Secret statistique"]
          : judge(indicator, value, volume, partial);
        return {
          indicator_id: indicator.id,
          level: slice.level,
          slice_id: slice.id,
          month: month(index),
          is_partial: partial,
          numerator: hidden || plainFigure ? null : numerator,
          denominator: hidden ? null : plainFigure ? volume : denominator,
          value: hidden ? null : value,
          low: null,
          high: null,
          volume,
          suppressed: hidden,
          target: indicator.thresholds?.target ?? null,
          amber: indicator.thresholds?.amber ?? null,
          red: indicator.thresholds?.red ?? null,
          status,
          status_fr: words,
        };
      }),
    ),
  );

/** The debt by age. */
export const ageingRows = (scale: number): Row[] =>
  slices.flatMap((slice) =>
    Array.from({ length: closedMonths + 1 }, (_, index) => index).flatMap((index) =>
      (["present", "departed"] as const).flatMap((perimeter) =>
        buckets.map((bucket, position) => {
          const base = perimeter === "present" ? "ageing" : "ageing_departed";
          const figures = (what: "euros" | "leases") =>
            sum(
              slice.members.map(
                (agency) =>
                  bucketIndicator(bucket, base, what, perimeter === "departed").measure(agency, index, scale)
                    .numerator,
              ),
            );
          const leases = figures("leases");
          const hidden = slice.level === "agency" && secret(leases);
          return {
            level: slice.level,
            slice_id: slice.id,
            month: month(index),
            is_partial: index === closedMonths,
            perimeter,
            bucket: bucket.id,
            bucket_fr: bucket.label,
            position: position + 1,
            euros: hidden ? null : leases === 0 ? 0 : figures("euros"),
            leases: hidden ? null : leases,
            suppressed: hidden,
          };
        }),
      ),
    ),
  );

/** Files read, with what became of their rows. */
export const files: Row[] = [
  ["nord/ecritures_20261118.csv", "north_ledger", "windows-1252", 412_806, 412_761, 12, 10, 23],
  ["nord/baux_20261118.csv", "north_lease", "windows-1252", 7_340, 7_338, 2, 0, 0],
  ["ouest/journal_2026_11.csv.gz", "west_ledger", "utf-8", 388_112, 387_410, 3, 0, 699],
  ["ouest/contrats.csv", "west_lease", "utf-8", 6_902, 6_902, 0, 0, 0],
  ["estuaire/mouvements.parquet", "estuary_ledger", "parquet", 164_530, 164_530, 0, 0, 0],
].map(([file, feed, encoding, read, accepted, rejected, superseded, duplicate]) => ({
  file: file ?? null,
  feed: feed ?? null,
  encoding: encoding ?? null,
  delivered_on: asOf,
  rows_read: read ?? null,
  rows_accepted: accepted ?? null,
  rows_rejected: rejected ?? null,
  rows_superseded: superseded ?? null,
  rows_duplicate: duplicate ?? null,
}));

/** The same, a row a source. */
export const feeds: Row[] = files.map(({ file, encoding, ...counts }) => ({ ...counts, files: 1 }));

/** Rows set aside. */
export const setAside: Row[] = [
  { feed: "west_ledger", reason: "contrepartie : compte de banque", files: 12, rows: 190_201 },
  { feed: "north_ledger", reason: "compte d’un fournisseur", files: 1, rows: 14 },
];

/** Receipts that wait for their lease. */
export const waitingReceipts: Row = {
  as_of: asOf,
  receipts: 74,
  euros: 21_408.37,
  rounded: false,
  candidates: 61,
  since: "2024-03-05",
  receipts_in_all: 48_211,
  share_receipts: 0.99847,
  share_euros: 0.99912,
};

/** The same, month by month. */
export const waitingReceiptMonths: Row[] = [
  { account: "7735", month: "2026-11-01", earlier: false, receipts: 22, euros: 8_300 },
  { account: "6442", month: "2026-11-01", earlier: false, receipts: 1, euros: 0 },
  { account: "suspense", month: "2026-10-01", earlier: false, receipts: 9, euros: 4_200 },
  { account: "7735", month: "2025-11-01", earlier: true, receipts: 42, euros: 8_900 },
];

/** Rows rejected. */
export const rejections: Row[] = [
  ["nord/ecritures_20261118.csv", "entry", "amount", "bad_money", "montant illisible", 7],
  ["nord/ecritures_20261118.csv", "entry", "lease_id", "unknown_reference", "bail inconnu", 5],
  ["nord/baux_20261118.csv", "lease", "end_on", "out_of_order", "fin de bail avant son début", 2],
  ["ouest/journal_2026_11.csv.gz", "entry", "booked_on", "bad_date", "date impossible", 3],
].map(([file, table, column, reason, words, rows]) => ({
  file: file ?? null,
  table_name: table ?? null,
  column_name: column ?? null,
  reason: reason ?? null,
  reason_fr: words ?? null,
  rows: rows ?? null,
}));

/** States of the reconciliation, in words. */
export const reconciliationWords = {
  verified: "vérifié",
  gap: "écart",
  partial: "vérifié en partie",
  not_verified: "non vérifié",
};

const total = (column: string) => sum(files.map((file) => Number(file[column])));

/** The night in one row. */
export const night = (landlord: string, reconciliation: keyof typeof reconciliationWords): Row => {
  const leases = agencies.reduce((count, agency) => count + agency.leases, 0);
  const verified = { verified: leases, gap: leases, partial: leases - 480, not_verified: 0 }[reconciliation];
  return {
    landlord,
    as_of: asOf,
    closing_month: month(closedMonths - 1),
    delivered_on: asOf,
    newest_booked_on: "2026-11-16",
    reconciliation,
    reconciliation_fr: reconciliationWords[reconciliation],
    leases_verified: verified,
    leases_total: leases,
    gap_euros: { verified: 0, gap: 1284.36, partial: 0, not_verified: null }[reconciliation],
    files: files.length,
    rows_read: total("rows_read"),
    rows_accepted: total("rows_accepted"),
    rows_rejected: total("rows_rejected"),
    rows_superseded: total("rows_superseded"),
    rows_duplicate: total("rows_duplicate"),
  };
};
