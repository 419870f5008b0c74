import type { DuckDBConnection } from "@duckdb/node-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  emptyTable,
  fillTable,
  missingColumns,
  prepareContract,
  unknownColumns,
} from "../../pipelines/contract/compile.ts";
import { CONTRACT } from "../../pipelines/contract/contract.ts";
import { controlTotal } from "../../pipelines/contract/control-total.ts";
import { dwelling } from "../../pipelines/contract/dwelling.ts";
import { entry } from "../../pipelines/contract/entry.ts";
import { lease } from "../../pipelines/contract/lease.ts";
import { columnsOf } from "../../pipelines/contract/table.ts";
import { fill, openWarehouse, outcomeOf, type PlacedRow } from "./warehouse.ts";

let connection: DuckDBConnection;

beforeEach(async () => {
  connection = await openWarehouse();
});

afterEach(() => connection.closeSync());

const rowsOf = async (query: string) => (await connection.runAndReadAll(query)).getRowsJson();

/** Rows of one file, one a line, from line 2 on. */
function fileOf(file: number, rows: readonly PlacedRow["cells"][]): PlacedRow[] {
  return rows.map((cells, index) => ({ file, line: index + 2, cells }));
}

const agencies = fileOf(1, [{ id: "NORD", name: "Nord", sector: "Plaine" }]);
const mergers = fileOf(2, [{ legacy_agency_id: "B12", agency_id: "NORD", valid_from: "2022-01-01" }]);
const households = fileOf(3, [{ id: "H1", size: "3" }]);
const dwellings = fileOf(4, [
  { id: "D1", agency_id: "NORD", use: "residential", type: "T3", surface_m2: "61.5", vacant: "false" },
  { id: "D2", agency_id: "B12", use: "garage" },
  { id: "D3", agency_id: "SUD", use: "garage" },
]);
const leases = fileOf(5, [{ id: "L1", household_id: "H1", dwelling_id: "D1", start_on: "2020-02-29" }]);
const landlord = {
  agency: agencies,
  agency_mapping: mergers,
  household: households,
  dwelling: dwellings,
  lease: leases,
};

const call = {
  id: "E1",
  lease_id: "L1",
  booked_on: "2024-01-31",
  due_on: "2024-02-05",
  kind: "rent",
  component: "principal",
  amount: "412.50",
  term_month: "2024-01",
};

const refusals = `
  select file_id, line::integer, column_name, value, reason, position, first_file_id, first_line::integer
  from load.rejected_row order by all`;

