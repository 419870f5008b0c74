import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { glob } from "tinyglobby";

/**
 * SHA-256, in hexadecimal, of the names and contents of the files below `folder` that match `patterns`: it tells one version of a
 * program from another without a number that somebody forgets to raise.
 */
export async function sourceDigest(folder: string, patterns: readonly string[]): Promise<string> {
  const files = await glob([...patterns], { cwd: folder, dot: true });
  const hash = createHash("sha256");
  for (const file of files.sort()) hash.update(`\n${file}\n`).update(await readFile(join(folder, file)));
  return hash.digest("hex");
}
