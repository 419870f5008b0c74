import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listModels, rollBack } from "../../pipelines/risk/kept-models.ts";
import type { PendingFile } from "../../pipelines/state/state.ts";
import { UserError } from "../../pipelines/user-error.ts";
import { openWorkspace } from "../../pipelines/workspace.ts";
import { modelFiles, toldOn, workspaceWith } from "./kept-state.ts";
import { APPROVED, type Changes, type SyntheticNight, syntheticNight } from "./synthetic-landlord.ts";

const NO_FOLDER = openWorkspace("/nowhere/at/all");
const served =
  "select verdict, model_version, statement_fr, served, in_shadow from risk.model where question = 'onset'";

let first: SyntheticNight;
let kept: PendingFile;
const left: PendingFile[] = [];
const begun: { step: string; part: number; of: number }[] = [];

beforeAll(async () => {
  first = await syntheticNight({
    workspace: NO_FOLDER,
    leave: (file) => left.push(file),
    tell: (step, part, of) => begun.push({ step, part, of }),
  });
  const [file] = left;
  if (file === undefined) throw new Error("a training leaves a file");
  kept = file;
});
afterAll(() => first.close());

/** Another night of the same landlord, whose model's row and files are told. */
async function nightWith(changes: Changes): Promise<{
  model: Record<string, unknown>;
  left: PendingFile[];
  warned: string[];
  rows: SyntheticNight["rows"];
  close: () => void;
}> {
  const files: PendingFile[] = [];
  const warned: string[] = [];
  const night = await syntheticNight({
    asOf: "2026-11-20",
    ...changes,
    leave: (file) => files.push(file),
    warn: (line) => warned.push(line),
  });
  const [model = {}] = await night.rows(served);
  return { model, left: files, warned, rows: night.rows, close: night.close };
}

