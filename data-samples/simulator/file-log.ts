import type { Day } from "./calendar.ts";
import type { ActionRecord, HoldRecord } from "./landlord-records.ts";
import type { Setting } from "./setting.ts";

type Action = Omit<ActionRecord, "rank" | "recordedOn">;
const PLAIN = { letterRank: null, channel: null, approach: null, contact: null, outcome: null } as const;

/** What the office writes down of one lease: actions, some recorded late, and holds. */
export class FileLog {
  readonly #setting: Setting;
  readonly #actions: Omit<ActionRecord, "rank">[] = [];
  readonly #holds: { -readonly [Key in keyof HoldRecord]: HoldRecord[Key] }[] = [];

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  /** Writes down an action; what is not given does not apply to it. */
  act(on: Day, kind: Action["kind"], team: Action["team"], more: Partial<Action> = {}): void {
    const { window, chances, parameters } = this.#setting;
    if (on < window.start) return;
    const { recordedLate, recordedLateDays } = parameters.office;
    const late = kind !== "letter" && chances.chance(recordedLate, "recordedLate", on);
    const recordedOn = on + (late ? chances.integer(recordedLateDays, "recordedDays", on) : 0);
    this.#actions.push({ ...PLAIN, ...more, on, recordedOn, kind, team });
  }

  /** A stop on reminders; without an end it stays until `release`. */
  hold(kind: HoldRecord["kind"], from: Day, more: Partial<HoldRecord> = {}): void {
    const knownOn = from + this.#setting.parameters.office.holdKnownAfterDays;
    this.#holds.push({ to: null, debtCovered: null, source: "tenant", knownOn, ...more, kind, from });
  }

  /** Ends the holds of that kind that are still open. */
  release(kind: HoldRecord["kind"], to: Day): void {
    for (const hold of this.#holds) if (hold.kind === kind && hold.to === null) hold.to = to;
  }

  /** A stop that the office knows and keeps to on that day. Guardianship redirects letters and stops none. */
  stopped(day: Day): boolean {
    for (const { kind, from, to, knownOn } of this.#holds) {
      if (kind === "guardianship" || kind === "disputed_debt") continue;
      if (from <= day && knownOn <= day && (to === null || to >= day)) return true;
    }
    return false;
  }

  /** Actions by day, those recorded by the as-of date; what was planned for after the lease's end is not done. */
  actions(end: Day | null): ActionRecord[] {
    const { asOf } = this.#setting.window;
    return this.#actions
      .filter(({ on, recordedOn }) => recordedOn <= asOf && (end === null || on <= end))
      .sort((one, other) => one.on - other.on)
      .map((action, index) => ({ rank: index + 1, ...action }));
  }

  /** Holds known by the as-of date that reach into the window; the end of a hold is known once it has come. */
  holds(): HoldRecord[] {
    const { window } = this.#setting;
    const seen = new Set<string>();
    return this.#holds
      .filter(({ from, knownOn }) => from <= window.asOf && knownOn <= window.asOf)
      .filter(({ to }) => to === null || to >= window.start)
      .filter(({ kind, from }) => {
        const key = `${kind} ${from}`;
        return seen.has(key) ? false : seen.add(key);
      })
      .map((hold) => ({ ...hold }));
  }
}
