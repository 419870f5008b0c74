import fc from "fast-check";
import { expect, test } from "vitest";
import { factorOf } from "../../../models/household-risk/factor.ts";
import { factorRows } from "../../../models/linear-algebra/factor-rows.ts";

const SEED = 20_261_129;

/** Some roots R of symmetric, positive definite matrices R·Rᵀ + size·I, and the matrices. */
const matrices = fc
  .integer({ min: 1, max: 19 })
  .chain((size) =>
    fc.record({
      size: fc.constant(size),
      root: fc.array(fc.double({ min: -2, max: 2, noNaN: true }), {
        minLength: size * size,
        maxLength: size * size,
      }),
    }),
  )
  .map(({ size, root }) => {
    const matrix = new Float64Array(size * size);
    for (let row = 0; row < size; row++) {
      for (let column = 0; column <= row; column++) {
        let sum = row === column ? size : 0;
        for (let inner = 0; inner < size; inner++) {
          sum += (root[row * size + inner] ?? 0) * (root[column * size + inner] ?? 0);
        }
        matrix[row * size + column] = sum;
        matrix[column * size + row] = sum;
      }
    }
    return { size, matrix };
  });

/** Some of so many places, in any order. */
const someOf = (size: number) => fc.shuffledSubarray([...Array(size).keys()], { minLength: 1 });

/** L with L·Lᵀ = the matrix, one number after the other, as a textbook has it. */
function textbook(matrix: Float64Array, size: number, places: readonly number[]): Float64Array {
  const count = places.length;
  const lower = new Float64Array(count * count);
  for (const [row, at] of places.entries()) {
    for (const [column, across] of places.slice(0, row + 1).entries()) {
      let sum = matrix[at * size + across] ?? 0;
      for (let inner = 0; inner < column; inner++) {
        sum -= (lower[row * count + inner] ?? 0) * (lower[column * count + inner] ?? 0);
      }
      lower[row * count + column] =
        row === column ? Math.sqrt(sum) : sum / (lower[column * count + column] ?? 1);
    }
  }
  return lower;
}

/** The matrix of these places times a vector. */
function applied(
  { matrix, size }: { readonly matrix: Float64Array; readonly size: number },
  places: readonly number[],
  to: Float64Array,
): number[] {
  return places.map((at) =>
    places.reduce((sum, across, place) => sum + (matrix[at * size + across] ?? 0) * (to[place] ?? 0), 0),
  );
}

test("four columns at a time give the textbook's numbers bit for bit, from whatever row on", () => {
  fc.assert(
    fc.property(
      matrices.chain((of) => fc.record({ of: fc.constant(of), places: someOf(of.size), from: fc.nat() })),
      ({ of: { matrix, size }, places, from }) => {
        const count = places.length;
        const plain = textbook(matrix, size, places);
        const kept = (from % count) * count;
        const lower = new Float64Array(count * count);
        lower.set(plain.subarray(0, kept));
        factorRows({ matrix, size, places }, lower, count, from % count);
        expect(lower).toEqual(plain);
      },
    ),
    { seed: SEED, numRuns: 300 },
  );
});

test("whatever was asked before, equations are solved as by a factor made for them alone", () => {
  fc.assert(
    fc.property(
      matrices.chain((of) =>
        fc.record({ of: fc.constant(of), asked: fc.array(someOf(of.size), { minLength: 1, maxLength: 5 }) }),
      ),
      ({ of, asked }) => {
        const kept = factorOf(of.matrix, of.size);
        for (const places of asked) {
          const right = places.map((at) => at - 3);
          const solution = kept.solve(places, right);
          expect(solution).toEqual(factorOf(of.matrix, of.size).solve(places, right));
          for (const [place, value] of applied(of, places, solution).entries()) {
            expect(value).toBeCloseTo(right[place] ?? Number.NaN, 8);
          }
          expect(kept.last).toEqual(places);
        }
      },
    ),
    { seed: SEED },
  );
});

test("the diagonal of the inverse is what solving for each place alone gives there", () => {
  fc.assert(
    fc.property(
      matrices.chain((of) => fc.record({ of: fc.constant(of), places: someOf(of.size) })),
      ({ of: { matrix, size }, places }) => {
        const factor = factorOf(matrix, size);
        const diagonal = factor.inverseDiagonal(places);
        for (const place of places.keys()) {
          const unit = places.map((_, other) => Number(other === place));
          expect(diagonal[place]).toBeCloseTo(factor.solve(places, unit)[place] ?? Number.NaN, 10);
        }
      },
    ),
    { seed: SEED },
  );
});
