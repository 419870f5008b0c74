import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseStrategy } from "../pipelines/strategy/read-strategy.ts";
import { UserError } from "../pipelines/user-error.ts";

const LEAST = "landlord: { name: Le petit bailleur }\nfeeds: {}\n";

test("a strategy needs a landlord and feeds; the rest has defaults", () => {
  expect(parseStrategy(LEAST, "vigie.yaml")).toMatchObject({
    landlord: { name: "Le petit bailleur", country: "fr" },
    arrears: { grace_days: 10, net_call_floor_share: 0.1, new_entrant_months: 12, repeat_window_months: 24 },
    allocation: { policy: "legal_default", ranking: ["principal", "fee", "court_cost"] },
    load: { max_rejected_share: 0.001, max_shrink_share: 0.5, max_gap_euros: 0 },
    disclosure: { minimum: 10 },
    nights: { keep: 7 },
  });
});

test("the strategies of the samples are sound", () => {
  for (const sample of ["demo", "rental"]) {
    const path = `data-samples/${sample}/vigie.yaml`;
    expect(Object.keys(parseStrategy(readFileSync(path, "utf8"), path).feeds).length).toBeGreaterThan(0);
  }
});

describe("what is wrong is told with its file, line and place", () => {
  test.each([
    ["an empty file", "", "vigie.yaml:1: the strategy: "],
    ["no landlord", "feeds: {}\n", "vigie.yaml:1: landlord: "],
    [
      "a feed without files",
      "landlord: { name: A }\nfeeds:\n  ledger:\n    format: delimited\n",
      "vigie.yaml:4: feeds.ledger.files: ",
    ],
    [
      "a feed's name that is no SQL name",
      "landlord: { name: A }\nfeeds:\n  Grand Livre: { files: a.csv }\n",
      "vigie.yaml:3: feeds.Grand Livre: ",
    ],
    [
      "a format that is not read",
      `${LEAST.replace("{}", "{ a: { files: a, format: docx } }")}`,
      "vigie.yaml:2: feeds.a.format: ",
    ],
    [
      "a delivery date without a group",
      `${LEAST.replace("{}", "{ a: { files: a, delivered_on: '[0-9]+' } }")}`,
      "is no regular expression with one group",
    ],
    [
      "an option that the format does not know",
      "landlord: { name: A }\nfeeds:\n  a:\n    files: a.csv\n    header_row: 3\n",
      "vigie.yaml:5: feeds.a.header_row: is no option of the format delimited, only of xlsx",
    ],
    [
      "a delivery that replaces another without a date to tell which",
      "landlord: { name: A }\nfeeds:\n  a:\n    files: a.csv\n    delivery: full\n",
      "vigie.yaml:5: feeds.a.delivery: full needs delivered_on",
    ],
    [
      "a group of full deliveries where none is full",
      "landlord: { name: A }\nfeeds:\n  a:\n    files: a.csv\n    full_by: '_(\\d{4})_'\n",
      "vigie.yaml:5: feeds.a.full_by: needs delivery: full",
    ],
    [
      "a ranking that forgets one",
      `${LEAST}allocation:\n  ranking: [principal, fee, fee]\n`,
      "vigie.yaml:4: allocation.ranking: names each component once",
    ],
    [
      "a share above one",
      `${LEAST}load: { max_rejected_share: 5 }\n`,
      "vigie.yaml:3: load.max_rejected_share: ",
    ],
    [
      "a misspelt threshold",
      `${LEAST}indicators:\n  share_1_term: { amber: 0.1, rouge: 0.2, red: 0.2 }\n`,
      "vigie.yaml:4: indicators.share_1_term.rouge: is not something a strategy holds",
    ],
    ["broken YAML", "landlord: { name: A\nfeeds: {}\n", "vigie.yaml:"],
  ])("%s", (_, text, message) => {
    expect(() => parseStrategy(text, "vigie.yaml")).toThrow(UserError);
    expect(() => parseStrategy(text, "vigie.yaml")).toThrow(message);
  });
});
