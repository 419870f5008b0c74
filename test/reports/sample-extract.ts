import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

/** What differs between two sample extracts; everything else is the same, byte for byte. */
export type SampleOptions = {
  /** Name of the landlord, shown on every page. */
  landlord?: string;
  /** Multiplies every debt, so that two extracts show different figures. */
  scale?: number;
  /** What the night says of its reconciliation. */
  reconciliation?: "verified" | "gap" | "partial" | "not_verified";
  /** As little as a first night may have: one agency, no sector, three months, no target, no departed tenant. */
  bare?: boolean;
};

type Cell = string | number | boolean | null;
type Row = Record<string, Cell>;

const firstMonth = { year: 2021, month: 12 };
const closedMonths = 59;
const asOf = "2026-11-18";

const sectors = [
  { id: "S1", label: "Secteur Loire" },
  { id: "S2", label: "Secteur Vilaine" },
  { id: "S3", label: "Secteur Estuaire" },
];

/** Leases present, and how much harder collection is than the average (1). */
const agencies = [
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
  family: "recovery" | "arrears" | "ageing" | "fees" | "freshness";
  headline: boolean;
  label: string;
  unit: "ratio" | "days" | "euros";
  good: "up" | "down";
  perimeter: "present" | "departed" | "both";
  formula: string;
  thresholds: { target: number; amber: number; red: number } | undefined;
  /** Numerator and denominator of one agency in one month. */
  measure: (agency: (typeof agencies)[number], index: number, scale: number) => Figures;
};

const perimeters = {
  present: "Locataires présents, logements d'habitation",
  departed: "Locataires partis, logements d'habitation",
  both: "Locataires présents et partis, logements d'habitation",
};

const cents = (euros: number) => Math.round(euros * 100) / 100;

