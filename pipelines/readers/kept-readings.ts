import { createHash, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { chmod, copyFile, link, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { PROJECT } from "../project.ts";
import { sourceDigest } from "../source-digest.ts";
import { fileDigest } from "./file-digest.ts";
import { copyParquet } from "./parquet.ts";
import type { DeliveredFile, StagedFile } from "./reader.ts";

/** What one reading came to, beside the staged text itself. */
const READING = "reading.json";

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** A staged file without what names it in one night. Text files are told by their digests, in their order. */
const readingSchema = z.strictObject({
  encoding: z.enum(["utf-8", "iso-8859-15", "windows-1252"]).nullable(),
  columns: z.array(z.string()),
  rowsRead: z.int(),
  malformedRows: z.int(),
  malformed: digest.nullable(),
  scan: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("parquet"), texts: z.array(z.string()) }),
    z.strictObject({
      kind: z.literal("text"),
      parts: z.array(digest),
      separator: z.string(),
      quote: z.string(),
      longestRecord: z.int(),
      texts: z.array(z.string()).optional(),
    }),
  ]),
});

type Reading = z.infer<typeof readingSchema>;

/** A file looked for: under which key, and what was found. */
export interface Sought {
  readonly key: string;
  readonly staged: StagedFile | undefined;
}

/**
 * What the files of the inbox were read into, kept from night to night in a folder of the workspace: one folder a reading,
 * named by the content of the file (all of it), what its feed says of the format, and the version of the readers. A reading
 * comes there by one rename; nothing of it is used before every byte has been compared with its digest. The folder holds what
 * the inbox holds, for its owner only, and may be deleted at any time: a night stages links of its own.
 *
 * Of Parquet only what was found by looking into it is kept; the file itself is staged again.
 */
export class KeptReadings {
  readonly #folder: string;
  readonly #version: string;
  readonly #tell: (line: string) => void;
  readonly #used = new Set<string>();

  private constructor(folder: string, version: string, tell: (line: string) => void) {
    this.#folder = folder;
    this.#version = version;
    this.#tell = tell;
  }

