import { createHash } from "node:crypto";
import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { loadStrategy } from "../../pipelines/strategy/strategy-tables.ts";
import { buildModels, verifyModel } from "../../pipelines/warehouse/build.ts";
import { queryRows, quoteName, quoteText } from "../../pipelines/warehouse/connection.ts";
import { type OrderedModel, splitByNeed } from "../../pipelines/warehouse/order.ts";
import type { ProgramContext } from "../../pipelines/warehouse/program.ts";
import { openEmptyLandlord, orderedModels, programsOf, strategyOfCase } from "./empty-landlord.ts";
import type { SpecCase, SpecTable } from "./spec-file.ts";

interface Standing {
  readonly kind: "table" | "view";
  readonly key: string;
  readonly content: string;
}

const contentRow = z.object({ id: z.string(), rows: z.string().nullable() });

/** Of what is made but whose checks have not held yet. */
const UNVERIFIED = "";

/**
 * One database that builds the cases of many specs, one after the other. Each case finds the tables that it would find in a
 * database of its own: those that it gives hold its rows alone, every other one that stands before the models is as in an
 * empty landlord, and a model is built anew unless a table made of the very same is at hand. What a table is made of is
 * told by its key: its definition and the contents of all that it reads; for a program's table the strategy and the as-of
 * date too.
 */
export class SpecWarehouse {
  readonly #connection: DuckDBConnection;
  readonly #models: readonly OrderedModel[];
  /** What stands in the database now, of models, by id. */
  readonly #standing = new Map<string, Standing>();
  /** Every table once built, by its key: the content's hash, which names the table of the schema `kept` that holds it. */
  readonly #built = new Map<string, string>();
  readonly #kept = new Set<string>();
  /** Contents of the tables that stand before the models, as they are now and in the empty landlord. */
  readonly #base = new Map<string, string>();
  readonly #pristine = new Map<string, string>();
  readonly #columns = new Map<string, string>();
  #strategy = "";

  private constructor(connection: DuckDBConnection, models: readonly OrderedModel[]) {
    this.#connection = connection;
    this.#models = models;
  }

  /** Opens the database with everything that stands before the first model. */
  static async open(): Promise<SpecWarehouse> {
    const { connection } = await openEmptyLandlord("", "2024-12-31", { threads: 1 });
    await connection.run("create schema kept");
    const warehouse = new SpecWarehouse(connection, await orderedModels());
    await warehouse.#describeModels();
    warehouse.#strategy = keyOfStrategy({ strategy: "", asOf: "2024-12-31" });
    await warehouse.#describeBase();
    return warehouse;
  }

  /** Makes everything stand that the case expects rows of, and holds the checks of every model on the way. */
  async arrange(spec: SpecCase): Promise<DuckDBConnection> {
    const given = new Map(spec.given.map((table) => [table.table, table]));
    const cut = this.#models.map((model) => (given.has(model.id) ? { ...model, reads: [] } : model));
    const expected = spec.expected.map(({ table }) => table);
    const { needed, others } = splitByNeed(cut, expected);
    await this.#arrangeStrategy(spec);
    await this.#arrangeBase(given);
    const strategy = strategyOfCase(spec.strategy);
    const context = { connection: this.#connection, strategy, asOf: spec.asOf };
    for (const model of needed) {
      const rows = given.get(model.id);
      if (rows !== undefined) {
        await this.#give(model, rows);
      } else {
        const parts = model.reads.map((table) => `${table} ${this.#contentOf(table)}`);
        if (model.kind === "computed") parts.push(this.#strategy);
        const key = hash([model.query, ...parts]);
        if (this.#standing.get(model.id)?.key === key) continue;
        if (await this.#restore(model, key)) continue;
        // A program must find no table that its model does not name: those of other cases go.
        if (model.kind === "computed") for (const other of others) await this.#drop(other);
        await this.#drop(model);
        await this.#build(model, key, context);
      }
    }
    return this.#connection;
  }

  async #describeModels(): Promise<void> {
    for (const { id, query } of this.#models) {
      const described = await queryRows(
        this.#connection,
        `describe ${query}`,
        z.object({ column_name: z.string(), column_type: z.string() }),
      );
      const columns = described.map(
        ({ column_name, column_type }) => `${quoteName(column_name)} ${column_type}`,
      );
      this.#columns.set(id, columns.join(", "));
      await this.#connection.run(`create table ${id} (${columns.join(", ")})`);
    }
    for (const { id } of this.#models) await this.#connection.run(`drop table ${id}`);
  }

  async #describeBase(): Promise<void> {
    const tables = await queryRows(
      this.#connection,
      "select schema_name || '.' || table_name as id from duckdb_tables() where schema_name <> 'kept' order by all",
      z.object({ id: z.string() }),
    );
    await this.#readBase(tables.map(({ id }) => id));
  }

  async #readBase(tables: readonly string[]): Promise<void> {
    for (const [table, content] of await this.#readContents(tables)) {
      this.#base.set(table, content);
      this.#pristine.set(table, content);
    }
  }

  async #arrangeStrategy(spec: SpecCase): Promise<void> {
    const key = keyOfStrategy(spec);
    if (key === this.#strategy) return;
    await this.#connection.run("drop schema strategy cascade");
    await loadStrategy(this.#connection, strategyOfCase(spec.strategy), spec.asOf);
    this.#strategy = key;
    await this.#readBase([...this.#base.keys()].filter((table) => table.startsWith("strategy.")));
  }

  async #arrangeBase(given: ReadonlyMap<string, SpecTable>): Promise<void> {
    for (const [table, content] of this.#base) {
      const rows = given.get(table);
      const pristine = this.#pristine.get(table) ?? "";
      if (rows === undefined && content === pristine) continue;
      if (content !== pristine) {
        await this.#connection.run(`delete from ${table}`);
        await this.#connection.run(`insert into ${table} from kept."${pristine}"`);
        this.#base.set(table, pristine);
      }
      if (rows === undefined) continue;
      await this.#keep(table, pristine);
      await this.#insert(rows);
      this.#base.set(table, await this.#readContent(table));
    }
    const unknown = [...given.keys()].find(
      (table) => !this.#base.has(table) && !this.#models.some(({ id }) => id === table),
    );
    if (unknown !== undefined) throw new Error(`${unknown} is no table that a case can give`);
  }

  async #give(model: OrderedModel, rows: SpecTable): Promise<void> {
    await this.#drop(model);
    await this.#connection.run(`create table ${model.id} (${this.#columns.get(model.id)})`);
    this.#standing.set(model.id, { kind: "table", key: UNVERIFIED, content: UNVERIFIED });
    await this.#insert(rows);
    await this.#verify(model);
    this.#standing.set(model.id, { kind: "table", key: "given", content: await this.#readContent(model.id) });
  }

  async #restore(model: OrderedModel, key: string): Promise<boolean> {
    const content = this.#built.get(key);
    if (content === undefined) return false;
    const kind = model.kind === "view" ? "view" : "table";
    const standing = this.#standing.get(model.id);
    if (standing?.kind !== kind || (kind === "table" && standing.content !== content)) {
      await this.#drop(model);
      const source = kind === "view" ? model.query : `from kept."${content}"`;
      await this.#connection.run(`create ${kind} ${model.id} as ${source}`);
    }
    this.#standing.set(model.id, { kind, key, content });
    return true;
  }

