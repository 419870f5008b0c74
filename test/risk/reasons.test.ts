import { expect, test } from "vitest";
import type { Meaning } from "../../pipelines/risk/households.ts";
import { reasonWriter } from "../../pipelines/risk/reasons.ts";

const meaning = (name: string, direction: "increasing" | "decreasing", raisesFr: string, lowersFr: string) =>
  ({
    name,
    kind: "number",
    direction,
    labelFr: name,
    raisesFr,
    lowersFr,
    missingFr: "inconnu",
    display: "count",
    wordsFr: new Map(),
  }) satisfies Meaning;

const rejected = meaning("rejected", "increasing", "rejeté {value} fois", "aucun rejet");
const sinceLate = meaning("since_late", "decreasing", "retard il y a {value} mois", "retard ancien");
const matrix = {
  features: [rejected, sinceLate],
  rows: 3,
  columns: [Float32Array.of(0, 0, 2), Float32Array.of(40, 3, 60)],
};
const write = reasonWriter([rejected, sinceLate], matrix, [
  { name: "rejected", features: [0] },
  { name: "rejected × since_late", features: [0, 1] },
]);

test("a pair that lowers the risk never says « aucun rejet » of who was rejected", () => {
  expect(write(2, 1, false)).toBe("rejeté 2 fois, et en même temps retard ancien");
  expect(write(2, 1, true)).toBe("rejeté 2 fois, et en même temps retard ancien");
  expect(write(1, 1, true)).toBe("aucun rejet, et en même temps retard il y a 3 mois");
});

test("a feature by itself is told by what it adds", () => {
  expect(write(2, 0, true)).toBe("rejeté 2 fois");
  expect(write(0, 0, false)).toBe("aucun rejet");
});
