import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { Audience } from "../../pipelines/publish/sites.ts";
import {
  ageingRows,
  feeds,
  files,
  indicatorMonths,
  indicators,
  month,
  night,
  perimeters,
  type Row,
  type reconciliationWords,
  rejections,
  setAside,
  slices,
  waitingReceiptMonths,
  waitingReceipts,
} from "./sample-landlord.ts";
import {
  directorsColumns,
  directorsTables,
  type ModelState,
  preventionColumns,
  riskColumns,
  riskTables,
  type ScopeName,
  scopeColumns,
  scopeRow,
  scopeTables,
} from "./sample-prevention.ts";
import {
  alertRows,
  controlRows,
  effectRows,
  explanationRows,
  flowRows,
  mergerEffectRows,
  mergerPathRows,
  mergerRows,
  objectiveRows,
  overlapRows,
  planRows,
  standardisedRows,
} from "./sample-steering.ts";

/** What differs between two sample extracts; everything else is the same, byte for byte. */
export type SampleOptions = {
  /** The audience: managers by default. */
  site?: Audience;
  /** Name of the landlord, shown on every page. */
  landlord?: string;
  /** Multiplies every debt, so that two extracts show different figures. */
  scale?: number;
  /** What the night says of its reconciliation. */
  reconciliation?: keyof typeof reconciliationWords;
  /**
   * As little as a first night may have: one agency, no sector, three months, no target, no departed tenant, no alert,
   * no merger, no action to learn from.
   */
  bare?: boolean;
  /** For the social teams: whose households. */
  scope?: ScopeName;
  /** Whether a model serves, a rule, or a model is only watched. */
  model?: ModelState;
};

/** Columns of every table of the extracts, with their DuckDB types. */
const columns: Record<string, Record<string, string>> = {
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
  flow: { indicator_id: "varchar", flow_id: "varchar", flow_fr: "varchar", unit: "varchar" },
  objective: {
    indicator_id: "varchar",
    level: "varchar",
    slice_id: "varchar",
    target: "double",
    amber: "double",
    red: "double",
    minimum_volume: "integer",
    source: "varchar",
    source_fr: "varchar",
    proposed_target: "double",
    basis_fr: "varchar",
  },
  control_limit: {
    flow_id: "varchar",
    level: "varchar",
    slice_id: "varchar",
    month: "date",
    observed: "double",
    expected: "double",
    low: "double",
    high: "double",
    volume: "integer",
    verdict: "varchar",
    judged: "boolean",
  },
  alert: {
    alert_id: "varchar",
    position: "integer",
    indicator_id: "varchar",
    family: "varchar",
    label_fr: "varchar",
    unit: "varchar",
    good_direction: "varchar",
    level: "varchar",
    slice_id: "varchar",
    slice_label: "varchar",
    kind: "varchar",
    opened_on: "date",
    opened_month: "date",
    base_month: "date",
    month: "date",
    closed_on: "date",
    status: "varchar",
    trend: "varchar",
    trend_fr: "varchar",
    value_at_opening: "double",
    value: "double",
    target: "double",
    red: "double",
    months_red: "integer",
    change: "varchar",
  },
  explanation: {
    alert_id: "varchar",
    dimension: "varchar",
    dimension_fr: "varchar",
    slice: "varchar",
    slice_fr: "varchar",
    contribution: "double",
    mix: "double",
    performance: "double",
    position: "integer",
  },
  action_plan: {
    plan_id: "varchar",
    alert_id: "varchar",
    position: "integer",
    action_fr: "varchar",
    owner_role: "varchar",
    owner_fr: "varchar",
    opened_on: "date",
    due_on: "date",
    expected_effect: "double",
    expected_fr: "varchar",
    status: "varchar",
    measured_effect: "double",
    measured_low: "double",
    measured_high: "double",
    measured_basis_fr: "varchar",
  },
  standardised: {
    indicator_id: "varchar",
    label_fr: "varchar",
    unit: "varchar",
    good_direction: "varchar",
    position: "integer",
    slice_id: "varchar",
    slice_label: "varchar",
    month: "date",
    ratio: "double",
    low: "double",
    high: "double",
    households: "integer",
    raw_value: "double",
    expected_value: "double",
    judged: "boolean",
    rank: "integer",
    rank_low: "integer",
    rank_high: "integer",
    flag: "varchar",
    funnel_low_95: "double",
    funnel_high_95: "double",
    funnel_low_998: "double",
    funnel_high_998: "double",
    overdispersed: "boolean",
    suppressed: "boolean",
  },
  merger: {
    agency_id: "varchar",
    agency_label: "varchar",
    merged_on: "date",
    last_merged_on: "date",
    former_agencies: "varchar",
    landlords: "varchar",
  },
  merger_effect: {
    agency_id: "varchar",
    agency_label: "varchar",
    indicator_id: "varchar",
    label_fr: "varchar",
    unit: "varchar",
    good_direction: "varchar",
    position: "integer",
    merged_on: "date",
    estimate: "double",
    low: "double",
    high: "double",
    p_value: "double",
    p_value_before: "double",
    controls: "integer",
    basis: "varchar",
    statement_fr: "varchar",
  },
  merger_path: {
    agency_id: "varchar",
    indicator_id: "varchar",
    relative_month: "integer",
    estimate: "double",
    low: "double",
    high: "double",
    period: "varchar",
  },
  effect: {
    comparison_id: "varchar",
    position: "integer",
    basis: "varchar",
    action: "varchar",
    outcome: "varchar",
    label_fr: "varchar",
    outcome_fr: "varchar",
    treated: "integer",
    matched: "integer",
    overlap_share: "double",
    share_treated: "double",
    share_control: "double",
    difference: "double",
    low: "double",
    high: "double",
    estimable: "boolean",
    statement_fr: "varchar",
    caveat_fr: "varchar",
  },
  overlap: { comparison_id: "varchar", bin: "integer", treated: "integer", controls: "integer" },
  ...preventionColumns,
  ...riskColumns,
  ...directorsColumns,
};

