import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, test } from "vitest";
import { type Change, planEffect, studentQuantile } from "../../models/plan-effect/plan-effect.ts";

const changeBy = (change: number): Change => ({ before: 0.1, after: 0.1 + change });

test("the effect is the slice's own change less the mean change of the others", () => {
  const effect = planEffect(changeBy(-0.02), [changeBy(0), changeBy(0.01), changeBy(0.02)], 3);
  expect(effect.basis).toBe("difference_in_differences");
  expect(effect.effect).toBeCloseTo(-0.03, 12);
});

test("with too few others the plain change is told, without an interval", () => {
  expect(planEffect(changeBy(-0.25), [changeBy(0), changeBy(0)], 3)).toEqual({
    basis: "before_after",
    effect: -0.25,
  });
  expect(planEffect(changeBy(-0.25), [changeBy(0)], 0).basis).toBe("before_after");
});

test("the interval covers the truth in 95% of plans, whether a few others are at hand or many", () => {
  const random = xoroshiro128plus(20261115);
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - uniformFloat64(random))) * Math.cos(2 * Math.PI * uniformFloat64(random));
  const truth = -0.03;
  for (const others of [3, 5, 15]) {
    let covered = 0;
    for (let plan = 0; plan < 4000; plan++) {
      const drift = 0.02 * normal();
      const witnesses = Array.from({ length: others }, () => changeBy(drift + 0.01 * normal()));
      const effect = planEffect(changeBy(truth + drift + 0.01 * normal()), witnesses, 3);
      if (effect.basis === "difference_in_differences" && effect.low <= truth && truth <= effect.high)
        covered++;
    }
    expect(covered / 4000, `${others} others`).toBeGreaterThan(0.94);
    expect(covered / 4000, `${others} others`).toBeLessThan(0.96);
  }
});

test.each([
  [1, 12.7062],
  [4, 2.776445],
  [11, 2.200985],
  [12, 2.178813],
  [30, 2.042272],
  [120, 1.97993],
])(
  "Student's t with %i degrees of freedom has its 97.5%% quantile at %f, as printed tables say",
  (degrees, quantile) => {
    expect(Math.abs(studentQuantile(degrees) - quantile)).toBeLessThan(0.0002);
  },
);
