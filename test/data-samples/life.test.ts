import { describe, expect, test } from "vitest";
import { daysIn, firstDay, lastDay, monthOf } from "../../data-samples/simulator/calendar.ts";
import type { ActionRecord, LeaseRecord, PlanRecord } from "../../data-samples/simulator/landlord-records.ts";
import { Life, type LifeEventKind } from "../../data-samples/simulator/life.ts";
import { monthsOf } from "../../data-samples/simulator/measure.ts";
import { type LivedTenancy, livedDwellings } from "../../data-samples/simulator/stock.ts";
import { windowOf } from "../../data-samples/simulator/window.ts";

const window = windowOf(36);
const lived = [...livedDwellings({ from: 1, to: 2_500, seed: 12, window })];
const homes = lived.filter(({ record }) => record.use === "residential");
const tenancies = homes.flatMap(({ record, tenancies: all }) =>
  all.filter(({ lease }) => record.leases.includes(lease)),
);
const leases = lived.flatMap(({ record }) => record.leases);

/** The life that the household led while it held the lease. */
function lifeOf({ plan, lease }: LivedTenancy): Life {
  const life = new Life(plan.household, plan.start, plan.parameters);
  const last = lease.end === null ? window.lastMonth : monthOf(lease.end);
  for (let month = Math.max(window.birth, monthOf(plan.start)); month <= last; month++) life.advance(month);
  return life;
}

const lives = tenancies.map((tenancy) => ({
  tenancy,
  life: lifeOf(tenancy),
  months: monthsOf(tenancy.lease, window),
}));

const HARD: readonly LifeEventKind[] = ["job_loss", "insurance_ends", "separation", "illness"];

