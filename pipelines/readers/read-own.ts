import type { Feed } from "../strategy/strategy.ts";
import { readCamt } from "./camt.ts";
import { readCfonb120 } from "./cfonb120.ts";
import { readDelimited } from "./delimited.ts";
import { readFec } from "./fec.ts";
import { readPain002 } from "./pain002.ts";
import type { Reader } from "./reader.ts";
import { readXlsx } from "./xlsx.ts";

/** The reader of each format that our own code cuts into rows: one core a file. DuckDB reads Parquet itself. */
const READERS: Record<Exclude<Feed["format"], "parquet">, Reader> = {
  delimited: (delivered, stagingFolder) => readDelimited(delivered, stagingFolder),
  xlsx: readXlsx,
  fec: (delivered, stagingFolder) => readFec(delivered, stagingFolder),
  cfonb120: (delivered, stagingFolder) => readCfonb120(delivered, stagingFolder),
  camt: (delivered, stagingFolder) => readCamt(delivered, stagingFolder),
  pain002: (delivered, stagingFolder) => readPain002(delivered, stagingFolder),
};

/** Reads a file that is no Parquet by the reader of its feed's format (a Reader). */
export const readOwnFormat: Reader = (delivered, stagingFolder) => {
  const { format } = delivered.feed;
  if (format === "parquet") throw new Error(`${delivered.file}: Parquet is not cut into rows here`);
  return READERS[format](delivered, stagingFolder);
};