  /**
   * Opens the readings in `folder`, which is made where it is missing; whoever opens it holds the workspace.
   *
   * @param tell is told, in one line, of a reading that is damaged or cannot be kept.
   */
  static async open(folder: string, tell: (line: string) => void, version?: string): Promise<KeptReadings> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    return new KeptReadings(folder, version ?? (await readerVersion()), tell);
  }

  /** Looks for what the same content was read into, and stages that. Reads the whole file, to digest it. */
  async find(delivered: DeliveredFile, stagingFolder: string): Promise<Sought> {
    const { fileId, feedName, file, feed } = delivered;
    const source = feed.format === "parquet" ? await copyParquet(delivered, stagingFolder) : delivered.path;
    const { bytes, sha256 } = await fileDigest(source);
    const key = this.#keyOf(delivered, sha256);
    const kept = await this.#stage(key, delivered, stagingFolder);
    if (kept === undefined) return { key, staged: undefined };
    this.#used.add(key);
    const { encoding, columns, rowsRead, malformedRows, malformed, scan } = kept;
    const place = (name: string) => join(stagingFolder, `${fileId}.${name}`);
    const staged: StagedFile = {
      ...{ fileId, feedName, file, bytes, sha256, encoding, columns, rowsRead, malformedRows },
      malformedPath: malformed === null ? null : place(MALFORMED),
      scan:
        scan.kind === "parquet"
          ? { kind: "parquet", path: source, texts: scan.texts }
          : {
              kind: "text",
              paths: scan.parts.map((_, index) => place(partName(index))),
              separator: scan.separator,
              quote: scan.quote,
              longestRecord: scan.longestRecord,
              ...(scan.texts === undefined ? {} : { texts: scan.texts }),
            },
    };
    return { key, staged };
  }

  /** Keeps what a file was read into. A night does without where that fails. */
  async keep(delivered: DeliveredFile, staged: StagedFile): Promise<void> {
    const key = this.#keyOf(delivered, staged.sha256);
    const scratch = join(this.#folder, `${SCRATCH}${randomUUID()}`);
    try {
      await mkdir(scratch, { recursive: true, mode: 0o700 });
      await writeReading(scratch, staged);
      const entry = join(this.#folder, key);
      // What stands there was found damaged, or is the same.
      await rm(entry, { recursive: true, force: true });
      await rename(scratch, entry);
      this.#used.add(key);
    } catch (error) {
      await rm(scratch, { recursive: true, force: true }).catch(() => undefined);
      this.#tell(
        `inbox/${delivered.file}: what was read of it cannot be kept, and is read again next time: ${messageOf(error)}`,
      );
    }
  }

  /** Deletes the readings of which no file of this night was one, and what killed nights left. */
  async prune(): Promise<void> {
    try {
      for (const name of await readdir(this.#folder))
        if (!this.#used.has(name)) await rm(join(this.#folder, name), { recursive: true, force: true });
    } catch (error) {
      this.#tell(`what earlier nights kept of their files cannot be deleted: ${messageOf(error)}`);
    }
  }

  #keyOf({ feed, file }: DeliveredFile, sha256: string): string {
    const { files, delivered_on, delivery, full_by, optional_columns, ...format } = feed;
    // By this ending, too, a file is taken for gzip.
    const what = [this.#version, sha256, format, file.endsWith(".gz")];
    return createHash("sha256").update(JSON.stringify(what)).digest("hex");
  }

  /** Stages the files of a reading; undefined where there is none, or one that is damaged. */
  async #stage(
    key: string,
    { fileId, file }: DeliveredFile,
    stagingFolder: string,
  ): Promise<Reading | undefined> {
    const entry = join(this.#folder, key);
    const staged: string[] = [];
    const fetch = async (name: string, expected: string) => {
      const path = join(stagingFolder, `${fileId}.${name}`);
      staged.push(path);
      await linkOrCopy(join(entry, name), path);
      if ((await fileDigest(path)).sha256 !== expected) throw new Error(`${name} is damaged`);
    };
    try {
      const reading = await loadReading(entry);
      if (reading === undefined) return undefined;
      if (reading.malformed !== null) await fetch(MALFORMED, reading.malformed);
      if (reading.scan.kind === "text")
        for (const [index, expected] of reading.scan.parts.entries()) await fetch(partName(index), expected);
      return reading;
    } catch {
      this.#tell(`inbox/${file}: what an earlier night kept of it is damaged: it is read again`);
      for (const path of staged) await rm(path, { force: true });
      // Where it cannot be deleted it is found damaged again, and no night the worse for it.
      await rm(entry, { recursive: true, force: true }).catch(() => undefined);
      return undefined;
    }
  }
}

const SCRATCH = "scratch-";
const MALFORMED = "malformed.csv";

function partName(index: number): string {
  return `part-${index + 1}.csv`;
}

/** What a reading depends on beside the file and its feed: the readers themselves, the packages and the runtime they use. */
async function readerVersion(): Promise<string> {
  const sources = await sourceDigest(PROJECT, ["pipelines/readers/**", "package-lock.json"]);
  return `${sources} ${process.version}`;
}

async function writeReading(folder: string, staged: StagedFile): Promise<void> {
  const keep = async (path: string, name: string) => {
    const kept = join(folder, name);
    await linkOrCopy(path, kept);
    return (await fileDigest(kept)).sha256;
  };
  const { encoding, columns, rowsRead, malformedRows, malformedPath, scan } = staged;
  const malformed = malformedPath === null ? null : await keep(malformedPath, MALFORMED);
  const parts: string[] = [];
  if (scan.kind === "text")
    for (const [index, path] of scan.paths.entries()) parts.push(await keep(path, partName(index)));
  const common = { encoding, columns: [...columns], rowsRead, malformedRows, malformed };
  const reading: Reading =
    scan.kind === "parquet"
      ? { ...common, scan: { kind: "parquet", texts: [...scan.texts] } }
      : {
          ...common,
          scan: {
            kind: "text",
            parts,
            separator: scan.separator,
            quote: scan.quote,
            longestRecord: scan.longestRecord,
            ...(scan.texts === undefined ? {} : { texts: [...scan.texts] }),
          },
        };
  const text = JSON.stringify(reading);
  await writeFile(join(folder, READING), `${textDigest(text)}\n${text}`);
}

async function loadReading(folder: string): Promise<Reading | undefined> {
  let written: string;
  try {
    written = await readFile(join(folder, READING), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  const end = written.indexOf("\n");
  const text = written.slice(end + 1);
  if (written.slice(0, end) !== textDigest(text)) throw new Error(`${READING} is damaged`);
  return readingSchema.parse(JSON.parse(text));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function textDigest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The same file under another name; a copy where the file system knows no such names. */
async function linkOrCopy(path: string, other: string): Promise<void> {
  try {
    await link(path, other);
  } catch {
    await copyFile(path, other, constants.COPYFILE_FICLONE);
  }
}