describe("filling the tables of the contract", () => {
  it("stores typed values beside the file and line they came from", async () => {
    await fill(connection, { ...landlord, entry: fileOf(6, [call]) });
    expect(
      await rowsOf(`select lease_id, booked_on, due_on, value_on, kind, amount, term_month, file_id, line
        from contract.entry`),
    ).toEqual([["L1", "2024-01-31", "2024-02-05", null, "rent", "412.50", "2024-01-01", 6, "2"]]);
    expect(
      await rowsOf(`select column_name, data_type from duckdb_columns()
        where table_name = 'dwelling' and schema_name = 'contract' order by column_index`),
    ).toEqual([
      ["id", "VARCHAR"],
      ["agency_id", "VARCHAR"],
      ["use", "ENUM('residential', 'parking', 'garage', 'commercial')"],
      ["type", "ENUM('T1', 'T2', 'T3', 'T4', 'T5', 'T6')"],
      ["surface_m2", "DECIMAL(6,2)"],
      ["building", "ENUM('collective', 'individual')"],
      ["construction_year", "INTEGER"],
      ["vacant", "BOOLEAN"],
      ["file_id", "INTEGER"],
      ["line", "BIGINT"],
    ]);
  });

  it("refuses each bad cell with its column, its value as delivered and a reason", async () => {
    const bad = { ...call, booked_on: "31/02/2024", amount: "1.234,56", kind: "Rent", lease_id: null };
    await fill(connection, { ...landlord, dwelling: dwellings.slice(0, 2), entry: fileOf(6, [call, bad]) });
    expect(await rowsOf("select id from contract.entry")).toEqual([["E1"]]);
    expect(await rowsOf(`from (${refusals}) order by position`)).toEqual([
      [6, 3, "lease_id", null, "missing", 1, null, null],
      [6, 3, "booked_on", "31/02/2024", "not_a_date", 2, null, null],
      [6, 3, "kind", "Rent", "not_in_list", 3, null, null],
      [6, 3, "amount", "1.234,56", "not_a_decimal", 4, null, null],
    ]);
  });

  it("checks the rules between cells once every cell is sound", async () => {
    const unsound = { ...call, id: "E2", due_on: null, component: null, amount: "1e3" };
    const undated = { ...call, id: "E3", due_on: null, component: null };
    const payment = { ...call, id: "E4", due_on: null, component: null, kind: "payment", amount: "-0.01" };
    const fee = { ...call, id: "E5", kind: "fee", component: "fee" };
    await fill(connection, {
      ...landlord,
      dwelling: dwellings.slice(0, 2),
      entry: fileOf(6, [unsound, undated, payment, fee]),
    });
    expect(await rowsOf("select id from contract.entry")).toEqual([["E4"]]);
    expect(await rowsOf(refusals)).toEqual([
      [6, 2, "amount", "1e3", "not_a_decimal", 1, null, null],
      [6, 3, "component", null, "required_when", 2, null, null],
      [6, 3, "due_on", null, "required_when", 1, null, null],
      [6, 5, "fee_kind", null, "required_when", 1, null, null],
    ]);
  });

  it("knows an agency by today's code or by one of before a merger, and no other", async () => {
    await fill(connection, landlord);
    expect(await rowsOf("select id from contract.dwelling")).toEqual([["D1"], ["D2"]]);
    expect(await rowsOf(refusals)).toEqual([[4, 4, "agency_id", "SUD", "unknown_reference", 1, null, null]]);
  });

  it("does not know a lease that was itself refused", async () => {
    const ended = fileOf(5, [
      { id: "L1", household_id: "H1", dwelling_id: "D1", start_on: "2020-02-29", end_on: "2020-02-28" },
    ]);
    await fill(connection, {
      ...landlord,
      dwelling: dwellings.slice(0, 2),
      lease: ended,
      entry: fileOf(6, [call]),
    });
    expect(await rowsOf(refusals)).toEqual([
      [5, 2, "end_on", "2020-02-28", "before_start", 1, null, null],
      [6, 2, "lease_id", "L1", "unknown_reference", 1, null, null],
    ]);
  });

  it("keeps the first of exact duplicates and of rows with one key, by file and line", async () => {
    const rows = [
      { file: 7, line: 2, cells: { ...call, amount: "412.5" } },
      { file: 7, line: 3, cells: { ...call, amount: "412.51" } },
      { file: 7, line: 4, cells: { ...call, amount: "412.51" } },
      { file: 6, line: 9, cells: call },
    ];
    await fill(connection, { ...landlord, dwelling: dwellings.slice(0, 2), entry: rows });
    expect(await rowsOf("select file_id, line::integer from contract.entry")).toEqual([[6, 9]]);
    expect(await rowsOf("select file_id, line::integer, table_name from load.duplicate_row")).toEqual([
      [7, 2, "entry"],
      [7, 4, "entry"],
    ]);
    expect(await rowsOf(refusals)).toEqual([[7, 3, "id", "E1", "key_conflict", 1, 6, 9]]);
  });

  it("tells the whole key of a conflict", async () => {
    const total = { account: "411", period: "2024-01", debit: "10", credit: "0" };
    await fill(connection, { control_total: fileOf(1, [total, { ...total, debit: "11" }]) });
    expect(await rowsOf(refusals)).toEqual([
      [1, 3, "account, period", "411 2024-01", "key_conflict", 1, 1, 2],
    ]);
  });

  it("lets the later of two deltas of a feed stand, and tells which row replaced which", async () => {
    await connection.run("insert into load.delta_file values (6, 'ledger'), (7, 'ledger')");
    const rows = [
      { file: 6, line: 9, cells: call },
      { file: 7, line: 2, cells: { ...call, amount: "412.51" } },
      { file: 7, line: 3, cells: { ...call, amount: "412.52" } },
    ];
    await fill(connection, { ...landlord, dwelling: dwellings.slice(0, 2), entry: rows });
    expect(await rowsOf("select file_id, line::integer, amount from contract.entry")).toEqual([
      [7, 2, "412.51"],
    ]);
    expect(await rowsOf("from load.superseded_row")).toEqual([[6, "9", "entry", 7, "2"]]);
    expect(await rowsOf(refusals)).toEqual([[7, 3, "id", "E1", "key_conflict", 1, 7, 2]]);
  });

  it("withholds the refused values of a table that not everyone may read, and names their place", async () => {
    const contact = { household_id: "H1", name: "Camille Roche", phone: " 06" };
    await fill(connection, {
      ...landlord,
      household_contact: fileOf(8, [contact, { ...contact, phone: null }]),
    });
    const of8 = (row: unknown[]) => row[0] === 8;
    expect((await rowsOf(refusals)).filter(of8)).toEqual([
      [8, 2, "phone", "(withheld)", "not_text", 1, null, null],
    ]);
  });

  it("takes a balance of a lease that the ledger lacks: it must show as a gap", async () => {
    await fill(connection, {
      control_balance: fileOf(1, [{ lease_id: "L404", as_of: "2024-12-31", balance: "-12.3" }]),
    });
    expect(await rowsOf("select lease_id, balance from contract.control_balance")).toEqual([
      ["L404", "-12.30"],
    ]);
  });

  it("works in one transaction, and reads values that the mapping did not leave as text", async () => {
    for (const table of CONTRACT.slice(0, 4))
      for (const statement of emptyTable(table)) await connection.run(statement);
    const select =
      "select 'L1' as ID, 'H1' as household_id, 'D1' as dwelling_id, date '2024-01-31' as start_on, 1 as file_id, 2 as line";
    await connection.run("begin");
    for (const statement of fillTable(lease, {
      select,
      given: ["ID", "household_id", "dwelling_id", "start_on", "file_id", "line"],
    }))
      await connection.run(statement);
    await connection.run("commit");
    expect(await rowsOf(refusals)).toEqual([
      [1, 2, "dwelling_id", "D1", "unknown_reference", 2, null, null],
      [1, 2, "household_id", "H1", "unknown_reference", 1, null, null],
    ]);
    expect((await outcomeOf(connection, lease)).accepted).toEqual([]);
  });

  it("makes the same table, described in the database, whether a landlord maps it or not", async () => {
    const described = `select table_name, column_name, data_type, comment from duckdb_columns()
      where schema_name = 'contract' order by table_name, column_index`;
    await fill(connection, {});
    const empty = await rowsOf(described);
    const other = await openWarehouse();
    await fill(other, Object.fromEntries(CONTRACT.map(({ name }) => [name, []])));
    expect((await other.runAndReadAll(described)).getRowsJson()).toEqual(empty);
    other.closeSync();
    expect(empty).toHaveLength(CONTRACT.reduce((sum, table) => sum + columnsOf(table).length + 2, 0));
    expect(empty.filter(([, , , comment]) => comment === null)).toEqual([]);
  });
});

describe("the columns that a mapping gives", () => {
  const given = ["ID", "agency_id", "use", "surface", "file_id"];

  it("lacks none that the table requires, nor the place", () => {
    expect(missingColumns(dwelling, given)).toEqual(["line"]);
    expect(missingColumns(controlTotal, [])).toEqual([
      "account",
      "period",
      "debit",
      "credit",
      "file_id",
      "line",
    ]);
  });

  it("has none that the table does not", () => {
    expect(unknownColumns(dwelling, given)).toEqual(["surface"]);
  });
});

describe("preparing a warehouse", () => {
  it("makes each list of words a type", () => {
    expect(prepareContract([entry]).filter((statement) => statement.startsWith("create type"))).toHaveLength(
      6,
    );
  });
});
