import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** The figures of each model of a peer, or why there are none. */
export type PeerFigures = readonly Readonly<Record<string, unknown>>[] | { readonly skipped: string };

/** Runs the peer's program on two CSV files; it prints a JSON line a model. */
export function runPeer(
  { python, program }: { readonly python: string; readonly program: string },
  train: string,
  test: string,
): PeerFigures {
  const run = spawnSync(python, [program, train, test], { encoding: "utf8", maxBuffer: 2 ** 24 });
  if (run.error !== undefined) return { skipped: run.error.message };
  if (run.status !== 0) return { skipped: run.stderr.trim().split("\n").at(-1) ?? `exit ${run.status}` };
  return run.stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => Object(JSON.parse(line)));
}

/** A CSV file with a header and a score of each test row: a column a model. */
export function readPeerScores(path: string, rows: number): Map<string, Float64Array> {
  const [header = "", ...lines] = readFileSync(path, "utf8").trimEnd().split(/\r?\n/);
  if (lines.length !== rows) throw new Error(`${path} has ${lines.length} scores for ${rows} test rows`);
  const cells = lines.map((line) => line.split(","));
  return new Map(
    header.split(",").map((name, column) => [name, Float64Array.from(cells, (row) => Number(row[column]))]),
  );
}
