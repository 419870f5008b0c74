import { readFileSync } from "node:fs";
import { format } from "sql-formatter";
import { globSync } from "tinyglobby";
import { describe, expect, test } from "vitest";

const files = globSync(["sql/*/*.sql", "data-samples/*/sources/*.sql", "pipelines/**/*.sql"]).sort();

describe.each(files)("%s", (file) => {
  const text = readFileSync(file, "utf8");
  const lines = text.split("\n");
  const code = lines.filter((line) => !line.trimStart().startsWith("--"));

  test("keywords, functions and types are lower case", () => {
    const options = {
      language: "duckdb",
      keywordCase: "lower",
      functionCase: "lower",
      dataTypeCase: "lower",
    } as const;
    const squeeze = (sql: string) => sql.replaceAll(/\s+/g, "");
    expect(squeeze(code.join("\n"))).toBe(squeeze(format(code.join("\n"), options)));
  });

  test("the layout is the house's: four spaces, no tab, no trailing space, commas at the end, at most 140 columns", () => {
    const broken = lines
      .map((line, i) => ({ line, place: `${file}:${i + 1}` }))
      .filter(
        ({ line }) =>
          /\t|\s$/.test(line) ||
          (!line.startsWith("--") &&
            (/^ *,/.test(line) || line.length > 140 || (/^ */.exec(line)?.[0].length ?? 0) % 4 !== 0)),
      );
    expect(broken).toEqual([]);
    expect(text.endsWith("\n") && !text.endsWith("\n\n")).toBe(true);
  });

  if (!file.startsWith("sql/")) return;
  test("the last line selects the last step", () => {
    const steps = [...text.matchAll(/^([a-z_0-9]+) as (?:not materialized )?\($/gm)].map((match) => match[1]);
    const [last] = lines.filter((line) => line !== "").slice(-1);
    if (steps.length > 0) expect(last).toBe(`select * from ${steps.at(-1)}`);
  });
});
