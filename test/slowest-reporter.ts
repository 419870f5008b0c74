import type { Reporter, TestModule } from "vitest/node";

const TOLD = 30;

/**
 * Tells at the end of a run which 30 tests took longest. What a file does before and after its tests (nights, landlords,
 * compilations) is told as one line of its own.
 */
export default class SlowestReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const timed = modules.flatMap(timedTests).sort((a, b) => b.milliseconds - a.milliseconds);
    if (timed.length <= 1) return;
    console.log(`\nThe slowest ${Math.min(TOLD, timed.length)} of ${timed.length} tests:`);
    for (const { milliseconds, name } of timed.slice(0, TOLD))
      console.log(`${(milliseconds / 1000).toFixed(1).padStart(8)} s  ${name}`);
  }
}

interface Timed {
  readonly milliseconds: number;
  readonly name: string;
}

function timedTests(module: TestModule): Timed[] {
  const tests = [...module.children.allTests()].map((test) => ({
    milliseconds: test.diagnostic()?.duration ?? 0,
    name: `${module.relativeModuleId} > ${test.fullName}`,
  }));
  const inTests = tests.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const around = module.diagnostic().duration - inTests;
  return [...tests, { milliseconds: around, name: `${module.relativeModuleId}, before and after its tests` }];
}
