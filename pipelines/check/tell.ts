import type { Comparison } from "./compare.ts";
import type { Counted } from "./tally.ts";

const SHOWN = 20;

/** The outcome of a check, for the person who asked for it: one line an indicator, then what differs. */
export function tellComparison(comparison: Comparison & { readonly asOf: string }): string[] {
  const { asOf, equal, differences, untold } = comparison;
  const differing = new Map<string, number>();
  for (const { place } of differences) {
    const indicator = place.slice(0, place.indexOf(" | "));
    differing.set(indicator, (differing.get(indicator) ?? 0) + 1);
  }
  const indicators = [...new Set([...equal.keys(), ...differing.keys()])].sort();
  const figures = [...equal.values()].reduce((sum, count) => sum + count, 0);
  return [
    `As of ${asOf}: every figure counted again from the entries.`,
    ...indicators.map((indicator) => {
      const count = differing.get(indicator);
      const told = `${String(equal.get(indicator) ?? 0).padStart(7)} equal`;
      return `  ${indicator.padEnd(40)} ${told}${count === undefined ? "" : `, ${count} DIFFERENT`}`;
    }),
    ...differences
      .slice(0, SHOWN)
      .map(
        ({ place, night, recount }) => `  ✗ ${place}: night ${tell(night)}, counted again ${tell(recount)}`,
      ),
    ...(differences.length > SHOWN ? [`  … and ${differences.length - SHOWN} more`] : []),
    ...untold.map((indicator) => `  ? ${indicator}: nothing counts it again`),
    `${figures} figures equal, ${differences.length} different, ${untold.length} indicators not counted again`,
  ];
}

function tell(figure: Counted | null): string {
  if (figure === null) return "nothing";
  const { numerator, denominator, value } = figure;
  return `${numerator ?? "—"} / ${denominator} = ${value ?? "—"}`;
}
