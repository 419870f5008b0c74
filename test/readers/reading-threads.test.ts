import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, inject, test } from "vitest";
import { KeptReadings } from "../../pipelines/readers/kept-readings.ts";
import { readOwnFormat } from "../../pipelines/readers/read-own.ts";
import type { DeliveredFile, Reader } from "../../pipelines/readers/reader.ts";
import { startReadingThreads } from "../../pipelines/readers/reading-threads.ts";
import { stageFiles } from "../../pipelines/readers/stage.ts";
import type { Feed } from "../../pipelines/strategy/strategy.ts";
import { UserError } from "../../pipelines/user-error.ts";
import { feedWith } from "./feed-with.ts";

mkdirSync(inject("runFolder"), { recursive: true });
const root = mkdtempSync(join(inject("runFolder"), "threads-"));
const SAMPLES = new URL("../../data-samples/formats/", import.meta.url);

const threads = startReadingThreads(1);
const [inThread = readOwnFormat] = threads.readers;

afterAll(() => threads.end());

/** A delivered file, number 1 unless told, with these bytes. */
function delivered(bytes: string | Uint8Array, keys: Partial<Feed> = {}, fileId = 1): DeliveredFile {
  const path = join(mkdtempSync(join(root, "inbox-")), `${fileId}.dat`);
  writeFileSync(path, bytes);
  return { fileId, feedName: "ledger", feed: feedWith(keys), file: `${fileId}.dat`, path };
}

/** What a reader gives, paths below its staging folder, and every byte that it leaves there. */
async function leftBy(read: Reader, file: DeliveredFile) {
  const staging = mkdtempSync(join(root, "staging-"));
  const staged = await read(file, staging);
  const files = readdirSync(staging).sort();
  return {
    staged: JSON.parse(JSON.stringify(staged).replaceAll(staging, "")),
    files: files.map((name) => [name, readFileSync(join(staging, name), "latin1")]),
  };
}

describe("a file read in a thread", () => {
  test.each<[string, Partial<Feed>]>([
    ["semicolon-windows-1252.csv", {}],
    ["pipe-utf-8.csv.gz", {}],
    ["malformed.csv", {}],
    ["fec-tab-utf-8.txt", { format: "fec" }],
    ["cfonb120.txt", { format: "cfonb120" }],
    ["camt053-08.xml", { format: "camt" }],
    ["pain002.xml", { format: "pain002" }],
    ["ledger.xlsx", { format: "xlsx", header_row: 3, header_rows: 2 }],
  ])("is staged to the byte as it is here: %s", async (name, keys) => {
    const file = delivered(readFileSync(new URL(name, SAMPLES)), keys);
    expect(await leftBy(inThread, file)).toEqual(await leftBy(readOwnFormat, file));
  });

  test("is refused in the same words, and the next is read", async () => {
    const file = delivered("<Document>", { format: "camt" });
    const errors = await Promise.all(
      [inThread, readOwnFormat].map((read) => leftBy(read, file).catch((error: unknown) => error)),
    );
    for (const error of errors) expect(error).toBeInstanceOf(UserError);
    const [there, here] = errors as UserError[];
    expect({ ...there, message: there?.message }).toEqual({ ...here, message: here?.message });
    expect(await leftBy(inThread, delivered("a;b\n1;2\n"))).toMatchObject({ staged: { rowsRead: 1 } });
  });
});

describe("a thread that ends while it reads is an error that names the file and none of the user's", () => {
  test.each([
    ["throws", "throw new Error('broken')", "failed: Error: broken"],
    ["exits", "process.exit(0)", "ended early (0)"],
    ["leaves a promise to fail", "Promise.reject(new Error('lost'))", "failed: Error: lost"],
  ])("when it %s", async (_, fault, message) => {
    const program = join(mkdtempSync(join(root, "program-")), "thread.mjs");
    const source = `import { parentPort } from "node:worker_threads";\nparentPort.on("message", () => { ${fault} });\n`;
    writeFileSync(program, source);
    const pool = startReadingThreads(1, new URL(`file://${program}`));
    try {
      const [read = readOwnFormat] = pool.readers;
      const file = delivered("a;b\n1;2\n");
      const first: unknown = await read(file, root).catch((error: unknown) => error);
      expect(first).toBeInstanceOf(Error);
      expect(first).not.toBeInstanceOf(UserError);
      expect(first).toMatchObject({
        message: expect.stringContaining(`the thread that read inbox/1.dat ${message}`),
      });
      // It is not waited for again.
      await expect(read(file, root)).rejects.toThrow("the thread that read inbox/1.dat ended early");
    } finally {
      await pool.end();
    }
  });
});

describe("an inbox large enough for two threads", () => {
  const large = `bail;montant\n${"L001;1234,56\n".repeat(1_400_000)}`;

  test("is staged in the order of its files", async () => {
    const staging = mkdtempSync(join(root, "staging-"));
    const files = [
      delivered("a;b\n1;2\n", {}, 1),
      delivered(large, {}, 2),
      delivered(`${large}L002;1\n`, {}, 3),
    ];
    const staged = await stageFiles(files, staging, { threads: 2 });
    expect(staged.map(({ fileId, rowsRead }) => [fileId, rowsRead])).toEqual([
      [1, 1],
      [2, 1_400_000],
      [3, 1_400_001],
    ]);
  });

  test("is kept as the threads read it", async () => {
    const readings = await KeptReadings.open(join(root, "readings"), (line) => {
      throw new Error(line);
    });
    const files = [delivered(large, {}, 1), delivered(`${large}L002;1\n`, {}, 2)];
    const nights = [];
    for (const threads of [2, 1]) {
      const staging = mkdtempSync(join(root, "staging-"));
      const staged = await stageFiles(files, staging, { threads, readings });
      nights.push(staged.map((file) => JSON.stringify(file).replaceAll(staging, "")));
    }
    expect(nights[1]).toEqual(nights[0]);
  });

  test("is refused for the first file, in their order, that cannot be read, however large the others", async () => {
    const staging = mkdtempSync(join(root, "staging-"));
    const spoilt = new Uint8Array([...Buffer.from("a;b\n"), 0xff]);
    const files = [
      delivered(large, {}, 1),
      delivered(spoilt, { encoding: "utf-8" }, 2),
      delivered(Buffer.concat([Buffer.from(large), spoilt]), { encoding: "utf-8" }, 3),
    ];
    await expect(stageFiles(files, staging, { threads: 2 })).rejects.toThrow(
      "inbox/2.dat:2: bytes that are not UTF-8",
    );
  });
});
