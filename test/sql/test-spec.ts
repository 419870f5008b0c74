import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runSpecCase } from "./run-spec.ts";
import { parseSpec } from "./spec-file.ts";

/** Makes each case of a specification, a Markdown file beside its model, a test. */
export function testSpec(file: string): void {
  for (const spec of parseSpec(readFileSync(file, "utf8"), file)) {
    test(spec.title, async () => {
      for (const outcome of await runSpecCase(spec)) {
        expect(outcome.found, outcome.table).toEqual(outcome.expected);
      }
    });
  }
}
