import fc from "fast-check";
import { expect, test } from "vitest";
import { leastWithin } from "../../../models/household-risk/quadratic.ts";

const number = fc.double({ min: -3, max: 3, noNaN: true });

test("no coordinate that may move would gain by moving, and none is negative that may not be", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 7 }).chain((size) =>
        fc.record({
          root: fc.array(number, { minLength: size * size, maxLength: size * size }),
          gradient: fc.array(number, { minLength: size, maxLength: size }),
          from: fc.array(fc.double({ min: 0, max: 2, noNaN: true }), { minLength: size, maxLength: size }),
          held: fc.array(fc.boolean(), { minLength: size, maxLength: size }),
        }),
      ),
      ({ root, gradient, from, held }) => {
        const size = gradient.length;
        const at = (row: number, column: number): number =>
          Number(row === column) / 2 +
          gradient.reduce(
            (sum, _, inner) => sum + (root[row * size + inner] ?? 0) * (root[column * size + inner] ?? 0),
            0,
          );
        const curvature = Float64Array.from({ length: size * size }, (_, place) =>
          at(Math.floor(place / size), place % size),
        );
        const point = leastWithin(
          curvature,
          Float64Array.from(gradient),
          Float64Array.from(from),
          Uint8Array.from(held, Number),
        );
        for (const [row, start] of gradient.entries()) {
          const slope = point.reduce(
            (sum, value, column) => sum + at(row, column) * (value - (from[column] ?? 0)),
            start,
          );
          const value = point[row] ?? Number.NaN;
          if (held[row] === true) {
            expect(value).toBeGreaterThanOrEqual(0);
            expect(slope).toBeGreaterThan(-1e-4);
          }
          if (held[row] === false || value > 0) expect(Math.abs(slope)).toBeLessThan(1e-4);
        }
      },
    ),
    { seed: 20_261_115, numRuns: 300 },
  );
});
