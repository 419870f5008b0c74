import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { runSpecCase } from "./run-spec.ts";
import { parseSpec } from "./spec-file.ts";

/** Makes each case of a specification, a Markdown file beside its model, a test. */
export function testSpec(file: string): void {
  describe(file, () => {
    test.each(parseSpec(readFileSync(file, "utf8"), file))("$title", async (spec) => {
      for (const outcome of await runSpecCase(spec)) {
        expect(outcome.found, outcome.table).toEqual(outcome.expected);
      }
    });
  });
}
