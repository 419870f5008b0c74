import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { openDatabase, quoteText } from "../../pipelines/warehouse/connection.ts";
import { damaged, damages } from "./damage.ts";
import { everyCase } from "./hostile.ts";

const folder = mkdtempSync(join(tmpdir(), "vigie-parquet-"));
const { connection, close } = await openDatabase(":memory:", { readableFolders: [folder] });

afterAll(() => {
  close();
  rmSync(folder, { recursive: true });
});

const ROWS = `
  select 'L' || i as lease, date '2024-01-31' + i::integer as day, (i * 1.25 - 7)::decimal(12, 2) as amount,
    if(i % 3 = 0, null, 'été "' || i || '" ; ' || chr(10)) as label, i % 2 = 0 as kept
  from range(12) r(i)`;

let made = 0;
async function parquet(options: string): Promise<Buffer> {
  const path = join(folder, `made-${made++}.parquet`);
  await connection.run(`copy (${ROWS}) to ${quoteText(path)} (format parquet, ${options})`);
  return readFileSync(path);
}

const FILES = [
  await parquet("compression uncompressed"),
  await parquet("compression snappy"),
  await parquet("compression zstd"),
  await parquet("compression gzip, parquet_version v2"),
  await parquet("compression uncompressed, row_group_size 4, parquet_version v2"),
];

/** What DuckDB says of the bytes when nothing of vigie is between; its client makes the text. */
async function plainRows(bytes: Uint8Array): Promise<unknown[][]> {
  const path = join(folder, `read-${made++}.parquet`);
  writeFileSync(path, bytes);
  const read = await connection.runAndReadAll(`select * from read_parquet(${quoteText(path)})`);
  rmSync(path);
  return read.getRowsJson().map((row) => row.map((value) => (value === "" ? null : value)));
}

const delivered = fc.record({ file: fc.constantFrom(...FILES), damages: damages(["PAR1"]) });

const asText = (row: readonly unknown[]) => row.map((value) => (value === null ? null : String(value)));

const WRITTEN = (await plainRows(FILES[0] ?? Buffer.alloc(0))).map(asText);

test("10,000 Parquet files, sound or damaged: what is read is what DuckDB alone reads, or the file is refused", async () => {
  const counts = await everyCase(
    delivered,
    10_000,
    ({ file, damages }) => ({ bytes: damaged(file, damages), keys: { format: "parquet" } }),
    async ({ file, damages }, outcome) => {
      if (damages.length === 0) expect(outcome.kind).toBe("read");
      if (outcome.kind === "refused") return;
      expect(outcome.malformed).toEqual([]);
      const rows = outcome.rows.map(([, ...cells]) => asText(cells));
      // Parquet has no checksum: where damage makes another value, all that can be asked is that vigie adds nothing.
      const isAsWritten = JSON.stringify(rows) === JSON.stringify(WRITTEN);
      if (!isAsWritten) expect(rows).toEqual((await plainRows(damaged(file, damages))).map(asText));
      if (damages.length === 0) expect(isAsWritten).toBe(true);
      expect(outcome.rows.map(([line]) => line)).toEqual(rows.map((_, index) => index + 2));
    },
  );
  expect(counts.read + counts.refused).toBe(10_000);
  expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(1000);
}, 600_000);

test("a file cut anywhere is refused", async () => {
  const [file = Buffer.alloc(0)] = FILES;
  const lengths = fc.integer({ min: 0, max: file.length - 1 });
  const counts = await everyCase(
    lengths,
    250,
    (length) => ({ bytes: file.subarray(0, length), keys: { format: "parquet" } }),
    (_, outcome) => expect(outcome.kind).toBe("refused"),
  );
  expect(counts).toEqual({ read: 0, refused: 250 });
});
