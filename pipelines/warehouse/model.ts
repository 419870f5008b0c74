import { readFile } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { glob } from "tinyglobby";
import { parse as parseYaml } from "yaml";
import { z } from "zod";

const indicatorSchema = z.strictObject({
  family: z.enum([
    "recovery",
    "arrears",
    "departed",
    "ageing",
    "flows",
    "fees",
    "conduct",
    "plans",
    "social",
    "cost",
    "productivity",
    "freshness",
  ]),
  position: z.int(),
  headline: z.boolean().default(false),
  label_fr: z.string(),
  unit: z.enum(["ratio", "days", "euros", "count", "number"]),
  good_direction: z.enum(["up", "down"]),
  perimeter: z.enum(["present", "departed", "both"]),
  formula_fr: z.string(),
});

/** What a model's header says of one indicator: the row of `kpi.indicator`. */
export type IndicatorDefinition = z.infer<typeof indicatorSchema>;

export interface ModelColumn {
  readonly name: string;
  readonly description: string;
}

/** A table whose rows count from a day on. */
export interface Crossing {
  readonly table: string;
  /** The SQL expression, over the table's columns, of that day. */
  readonly on: string;
}

/** A restricted table of which a model's rows tell totals only, and why no household can be told apart in them. */
export interface Release {
  readonly table: string;
  readonly reason: string;
}

/** One file of `sql/`: its header, read strictly, and its query. */
export interface Model {
  readonly schema: string;
  readonly name: string;
  /** `schema.name` */
  readonly id: string;
  /** Path below the project, for messages. */
  readonly file: string;
  /** A computed table's query gives its columns, and no row: a program of `pipelines/programs.ts` fills it. */
  readonly kind: "table" | "view" | "computed";
  readonly description: string;
  readonly grain: readonly string[];
  /**
   * The key by which its rows are found alone: those of some leases from these leases' rows of what it reads, and from tables
   * without leases. Said in the header, and proven from the query (`per-lease.ts`).
   */
  readonly per: "lease_id" | undefined;
  /**
   * The dates by which the as-of date cuts what it reads, and nothing else: a row of the table counts once its date has
   * come. Where only the as-of date changed, the rows dated between both nights tell which leases differ.
   */
  readonly crosses: readonly Crossing[];
  readonly columns: readonly ModelColumn[];
  /** Boolean SQL expressions that must hold (or be unknown) on every row. */
  readonly checks: readonly string[];
  readonly releases: readonly Release[];
  readonly indicators: ReadonlyMap<string, IndicatorDefinition>;
  /** The tables that the program of a computed table reads. */
  readonly from: readonly string[];
  readonly query: string;
}

/** A model whose header or query breaks the rules of the house: a defect of vigie, never of the user. */
export class ModelError extends Error {
  constructor(file: string, message: string) {
    super(`${file}: ${message}`);
    this.name = "ModelError";
  }
}

/** Reads every model of a folder laid out as `<schema>/<name>.sql`, in the order of their names. */
export async function readModels(folder: string): Promise<Model[]> {
  const files = (await glob("*/*.sql", { cwd: folder })).sort();
  return Promise.all(
    files.map(async (file) =>
      parseModel(await readFile(join(folder, file), "utf8"), join(basename(folder), file)),
    ),
  );
}

/**
 * Reads one model. The header is the unbroken run of `--` lines at the top: a description, then
 * `grain:` and `columns:`, and optionally `kind:`, `from:` (of a computed table), `per:`, `indicators:`, `checks:` and
 * `releases:`, whose items are indented.
 *
 * @throws ModelError when a section is missing, unknown or empty.
 */
export function parseModel(text: string, file: string): Model {
  const lines = text.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("--"));
  const header = lines.slice(0, end).map((line) => line.slice(2).replace(/^ /, "").trimEnd());
  const description: string[] = [];
  const sections = new Map<string, string[]>();
  let current: string[] = description;
  for (const line of header) {
    const opening = /^([a-z]+):(.*)$/.exec(line);
    if (opening?.[1] !== undefined && SECTIONS.has(opening[1])) {
      current = opening[2]?.trim() ? [opening[2].trim()] : [];
      sections.set(opening[1], current);
    } else {
      current.push(line);
    }
  }
  const schema = relative(".", dirname(file)).split(sep).at(-1) ?? "";
  const name = basename(file, ".sql");
  const items = (section: string) => (sections.get(section) ?? []).map((item) => item.trim()).filter(Boolean);
  const grain = items("grain")
    .join(" ")
    .split(",")
    .map((column) => column.trim())
    .filter(Boolean);
  const kind = items("kind")[0] ?? "table";
  if (kind !== "table" && kind !== "view" && kind !== "computed")
    throw new ModelError(file, `kind is "${kind}", not table, view or computed`);
  const from = items("from").flatMap((item) =>
    item
      .split(",")
      .map((table) => table.trim())
      .filter(Boolean),
  );
  if ((kind === "computed") !== from.length > 0)
    throw new ModelError(file, "a computed table, and no other, says under from: what its program reads");
  const [per] = items("per");
  if (per !== undefined && per !== "lease_id") throw new ModelError(file, `per is "${per}", not lease_id`);
  if (description.join("").trim() === "") throw new ModelError(file, "the header begins with no description");
  if (grain.length === 0) throw new ModelError(file, "the header has no grain");
  const columns = items("columns").map((item) => {
    const parts = /^(\S+)\s{2,}(.+)$/.exec(item);
    if (parts?.[1] === undefined || parts[2] === undefined) {
      throw new ModelError(file, `the header's column "${item}" is not "name  description"`);
    }
    return { name: parts[1], description: parts[2] };
  });
  const releases = items("releases").map((item) => {
    const parts = /^(\S+)\s{2,}(.+)$/.exec(item);
    if (parts?.[1] === undefined || parts[2] === undefined) {
      throw new ModelError(
        file,
        `the header's release "${item}" is not "table  why no household is told apart"`,
      );
    }
    return { table: parts[1], reason: parts[2] };
  });
  if (columns.length === 0) throw new ModelError(file, "the header documents no column");
  return {
    schema,
    name,
    id: `${schema}.${name}`,
    file,
    kind,
    description: description.join(" ").trim(),
    grain,
    per,
    crosses: items("crosses").map((item) => parseCrossing(item, file)),
    columns,
    checks: items("checks"),
    releases,
    indicators: parseIndicators(sections.get("indicators"), file),
    from,
    query: lines.slice(end).join("\n").trim(),
  };
}

const SECTIONS = new Set([
  "grain",
  "per",
  "crosses",
  "kind",
  "from",
  "columns",
  "checks",
  "indicators",
  "releases",
]);

function parseCrossing(item: string, file: string): Crossing {
  const parts = /^(\S+)\s{2,}(.+)$/.exec(item);
  if (parts?.[1] === undefined || parts[2] === undefined)
    throw new ModelError(
      file,
      `the header's crossing "${item}" is not "table  date from which its rows count"`,
    );
  return { table: parts[1], on: parts[2] };
}

function parseIndicators(section: string[] | undefined, file: string): Map<string, IndicatorDefinition> {
  if (section === undefined) return new Map();
  const parsed = z
    .record(z.string(), indicatorSchema)
    .safeParse(parseYaml(section.join("\n"), { merge: true }));
  if (!parsed.success) throw new ModelError(file, `indicators: ${z.prettifyError(parsed.error)}`);
  return new Map(Object.entries(parsed.data));
}