describe("life comes first, debt after", () => {
  // Homes that owed no term for six months: how many months later they owe one, within a year, if they do.
  const followed = (event: boolean): (number | null)[] =>
    lives.flatMap(({ life, months }) => {
      const events = life.events.filter(({ kind }) => HARD.includes(kind));
      return months.flatMap(({ month, present }, index) => {
        const before = months.slice(Math.max(0, index - 6), index);
        const after = months.slice(index, index + 12);
        const happens = events.some((one) => one.month === month);
        const near = events.some((one) => Math.abs(one.month - month) < 12);
        if (!present || before.length < 6 || after.length < 12 || before.some(({ terms }) => terms >= 1))
          return [];
        if (event ? !happens : near) return [];
        const onset = after.findIndex(({ terms, present: there }) => there && terms >= 1);
        return [onset === -1 ? null : onset];
      });
    });
  const hit = followed(true);
  const spared = followed(false);
  const share = (all: readonly (number | null)[]) => all.filter((wait) => wait !== null).length / all.length;

  test("a year after a hard blow, twice as many owe a term as after a quiet year", () => {
    expect(hit.length).toBeGreaterThan(150);
    expect(share(hit)).toBeGreaterThan(2 * share(spared));
  });

  test("most wait months before debt shows, and most never owe a term: no blow gives anybody away", () => {
    const waits = hit.filter((wait) => wait !== null).sort((one, other) => one - other);
    expect(waits[Math.floor(waits.length / 2)]).toBeGreaterThanOrEqual(2);
    expect(share(hit)).toBeLessThan(0.6);
  });

  test("every kind of event happens, and the landlord learns of some, late, and of others never", () => {
    const kinds = new Set(lives.flatMap(({ life }) => life.events.map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual([
      "birth",
      "child_leaves",
      "death",
      "health_again",
      "illness",
      "insurance_ends",
      "job_loss",
      "retirement",
      "return_to_work",
      "separation",
      "union",
    ]);
    const happened = lives.reduce(
      (sum, { life }) => sum + new Set(life.events.map(({ month }) => month)).size,
      0,
    );
    const learnt = lives.reduce((sum, { life }) => sum + life.situations.length - 1, 0);
    expect(learnt / happened).toBeGreaterThan(0.4);
    expect(learnt / happened).toBeLessThan(0.85);
  });

  test("one household lives one life, in its home and in the garage beside it", () => {
    const [tenancy] = tenancies;
    if (!tenancy) throw new Error("no home");
    expect(lifeOf(tenancy).events).toEqual(lives[0]?.life.events);
    const shared = lived.flatMap(({ record }) =>
      record.leases.filter(({ id, household }) => id !== household.id && record.use !== "residential"),
    );
    expect(shared.length).toBeGreaterThan(50);
    const byId = new Map(
      leases.filter(({ id, household }) => id === household.id).map((one) => [one.id, one]),
    );
    for (const { household } of shared) expect(byId.get(household.id)?.household).toEqual(household);
  });
});

describe("what is known of a household", () => {
  test("situations follow one another, are learnt after the fact, and the last is the household's", () => {
    for (const { household } of leases) {
      const { situations } = household;
      const last = situations.at(-1);
      expect(last).toMatchObject({
        size: household.size,
        incomeBand: household.incomeBand,
        referenceIncome: household.referenceIncome,
      });
      const wrong = situations.filter(
        ({ validFrom, knownOn, size, adults, children }, index) =>
          size !== adults + children ||
          knownOn < validFrom ||
          knownOn > window.asOf ||
          validFrom <= (situations[index - 1]?.validFrom ?? Number.NEGATIVE_INFINITY),
      );
      expect(wrong).toEqual([]);
    }
  });

  test("contacts are invented: fictional telephone numbers, example addresses, and names as awkward as real ones", () => {
    const contacts = leases.map(({ household }) => household.contact);
    for (const { phone, email } of contacts) {
      expect(phone ?? "06 39 98 00 00").toMatch(/^06 39 98 \d\d \d\d$/);
      expect(email ?? "a.b1@example.org").toMatch(/^[a-z.]+\d+@example\.org$/);
    }
    for (const awkward of ["'", '"', ",", "\n", ";", "é"]) {
      expect(contacts.some(({ name }) => name.includes(awkward))).toBe(true);
    }
    expect(contacts.some(({ legalRepresentative }) => legalRepresentative !== null)).toBe(true);
    expect(contacts.some(({ phone }) => phone === null)).toBe(true);
  });
});

describe("money", () => {
  const entries = leases.flatMap((lease) => lease.entries.map((entry) => ({ lease, entry })));

  test("nobody pays before moving in, and nothing stands outside the window", () => {
    const astray = entries.filter(
      ({ lease, entry: { cents, kind, bookedOn, dueOn, valueOn } }) =>
        cents === 0 ||
        bookedOn < window.start ||
        bookedOn > window.asOf ||
        (cents > 0 ? dueOn : valueOn) === null ||
        (kind === "payment" && (valueOn ?? dueOn ?? 0) < lease.start),
    );
    expect(entries.length).toBeGreaterThan(100_000);
    expect(astray).toEqual([]);
  });

  test("what takes an entry back points at it, with the opposite amount and never earlier", () => {
    const undone = entries.filter(({ entry }) => entry.reversalOf !== null);
    expect(undone.length).toBeGreaterThan(300);
    for (const { lease, entry } of undone) {
      const other = lease.entries.find(({ rank }) => rank === entry.reversalOf);
      expect(other?.cents).toBe(-entry.cents);
      expect(other?.bookedOn).toBeLessThanOrEqual(entry.bookedOn);
    }
  });

  test("direct debits come back for the reasons and in the order that banks tell", () => {
    const counts = new Map<string, number>();
    expect(
      entries.filter(({ entry }) => (entry.kind === "payment_rejected") !== (entry.rejection !== null)),
    ).toEqual([]);
    for (const { entry } of entries) {
      if (entry.rejection === null) continue;
      expect(entry.channel).toBe("direct_debit");
      counts.set(entry.rejection, (counts.get(entry.rejection) ?? 0) + 1);
    }
    const [most, second, ...few] = [...counts].sort(([, one], [, other]) => other - one);
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    expect(most?.[0]).toBe("AM04");
    expect(second?.[0]).toBe("MS03");
    expect((most?.[1] ?? 0) / total).toBeGreaterThan(0.5);
    expect((second?.[1] ?? 0) / total).toBeLessThan(0.35);
    expect(few.length).toBeGreaterThanOrEqual(5);
    for (const [, count] of few) expect(count / total).toBeLessThan(0.08);
  });

  test("every channel is used, and some change it after a refused debit", () => {
    const channels = new Set(
      entries.filter(({ entry }) => entry.kind === "payment").map(({ entry }) => entry.channel),
    );
    expect([...channels].sort()).toEqual(["card", "cash", "cheque", "direct_debit", "transfer"]);
    const changed = leases.filter(({ terms }) => terms[0]?.directDebit && !terms.at(-1)?.directDebit);
    expect(changed.length).toBeGreaterThan(20);
  });
});

describe("the landlord acts", () => {
  const acted = tenancies.map(({ lease }) => lease).filter(({ actions }) => actions.length > 0);
  const dated = (kind: ActionRecord["kind"], { actions }: LeaseRecord) =>
    actions.filter((one) => one.kind === kind);

  test("actions are in order, recorded when done or later, within the window, by present tenants' teams", () => {
    for (const { actions, start } of acted) {
      for (const [index, { rank, on, recordedOn, kind, approach, contact }] of actions.entries()) {
        expect(rank).toBe(index + 1);
        expect(on).toBeGreaterThanOrEqual(Math.max(start, window.start, actions[index - 1]?.on ?? 0));
        expect(recordedOn).toBeGreaterThanOrEqual(on);
        expect(recordedOn).toBeLessThanOrEqual(window.asOf);
        expect(approach !== null).toBe(kind === "interview");
        expect(contact !== null).toBe(["call", "visit", "interview"].includes(kind));
      }
    }
    const kinds = new Set(acted.flatMap(({ actions }) => actions.map(({ kind }) => kind)));
    expect(kinds.size).toBe(16);
  });

  test("letters leave on the procedure's dates, a few days late at most, each after the one before", () => {
    const letters = acted.map((lease) => dated("letter", lease));
    let onDate = 0;
    let all = 0;
    for (const sent of letters) {
      for (const [index, { on, letterRank }] of sent.entries()) {
        const day = on - firstDay(monthOf(on)) + 1;
        const asked = letterRank === 3 ? 17 : 10;
        expect(day).toBeGreaterThanOrEqual(asked);
        expect(day).toBeLessThanOrEqual(asked + 6);
        const previous = sent[index - 1];
        if (previous) expect(monthOf(on)).toBeGreaterThan(monthOf(previous.on));
        if (previous && letterRank !== 1)
          expect(previous.letterRank).toBeGreaterThanOrEqual((letterRank ?? 0) - 1);
        all++;
        if (day === asked) onDate++;
      }
    }
    expect(all).toBeGreaterThan(500);
    expect(onDate / all).toBeGreaterThan(0.85);
    expect(onDate / all).toBeLessThan(1);
  });

  test("some letters reach households who had paid between the frozen list and the letter", () => {
    const late = acted.flatMap((lease) =>
      dated("letter", lease).filter(({ on }) =>
        lease.entries.some(
          ({ kind, valueOn }) => kind === "payment" && valueOn !== null && valueOn <= on && valueOn > on - 3,
        ),
      ),
    );
    expect(late.length).toBeGreaterThan(5);
  });

  test("litigation keeps its order and its delays; nobody is evicted in winter", () => {
    const summoned = acted.filter((lease) => dated("summons", lease).length > 0);
    expect(summoned.length).toBeGreaterThan(10);
    for (const lease of summoned) {
      for (const { on } of dated("summons", lease)) {
        const referral = dated("ccapex_referral", lease).findLast((one) => one.on < on);
        if (referral) expect(on - referral.on).toBeGreaterThanOrEqual(60);
      }
    }
    const evictions = acted.flatMap((lease) =>
      dated("eviction", lease).map(({ on }) => ({ on, end: lease.end })),
    );
    expect(evictions.length).toBeGreaterThan(0);
    for (const { on, end } of evictions) {
      expect([10, 11, 0, 1, 2]).not.toContain(monthOf(on) % 12);
      expect(end).toBe(on);
    }
  });

  test("nothing is asked of the dead: no letter, call or fee once the landlord knows", () => {
    const deaths = tenancies.flatMap(({ lease }) =>
      lease.holds.filter(({ kind }) => kind === "deceased").map(({ knownOn }) => ({ lease, knownOn })),
    );
    expect(deaths.length).toBeGreaterThan(10);
    for (const { lease, knownOn } of deaths) {
      const after = lease.actions.filter(
        ({ on, kind }) => on >= knownOn && ["letter", "call", "sms"].includes(kind),
      );
      expect(after).toEqual([]);
    }
  });

  test("promises to pay stop reminders until their day", () => {
    for (const { actions, holds } of acted) {
      for (const { kind, from, to } of holds) {
        if (kind !== "promise_to_pay" || to === null) continue;
        expect(to - from).toBeLessThanOrEqual(daysIn(monthOf(from)));
        expect(actions.filter((one) => one.kind === "letter" && one.on > from && one.on <= to)).toEqual([]);
      }
    }
  });

  test("some fees are charged to tenants that should not be", () => {
    const wrong = homes.flatMap(({ record }) =>
      record.leases.flatMap(({ entries }) =>
        entries.filter(({ feeKind }) => feeKind !== null).map(() => record.landlord),
      ),
    );
    expect(wrong.filter((landlord) => landlord === "vaudrange").length).toBeGreaterThan(50);
    expect(new Set(wrong).size).toBeGreaterThan(1);
  });
});

describe("repayment plans", () => {
  const plans: { readonly plan: PlanRecord; readonly lease: LeaseRecord }[] = tenancies.flatMap(({ lease }) =>
    lease.plans.map((plan) => ({ plan, lease })),
  );

  test("instalments sum to the debt and come after the signature, month by month", () => {
    expect(plans.length).toBeGreaterThan(100);
    for (const { plan } of plans) {
      const sum = plan.instalments.reduce((total, { cents }) => total + cents, 0);
      expect(sum).toBe(plan.debt);
      for (const [index, { dueOn, cents }] of plan.instalments.entries()) {
        expect(cents).toBeGreaterThan(0);
        expect(monthOf(dueOn)).toBe(monthOf(plan.signedOn) + 1 + index);
      }
    }
  });

  test("plans of the prevention phase are for 500 euros and six months; longer ones belong elsewhere", () => {
    const prevention = plans.filter(({ plan }) => plan.phase === "prevention");
    expect(prevention.length).toBeGreaterThan(10);
    for (const { plan } of prevention) {
      expect(plan.debt).toBeGreaterThanOrEqual(50_000);
      expect(plan.instalments.length).toBeLessThanOrEqual(6);
    }
    expect(Math.max(...plans.map(({ plan }) => plan.instalments.length))).toBeGreaterThan(12);
  });

  test("some are kept and some broken, one at a time, and a broken one had an instalment due", () => {
    const outcomes = new Set(plans.map(({ plan }) => plan.outcome));
    expect(outcomes).toEqual(new Set(["kept", "broken", null]));
    for (const { plan, lease } of plans) {
      expect(plan.endedOn === null).toBe(plan.outcome === null);
      if (plan.endedOn !== null) expect(plan.endedOn).toBeGreaterThanOrEqual(plan.signedOn);
      const next = lease.plans.find(({ rank }) => rank === plan.rank + 1);
      if (next) expect(next.signedOn).toBeGreaterThanOrEqual(plan.endedOn ?? Number.POSITIVE_INFINITY);
    }
  });
});

test("the last day of a lease is its last: nobody lives on after it", () => {
  for (const { lease } of tenancies) {
    if (lease.end === null) continue;
    const last = lastDay(monthOf(lease.end));
    expect(
      lease.entries.filter(({ kind, termMonth }) => kind === "rent" && (termMonth ?? 0) > monthOf(last)),
    ).toEqual([]);
  }
});