describe("the first night", () => {
  test("tells each model that it begins to learn, once, and learns none again whoever asks after it", () => {
    // A model and a logistic regression for each block of past dates, and one of each on everything.
    const { of = 0 } = begun[0] ?? {};
    expect([4, 6, 8]).toContain(of);
    expect(begun).toEqual(
      Array.from({ length: of }, (_, fold) => ({ step: "learn onset", part: fold + 1, of })),
    );
    expect(left).toHaveLength(1);
  });

  test("trains, and the model that passed the gate serves; where too few fell the simple rule does", async () => {
    expect(
      await first.rows(
        "select question, served, verdict, trained_as_of, in_shadow, backend is null as is_rule from risk.model order by 1",
      ),
    ).toEqual([
      {
        question: "onset",
        served: "model",
        verdict: "promoted",
        trained_as_of: "2026-11-15",
        in_shadow: false,
        is_rule: false,
      },
      {
        question: "worsening",
        served: "rule",
        verdict: "too_few_onsets",
        trained_as_of: null,
        in_shadow: false,
        is_rule: true,
      },
    ]);
  });

  test("scores every household of tonight once, with the day from which the score counts no more", async () => {
    expect(
      await first.rows(
        `select count(*)::integer as households, count(distinct lease_id)::integer as leases, min(expires_on) as expires_on,
           max(freshness_days) as freshness_days, min("by") as "by"
         from risk.estimate`,
      ),
    ).toEqual([{ households: 400, leases: 400, expires_on: "2027-02-13", freshness_days: 3, by: "model" }]);
  });

  test("base and contributions add up to the log-odds of the probability, to the last digits", async () => {
    const [worst] = await first.rows(
      `select max(abs(ln(probability / (1 - probability)) - base_logit - added))::double as gap
       from risk.estimate
       inner join (select lease_id, sum(contribution) as added from risk.contribution group by 1) using (lease_id)`,
    );
    expect(worst?.gap).toBeLessThan(1e-9);
  });

  test("tells reasons in words: what raises first, the largest first, then what lowers; the rest last", async () => {
    const reasons = await first.rows(
      `select position, term, side, text_fr, contribution from risk.contribution
       where lease_id = (select lease_id from risk.estimate order by probability desc, lease_id limit 1) order by position`,
    );
    expect(reasons[0]).toMatchObject({ position: 1, side: "raises" });
    expect(reasons.map(({ text_fr }) => String(text_fr))).toContainEqual(
      expect.stringMatching(/^poids du loyer élevé \(\d\d\s%\)$/),
    );
    expect(reasons.map(({ text_fr }) => String(text_fr)).join()).toContain("chèque");
    expect(reasons.map(({ position }) => position)).toEqual(reasons.map((_, place) => place + 1));
    const told = reasons.filter(({ term }) => term !== "others");
    const raising = told
      .filter(({ side }) => side === "raises")
      .map(({ contribution }) => Number(contribution));
    expect(raising).toEqual(raising.toSorted((one, other) => other - one));
    expect(told.map(({ side }) => side)).toEqual(
      told
        .map(({ side }) => side)
        .toSorted()
        .reverse(),
    );
    expect(told.length - raising.length).toBeLessThanOrEqual(2);
  });

  test("scores past month ends by models that learnt nothing of what came after, and keeps what happened", async () => {
    const [told] = await first.rows(
      `select count(distinct as_of)::integer as dates, bool_and("by" = 'replayed') as replayed,
         bool_and((reached_month is not null) = outcome) as consistent,
         (avg(probability) filter (where outcome) > 3 * avg(probability) filter (where not outcome)) as tells_apart
       from risk.past_score where question = 'onset'`,
    );
    expect(told).toEqual({ dates: 12, replayed: true, consistent: true, tells_apart: true });
  });

  test("holds model, logistic regression and rule against each other, date by date and stratum by stratum", async () => {
    expect(
      await first.rows(
        `select distinct model, stratum from risk.evaluation
         where origin = 'pooled' and metric = 'recall' and low <= value and value <= high order by all`,
      ),
    ).toHaveLength(9);
    const [gate] = await first.rows(
      "select value, low from risk.evaluation where metric = 'advantage' and model like 'rule:%'",
    );
    expect(gate?.low).toBeGreaterThan(0);
  });

  test("nothing has drifted, and as many fell in each group of past scores as were expected, nearly", async () => {
    expect(await first.rows("select distinct level from risk.drift where feature <> 'score'")).toEqual([
      { level: "green" },
    ]);
    const [sums] = await first.rows(
      "select sum(observed)::double / sum(expected) as ratio, count(*)::integer as bins from risk.calibration",
    );
    expect(sums?.bins).toBe(20);
    expect(sums?.ratio).toBeGreaterThan(0.75);
    expect(sums?.ratio).toBeLessThan(1.35);
  });

  test("writes the model's card, and what each feature adds along its values", async () => {
    expect(
      await first.rows(
        "select list(distinct section order by section) as sections from risk.card where question = 'onset'",
      ),
    ).toEqual([{ sections: ["data", "decision", "drift", "figures", "limits", "purpose"] }]);
    const [most] = await first.rows(
      "select term, count(*) filter (where point > 0) > 1 as has_shape from risk.importance where position = 1 and question = 'onset' group by 1",
    );
    expect(most).toEqual({ term: "rent_burden", has_shape: true });
  });
});

describe("nights after it", () => {
  test("serve the same model without training, and leave nothing in the state", async () => {
    const workspace = await workspaceWith([kept]);
    const night = await nightWith({ workspace });
    expect(night.model).toMatchObject({ verdict: "promoted", served: "model" });
    expect(night.left).toEqual([]);
    expect(night.warned).toEqual([]);
    const scores = "select lease_id, probability from risk.estimate order by lease_id";
    expect(await night.rows(scores)).toEqual(await first.rows(scores));
    night.close();
  });

  test("the same night again finds its own training, says the same and adds no file", async () => {
    const workspace = await workspaceWith([kept]);
    const night = await nightWith({ workspace, asOf: "2026-11-15" });
    expect(night.left).toEqual([]);
    for (const table of ["model", "estimate", "contribution", "past_score", "evaluation", "card", "drift"]) {
      const all = `select * from risk.${table} order by all`;
      expect(await night.rows(all), table).toEqual(await first.rows(all));
    }
    night.close();
  });

  test("a first model runs in shadow until the day told, and says so; an approved one does not", async () => {
    const workspace = await workspaceWith([kept]);
    const risk = APPROVED.replace("approved: true", "retrain_days: 366");
    const night = await nightWith({ workspace, risk });
    expect(night.model).toMatchObject({ served: "model", in_shadow: true });
    expect(night.model.statement_fr).toContain("Jusqu’au 15 février 2027, le modèle est en observation");
    night.close();
    const later = await nightWith({ workspace, risk, asOf: "2027-02-15" });
    expect(later.model).toMatchObject({ served: "model", in_shadow: false });
    expect(await later.rows('select distinct "by" from risk.past_score order by 1')).toEqual([
      { by: "replayed" },
    ]);
    later.close();
  });

  test("when the scores drift far, the simple rule serves in the meantime and says why", async () => {
    const workspace = await workspaceWith([kept]);
    const night = await nightWith({
      workspace,
      risk: APPROVED.replace("{", "{ drift_retrain_days: 366,"),
      sql: ["update risk.feature set rent_burden = 0.49 where as_of = date '2026-11-20'"],
    });
    expect(night.model).toMatchObject({ verdict: "drifted", served: "rule", in_shadow: false });
    expect(night.model.statement_fr).toContain("par prudence, la règle simple sert en attendant");
    expect(
      await night.rows("select feature, level from risk.drift where level = 'red' order by feature"),
    ).toEqual([
      { feature: "rent_burden", level: "red" },
      { feature: "score", level: "red" },
    ]);
    night.close();
  });
});

