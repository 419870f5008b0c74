import { relative } from "node:path";
import { defineConfig, type TestProjectConfiguration } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * The kinds of tests, in the order in which they start. A file says its kind before `.test.ts`, and is a unit test where it
 * says none; a specification is the Markdown file beside its model. What takes minutes starts first: the last to start
 * would else keep one worker busy while the other has nothing left.
 */
const KINDS = ["sites", "night", "hostile", "spec", "unit"];

class LongestKindFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = (file: TestSpecification) => KINDS.indexOf(file.project.name);
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

/** Makes a specification a test file, whose tests are its cases. */
const specifications = {
  name: "specifications",
  enforce: "pre" as const,
  transform(_text: string, id: string) {
    if (!id.endsWith(".spec.md")) return undefined;
    const file = JSON.stringify(relative(import.meta.dirname, id));
    return `import { testSpec } from "/test/sql/test-spec.ts";\ntestSpec(${file});\n`;
  },
};

/** What the kinds are found by; specifications and unit tests share a process, which loads and prepares once for many. */
function project(kind: string): TestProjectConfiguration {
  const named = (other: string) => `test/**/*.${other}.test.ts`;
  if (kind === "unit") {
    const test = { name: kind, include: ["test/**/*.test.ts"], exclude: KINDS.map(named), isolate: false };
    return { extends: true, test };
  }
  if (kind === "spec") {
    const test = { name: kind, include: ["sql/*/*.spec.md"], isolate: false };
    return { extends: true, plugins: [specifications], test };
  }
  return { extends: true, test: { name: kind, include: [named(kind)] } };
}

export default defineConfig({
  test: {
    projects: KINDS.map(project),
    globalSetup: "./test/run-folder.ts",
    reporters: ["default", "./test/slowest-reporter.ts"],
    // Each file on one core, since what is small is slower on several threads; one file more than two cores, since those
    // that open browsers and servers often wait.
    maxWorkers: 3,
    env: { VIGIE_THREADS: "1" },
    sequence: { sequencer: LongestKindFirst },
    // No test asserts a time: the limits end what hangs, and leave room for a slow, shared machine.
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
