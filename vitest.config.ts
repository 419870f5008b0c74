import { relative } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * The files that take minutes, in the order in which they start; all others follow, the largest first. The last file to
 * start would else keep one worker busy for minutes while the other has nothing left. A file that compiles a site stands
 * beside one that needs none, since compiling uses both cores.
 */
const LONGEST = [
  "test/reports/managers.test.ts",
  "test/sql/models.test.ts",
  "test/nightly/kill.test.ts",
  "test/nightly/bad-input.test.ts",
  "test/nightly/published-site.test.ts",
  "test/readers/parquet.hostile.test.ts",
  "test/publish/site.test.ts",
  "test/nightly/rental.test.ts",
  "test/nightly/same-night-twice.test.ts",
  "test/reports/directors.test.ts",
  "test/reports/social-teams.test.ts",
  "test/load/deliveries.test.ts",
  "test/data-samples/rental.test.ts",
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = (file: TestSpecification) => {
      const place = LONGEST.indexOf(relative(process.cwd(), file.moduleId));
      return place === -1 ? LONGEST.length : place;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Nights, site builds and browsers take both cores: files in parallel would only starve one another.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // No test asserts a time: the limits end what hangs, and leave room for a slow, shared machine.
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