describe("a model that cannot serve", () => {
  const untrained = APPROVED.replace("least_onsets: 40", "least_onsets: 100000");

  test("a file cut short is refused by name, and the last good model serves", async () => {
    const older = toldOn("2026-10-31", kept);
    const workspace = await workspaceWith([older, { ...kept, text: kept.text.slice(0, -500) }]);
    const night = await nightWith({ workspace });
    expect(night.model).toMatchObject({
      served: "model",
      model_version: expect.stringContaining("2026-10-31"),
    });
    expect(night.model.statement_fr).toContain("state/models/2026-11-15.1.jsonl");
    expect(night.warned).toEqual([expect.stringContaining("state/models/2026-11-15.1.jsonl")]);
    night.close();
  });

  test("a model whose numbers were changed is refused by its name, and the last good one serves", async () => {
    const older = toldOn("2026-10-31", kept);
    const text = kept.text.replace(
      /(\\"base\\":-?)(\d)/,
      (_, key, digit) => `${key}${(Number(digit) + 1) % 10}`,
    );
    expect(text).not.toBe(kept.text);
    const workspace = await workspaceWith([older, { ...kept, text }]);
    const night = await nightWith({ workspace, risk: untrained });
    expect(night.model).toMatchObject({
      served: "model",
      model_version: expect.stringContaining("2026-10-31"),
    });
    expect(night.warned).toEqual([expect.stringMatching(/onset-2026-11-15-\w+ is corrupt/)]);
    night.close();
  });

  test("a model of other features is refused by its name; without another one the rule serves and says so", async () => {
    const workspace = await workspaceWith([kept]);
    const night = await nightWith({
      workspace,
      risk: untrained,
      sql: ["delete from risk.feature_meaning where feature = 'terms_owed'"],
    });
    expect(night.model).toMatchObject({ served: "rule" });
    expect(night.model.statement_fr).toMatch(
      /Écarté cette nuit : onset-2026-11-15-\w+, appris sur d’autres données/,
    );
    expect(night.warned).toEqual([expect.stringContaining("it knows terms_owed")]);
    night.close();
  });

  test("a person takes it back with one command: the one before serves, then the rule, and none comes back", async () => {
    const older = toldOn("2026-10-31", kept);
    const workspace = await workspaceWith([older, kept]);
    const before = await modelFiles(workspace);
    expect((await listModels(workspace.root)).models.map(({ standing }) => standing)).toEqual([
      "serves",
      "served",
    ]);
    expect(await rollBack(workspace.root, "onset")).toEqual({
      withdrawn: expect.stringContaining("onset-2026-11-15-"),
      next: expect.stringContaining("onset-2026-10-31-"),
    });
    const night = await nightWith({ workspace });
    expect(night.model).toMatchObject({
      served: "model",
      model_version: expect.stringContaining("2026-10-31"),
    });
    night.close();

    await rollBack(workspace.root, "onset");
    const last = await nightWith({ workspace });
    expect(last.model).toMatchObject({ served: "rule", verdict: "withdrawn" });
    expect(last.model.statement_fr).toContain("a été retiré par une personne");
    last.close();
    await expect(rollBack(workspace.root, "onset")).rejects.toThrow(UserError);
    expect(await modelFiles(workspace)).toMatchObject(before);
  });

  test("a question that is none is refused", async () => {
    const workspace = await workspaceWith([kept]);
    await expect(rollBack(workspace.root, "eviction")).rejects.toThrow("is no question that a model answers");
  });
});
