import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of this run of the tests, for what its files share; it goes when the run ends. */
    runFolder: string;
  }
}

/** Gives all test files of a run one folder for what they share. */
export default function setup(project: TestProject): () => Promise<void> {
  const folder = join(tmpdir(), `vigie-tests-${process.pid}`);
  project.provide("runFolder", folder);
  return () => rm(folder, { recursive: true, force: true });
}