const shared = ["night", "indicator", "slice", "indicator_month", "objective", "feed"];

/** The tables of each audience's extract. */
const tables: Readonly<Record<Audience, readonly string[]>> = {
  managers: [
    ...shared,
    "ageing",
    "file",
    "rejection",
    "set_aside",
    "waiting_receipts",
    "waiting_receipts_month",
    "flow",
    "control_limit",
    "alert",
    "explanation",
    "action_plan",
  ],
  directors: [
    ...shared,
    "standardised",
    "merger",
    "merger_effect",
    "merger_path",
    "effect",
    "overlap",
    ...Object.keys(riskColumns),
    ...Object.keys(directorsColumns),
  ],
  "social-teams": ["night", ...Object.keys(preventionColumns), ...Object.keys(riskColumns)],
};

/** Whether a bare extract has the indicator of a row: one of the main ones, or of those that pages name. */
const isBare = (row: Row): boolean => {
  const found = indicators.find(({ id }) => id === row.indicator_id);
  return found !== undefined && (found.headline || ["flows", "fees", "cost"].includes(found.family));
};

/** What is left of a table in a bare extract. */
const bareRows = (table: string, rows: Row[]): Row[] => {
  switch (table) {
    case "rejection":
    case "set_aside":
    case "waiting_receipts_month":
    case "objective":
    case "control_limit":
    case "alert":
    case "explanation":
    case "action_plan":
    case "merger":
    case "merger_effect":
    case "merger_path":
    case "effect":
    case "overlap":
      return [];
    case "standardised":
      return rows.filter((row) => row.slice_id === "A01");
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
    case "indicator":
      return rows.filter(isBare);
    case "slice":
      return rows.filter((row) => row.level === "company" || row.slice_id === "A01");
    case "indicator_month":
      return rows
        .filter(
          (row) => (row.level === "company" || row.slice_id === "A01") && String(row.month) >= month(57),
        )
        .filter(isBare)
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
  const { scope, model, bare } = options;
  const prepared = {
    ...scopeTables(scope, model, bare),
    ...riskTables(model, bare),
    ...directorsTables(bare),
  }[table];
  if (prepared !== undefined) return prepared;
  const make: Readonly<Record<string, () => Row[]>> = {
    night: () => [
      {
        ...night(options.landlord, options.reconciliation),
        ...(options.site === "social-teams" ? scopeRow(scope) : {}),
      },
    ],
    indicator: () =>
      indicators.map((indicator, position) => ({
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
      })),
    slice: () =>
      slices.map((slice, position) => ({
        level: slice.level,
        slice_id: slice.id,
        label: slice.label,
        sector: slice.sector,
        position: position + 1,
      })),
    indicator_month: () => indicatorMonths(options.scale),
    ageing: () => ageingRows(options.scale),
    feed: () => feeds,
    file: () => files,
    rejection: () => rejections,
    set_aside: () => setAside,
    waiting_receipts: () => [waitingReceipts],
    waiting_receipts_month: () => waitingReceiptMonths,
    flow: () => flowRows,
    objective: () => objectiveRows,
    control_limit: () => controlRows(indicatorMonths(options.scale)),
    alert: () => alertRows(indicatorMonths(options.scale)),
    explanation: () => explanationRows,
    action_plan: () => planRows,
    standardised: () => standardisedRows,
    merger: () => mergerRows,
    merger_effect: () => mergerEffectRows,
    merger_path: () => mergerPathRows,
    effect: () => effectRows,
    overlap: () => overlapRows,
  };
  const rows = make[table];
  if (rows === undefined) throw new Error(`the sample has no rows for ${table}`);
  return rows();
};

const writeTable = async (
  connection: DuckDBConnection,
  table: string,
  types: Record<string, string>,
  rows: Row[],
  path: string,
) => {
  const names = Object.keys(types);
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
  const typed = names.map((name) => `cast(${name} as ${types[name]}) as ${name}`).join(", ");
  await connection.run(`copy (select ${typed} from "text_${table}") to '${path}' (format parquet)`);
};

/**
 * Writes a small extract (14 agencies in 3 sectors, 60 months, the last one partial) into `folder`, one
 * Parquet file a table, emptying the folder first. The same options give the same bytes.
 */
export const writeSampleExtract = async (folder: string, options: SampleOptions = {}): Promise<void> => {
  const complete = {
    site: options.site ?? "managers",
    landlord: options.landlord ?? "Habitat Ligérien (exemple)",
    scale: options.scale ?? 1,
    reconciliation: options.reconciliation ?? "partial",
    bare: options.bare ?? false,
    scope: options.scope ?? "loire",
    model: options.model ?? "model",
  } as const;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    for (const table of tables[complete.site]) {
      const rows = rowsOf(table, complete);
      const path = join(folder, `${table}.parquet`);
      const kept = complete.bare ? bareRows(table, rows) : rows;
      const more = table === "night" && complete.site === "social-teams" ? scopeColumns : {};
      await writeTable(connection, table, { ...columns[table], ...more }, kept, path);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
};