  async #build(model: OrderedModel, key: string, context: ProgramContext): Promise<void> {
    const kind = model.kind === "view" ? "view" : "table";
    this.#standing.set(model.id, { kind, key: UNVERIFIED, content: UNVERIFIED });
    await buildModels(context, [model], programsOf(context));
    await this.#verify(model);
    const content = kind === "view" ? key : await this.#readContent(model.id);
    if (kind === "table") await this.#keep(model.id, content);
    this.#standing.set(model.id, { kind, key, content });
    this.#built.set(key, content);
  }

  async #keep(table: string, content: string): Promise<void> {
    if (this.#kept.has(content)) return;
    await this.#connection.run(`create table kept."${content}" as from ${table}`);
    this.#kept.add(content);
  }

  async #drop(model: OrderedModel): Promise<void> {
    const standing = this.#standing.get(model.id);
    if (standing === undefined) return;
    await this.#connection.run(`drop ${standing.kind} if exists ${model.id}`);
    this.#standing.delete(model.id);
  }

  async #verify(model: OrderedModel): Promise<void> {
    const [failure] = await verifyModel(this.#connection, model);
    if (failure === undefined) return;
    throw new Error(`${model.id}: check "${failure.check}" fails: ${failure.sample.join("; ")}`);
  }

  async #insert(given: SpecTable): Promise<void> {
    const values = given.rows.map(
      (row) => `(${row.map((cell) => (cell === null ? "null" : quoteText(cell))).join(", ")})`,
    );
    if (values.length === 0) return;
    const names = given.columns.map(quoteName).join(", ");
    await this.#connection.run(`insert into ${given.table} (${names}) values ${values.join(", ")}`);
  }

  #contentOf(table: string): string {
    const content = this.#base.get(table) ?? this.#standing.get(table)?.content;
    if (content === undefined) throw new Error(`${table} does not stand`);
    return content;
  }

  async #readContent(table: string): Promise<string> {
    return (await this.#readContents([table])).get(table) ?? "";
  }

  /** A hash of the rows of each table, in the order in which they stand. */
  async #readContents(tables: readonly string[]): Promise<Map<string, string>> {
    const rows = tables.map(
      (table) =>
        `select ${quoteText(table)} as id, md5(string_agg(hash(whole)::varchar || whole::varchar, chr(10))) as rows from ${table} as whole`,
    );
    const found = await queryRows(this.#connection, rows.join(" union all "), contentRow);
    return new Map(found.map(({ id, rows }) => [id, hash([id, rows ?? ""])]));
  }
}

function keyOfStrategy({ strategy, asOf }: Pick<SpecCase, "strategy" | "asOf">): string {
  return hash([strategy, asOf]);
}

function hash(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