/** A number in [-1, 1] that depends on nothing but its arguments. */
const wobble = (key: string, index: number) => {
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
  what: "euros" | "leases" | "spells",
  departed: boolean,
): Indicator => ({
  id: `${base}.${what}.${bucket.id}`,
  family: "ageing",
  headline: false,
  label: `${what === "euros" ? "Dette" : what === "leases" ? "Baux en dette" : "Épisodes"} : ${bucket.label}${departed ? " (partis)" : ""}`,
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

const indicators: Indicator[] = [
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
  ...(["euros", "leases"] as const).flatMap((what) =>
    buckets.map((bucket) => bucketIndicator(bucket, "ageing", what, false)),
  ),
  ...buckets.slice(1).map((bucket) => bucketIndicator(bucket, "ageing", "spells", false)),
  ...(["euros", "leases"] as const).flatMap((what) =>
    buckets.map((bucket) => bucketIndicator(bucket, "ageing_departed", what, true)),
  ),
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

const month = (index: number) => {
  const count = firstMonth.year * 12 + firstMonth.month - 1 + index;
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, "0")}-01`;
};

type Slice = { level: string; id: string; label: string; sector: string | null; members: typeof agencies };

const slices: Slice[] = [
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

const indicatorMonths = (scale: number): Row[] =>
  indicators.flatMap((indicator) =>
    slices.flatMap((slice) =>
      Array.from({ length: closedMonths + 1 }, (_, index) => {
        const partial = index === closedMonths;
        const figures = slice.members.map((agency) => indicator.measure(agency, index, scale));
        const days = indicator.unit === "days";
        const numerator = days
          ? Math.max(...figures.map((figure) => figure.numerator))
          : sum(figures.map((figure) => figure.numerator));
        const denominator = days ? 1 : sum(figures.map((figure) => figure.denominator));
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
          numerator: hidden || days ? null : numerator,
          denominator: hidden || days ? null : denominator,
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

const ageingRows = (scale: number): Row[] =>
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

const files: Row[] = [
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

const feeds: Row[] = files.map(({ file, encoding, ...counts }) => ({ ...counts, files: 1 }));

const setAside: Row[] = [
  { feed: "west_ledger", reason: "contrepartie : compte de banque", files: 12, rows: 190_201 },
  { feed: "north_ledger", reason: "compte d’un fournisseur", files: 1, rows: 14 },
];

const waitingReceipts: Row = {
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

const waitingReceiptMonths: Row[] = [
  { account: "7735", month: "2026-11-01", earlier: false, receipts: 22, euros: 8_300 },
  { account: "6442", month: "2026-11-01", earlier: false, receipts: 1, euros: 0 },
  { account: "suspense", month: "2026-10-01", earlier: false, receipts: 9, euros: 4_200 },
  { account: "7735", month: "2025-11-01", earlier: true, receipts: 42, euros: 8_900 },
];

const rejections: Row[] = [
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

const reconciliationWords = {
  verified: "vérifié",
  gap: "écart",
  partial: "vérifié en partie",
  not_verified: "non vérifié",
};

const total = (column: string) => sum(files.map((file) => Number(file[column])));

const night = (landlord: string, reconciliation: keyof typeof reconciliationWords): Row => {
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

/** Columns of every table of the managers' extract, with their DuckDB types. */
const tables: Record<string, Record<string, string>> = {
  night: {
    landlord: "varchar",
    as_of: "date",
    closing_month: "date",
    delivered_on: "date",
    newest_booked_on: "date",
    reconciliation: "varchar",
    reconciliation_fr: "varchar",
    leases_verified: "integer",
    leases_total: "integer",
    gap_euros: "decimal(12,2)",
    files: "integer",
    rows_read: "bigint",
    rows_accepted: "bigint",
    rows_rejected: "bigint",
    rows_superseded: "bigint",
    rows_duplicate: "bigint",
  },
  indicator: {
    indicator_id: "varchar",
    family: "varchar",
    position: "integer",
    headline: "boolean",
    label_fr: "varchar",
    unit: "varchar",
    good_direction: "varchar",
    perimeter: "varchar",
    perimeter_fr: "varchar",
    formula_fr: "varchar",
  },
  slice: { level: "varchar", slice_id: "varchar", label: "varchar", sector: "varchar", position: "integer" },
  indicator_month: {
    indicator_id: "varchar",
    level: "varchar",
    slice_id: "varchar",
    month: "date",
    is_partial: "boolean",
    numerator: "double",
    denominator: "double",
    value: "double",
    low: "double",
    high: "double",
    volume: "integer",
    suppressed: "boolean",
    target: "double",
    amber: "double",
    red: "double",
    status: "varchar",
    status_fr: "varchar",
  },
  ageing: {
    level: "varchar",
    slice_id: "varchar",
    month: "date",
    is_partial: "boolean",
    perimeter: "varchar",
    bucket: "varchar",
    bucket_fr: "varchar",
    position: "integer",
    euros: "double",
    leases: "integer",
    suppressed: "boolean",
  },
  feed: {
    feed: "varchar",
    files: "integer",
    delivered_on: "date",
    rows_read: "bigint",
    rows_accepted: "bigint",
    rows_rejected: "bigint",
    rows_superseded: "bigint",
    rows_duplicate: "bigint",
  },
  file: {
    file: "varchar",
    feed: "varchar",
    encoding: "varchar",
    delivered_on: "date",
    rows_read: "bigint",
    rows_accepted: "bigint",
    rows_rejected: "bigint",
    rows_superseded: "bigint",
    rows_duplicate: "bigint",
  },
  rejection: {
    file: "varchar",
    table_name: "varchar",
    column_name: "varchar",
    reason: "varchar",
    reason_fr: "varchar",
    rows: "bigint",
  },
  set_aside: { feed: "varchar", reason: "varchar", files: "integer", rows: "integer" },
  waiting_receipts: {
    as_of: "date",
    receipts: "integer",
    euros: "double",
    rounded: "boolean",
    candidates: "integer",
    since: "date",
    receipts_in_all: "integer",
    share_receipts: "double",
    share_euros: "double",
  },
  waiting_receipts_month: {
    account: "varchar",
    month: "date",
    earlier: "boolean",
    receipts: "integer",
    euros: "double",
  },
};

/** What is left of a table in a bare extract. */
const bareRows = (table: string, rows: Row[]): Row[] => {
  switch (table) {
    case "rejection":
    case "set_aside":
    case "waiting_receipts_month":
      return [];
    case "waiting_receipts":
      return rows.map((row) => ({
        ...row,
        receipts: 0,
        euros: 0,
        candidates: 0,
        since: null,
        receipts_in_all: 0,
        share_receipts: null,
        share_euros: null,
      }));
    case "night":
      return rows.map((row) => ({
        ...row,
        delivered_on: null,
        rows_rejected: 0,
        rows_superseded: 0,
        rows_duplicate: 0,
      }));
    case "slice":
      return rows.filter((row) => row.level === "company" || row.slice_id === "A01");
    case "indicator_month":
      return rows
        .filter(
          (row) => (row.level === "company" || row.slice_id === "A01") && String(row.month) >= month(57),
        )
        .map((row): Row => ({ ...row, target: null, amber: null, red: null }))
        .map((row): Row => (row.is_partial ? row : { ...row, status: "none", status_fr: "Sans objectif" }))
        .map((row) => (row.indicator_id === "recovery_rate_12m" ? { ...row, value: null } : row));
    case "ageing":
      return rows.filter(
        (row) =>
          (row.level === "company" || row.slice_id === "A01") &&
          row.perimeter === "present" &&
          String(row.month) >= month(57),
      );
    default:
      return rows;
  }
};

const rowsOf = (table: string, options: Required<SampleOptions>): Row[] => {
  switch (table) {
    case "night":
      return [night(options.landlord, options.reconciliation)];
    case "indicator":
      return indicators.map((indicator, position) => ({
        indicator_id: indicator.id,
        family: indicator.family,
        position: position + 1,
        headline: indicator.headline,
        label_fr: indicator.label,
        unit: indicator.unit,
        good_direction: indicator.good,
        perimeter: indicator.perimeter,
        perimeter_fr: perimeters[indicator.perimeter],
        formula_fr: indicator.formula,
      }));
    case "slice":
      return slices.map((slice, position) => ({
        level: slice.level,
        slice_id: slice.id,
        label: slice.label,
        sector: slice.sector,
        position: position + 1,
      }));
    case "indicator_month":
      return indicatorMonths(options.scale);
    case "ageing":
      return ageingRows(options.scale);
    case "feed":
      return feeds;
    case "file":
      return files;
    case "set_aside":
      return setAside;
    case "waiting_receipts":
      return [waitingReceipts];
    case "waiting_receipts_month":
      return waitingReceiptMonths;
    default:
      return rejections;
  }
};

const writeTable = async (
  connection: DuckDBConnection,
  table: string,
  columns: Record<string, string>,
  rows: Row[],
  path: string,
) => {
  const names = Object.keys(columns);
  const text = names.map((name) => `${name} varchar`).join(", ");
  await connection.run(`create or replace temp table "text_${table}" (${text})`);
  const appender = await connection.createAppender(`text_${table}`, undefined, "temp");
  for (const row of rows) {
    for (const name of names) {
      const cell = row[name] ?? null;
      if (cell === null) appender.appendNull();
      else appender.appendVarchar(String(cell));
    }
    appender.endRow();
  }
  appender.closeSync();
  const typed = names.map((name) => `cast(${name} as ${columns[name]}) as ${name}`).join(", ");
  await connection.run(`copy (select ${typed} from "text_${table}") to '${path}' (format parquet)`);
};

/**
 * Writes a small managers' extract (14 agencies in 3 sectors, 60 months, the last one partial) into `folder`, one
 * Parquet file a table, emptying the folder first. The same options give the same bytes.
 */
export const writeSampleExtract = async (folder: string, options: SampleOptions = {}): Promise<void> => {
  const complete = {
    landlord: options.landlord ?? "Habitat Ligérien (exemple)",
    scale: options.scale ?? 1,
    reconciliation: options.reconciliation ?? "partial",
    bare: options.bare ?? false,
  } as const;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    for (const [table, columns] of Object.entries(tables)) {
      const rows = rowsOf(table, complete);
      const path = join(folder, `${table}.parquet`);
      await writeTable(connection, table, columns, complete.bare ? bareRows(table, rows) : rows, path);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
};
