import type { ColumnFacts } from "../../../pipelines/contract/column.ts";
import { contractTable } from "../../../pipelines/contract/contract.ts";
import { columnsOf } from "../../../pipelines/contract/table.ts";
import { quoteName } from "../../../pipelines/warehouse/connection.ts";
import { LANDLORDS } from "../parameters.ts";
import { groupCodeSql } from "./codes.ts";
import type { DraftType } from "./draft-table.ts";

/** A table of the contract: what is kept of a row until it is written, and the SELECT that makes the row of it. */
export interface ParquetTable {
  readonly name: string;
  readonly columns: Readonly<Record<string, DraftType>>;
  readonly select: string;
}

/** How a table's draft differs from its place in the contract. */
interface Difference {
  /** Columns that the contract does not have: numbers of which codes are made. */
  readonly kept?: Readonly<Record<string, DraftType>>;
  /** Columns of the contract that are not kept, with the SQL that makes them. */
  readonly made?: Readonly<Record<string, string>>;
  /** Columns of the contract that the simulator has nothing for. */
  readonly without?: readonly string[];
}

const LANDLORD = { landlord: Object.keys(LANDLORDS) };
const DWELLING = { ...LANDLORD, dwelling: "integer" } as const;
const HOUSEHOLD = { ...LANDLORD, household: "integer" } as const;
const LEASE = { ...LANDLORD, lease: "integer" } as const;
const RANKED = { ...LEASE, rank: "integer" } as const;
const dwelling = groupCodeSql("dwelling", "landlord", "dwelling");
const household = groupCodeSql("household", "landlord", "household");
const lease = groupCodeSql("lease", "landlord", "lease");
const ofLease = (letter: string, rank = "rank") => `${lease} || '/${letter}' || ${rank}`;

/** The tables of the contract that the simulator fills, apart from those of the group as a whole. */
export const DWELLING_TABLES = {
  dwelling: table("dwelling", { kept: DWELLING, made: { id: dwelling } }),
  household: table("household", { kept: HOUSEHOLD, made: { id: household } }),
  household_situation: table("household_situation", {
    kept: HOUSEHOLD,
    made: { household_id: household },
    without: ["digital_consent", "preferred_channel"],
  }),
  household_audit: table("household_audit", {
    kept: HOUSEHOLD,
    made: { household_id: household, known_on: "valid_from" },
  }),
  household_contact: table("household_contact", { kept: HOUSEHOLD, made: { household_id: household } }),
  lease: table("lease", {
    kept: { ...LEASE, household: "integer", dwelling: "integer" },
    made: { id: lease, household_id: household, dwelling_id: dwelling },
  }),
  lease_terms: table("lease_terms", { kept: LEASE, made: { lease_id: lease } }),
  entry: table("entry", {
    kept: { ...RANKED, reversed: "integer" },
    made: { id: ofLease("E"), lease_id: lease, reversal_of: ofLease("E", "reversed") },
    without: ["earmark", "account"],
  }),
  rejection: table("rejection", { kept: RANKED, made: { entry_id: ofLease("E") } }),
  control_balance: table("control_balance", { kept: LEASE, made: { lease_id: lease } }),
  plan: table("plan", { kept: RANKED, made: { id: ofLease("P"), lease_id: lease, known_on: "signed_on" } }),
  plan_instalment: table("plan_instalment", { kept: RANKED, made: { plan_id: ofLease("P") } }),
  lease_hold: table("lease_hold", { kept: LEASE, made: { lease_id: lease } }),
  action: table("action", { kept: RANKED, made: { id: ofLease(""), lease_id: lease } }),
  disposition: table("disposition", { kept: RANKED, made: { id: ofLease("D"), lease_id: lease } }),
} as const;

/** The tables of the group as a whole. */
export const GROUP_TABLES = {
  agency: table("agency"),
  agency_mapping: table("agency_mapping"),
  team_capacity: table("team_capacity"),
} as const;

function table(name: string, { kept = {}, made = {}, without = [] }: Difference = {}): ParquetTable {
  const contract = contractTable(name);
  if (contract === undefined) throw new Error(`the contract has no table ${name}`);
  const columns: Record<string, DraftType> = { ...kept };
  const selected: string[] = [];
  for (const [column, facts] of columnsOf(contract)) {
    if (without.includes(column)) continue;
    const sql = made[column];
    if (sql === undefined) columns[column] = draftType(facts);
    selected.push(`${sql ?? contractValue(column, facts)} as ${quoteName(column)}`);
  }
  return { name, columns, select: `select ${selected.join(", ")} from ${quoteName(name)}` };
}

/** A decimal waits as a whole number of its smallest unit, a month as its first day, a flag as a word. */
function draftType(facts: ColumnFacts): DraftType {
  switch (facts.kind) {
    case "id":
    case "text":
      return "text";
    case "date":
    case "month":
      return "date";
    case "integer":
    case "decimal":
      return "integer";
    case "flag":
      return ["false", "true"];
    case "one_of":
      return facts.words;
  }
}

function contractValue(column: string, facts: ColumnFacts): string {
  const name = quoteName(column);
  switch (facts.kind) {
    case "decimal":
      return `(${name} * ${(10 ** -facts.scale).toFixed(facts.scale)})::decimal(${facts.digits}, ${facts.scale})`;
    case "month":
      return `strftime(${name}, '%Y-%m')`;
    case "flag":
      return `${name}::varchar::boolean`;
    case "one_of":
      return `${name}::varchar`;
    default:
      return name;
  }
}
