import progress from "cli-progress";

/** What is kept of one step of a night: the row of `run.step`. */
export interface StepRecord {
  readonly step: string;
  readonly startedAt: string;
  readonly seconds: number;
  /** Seconds of all processors that the process spent meanwhile. */
  readonly processorSeconds: number;
  readonly rows: number;
  /** Most memory the process has held so far, in MB. */
  readonly peakMb: number;
}

/** Where a night's lines go. */
export interface Output {
  readonly isTerminal: boolean;
  /** Whether a terminal shows every step; false by default: it shows the parts of the night, in words. */
  readonly isVerbose?: boolean;
  write(line: string): void;
}

/**
 * Tells how far a step is: `done` of `total`, after `words` that say of what (« onset, fold », 3, 5). It costs next to
 * nothing, so it may be called whenever there is something to say. Only a terminal shows it.
 */
export type Progress = (done: number, total: number, words: string) => void;

/** The steps of one night: each is timed, printed when it ends, and kept. */
export interface Steps {
  readonly records: readonly StepRecord[];
  /**
   * Begins a part of the work, a name that `startSteps` was given: `words` say what is done from here on. Where its steps are of
   * one kind, `count` tells how many there are and what they are (`[195, "tables"]`).
   */
  part(name: string, words: string, count?: readonly [steps: number, kind: string]): void;
  /** Runs one step; what it returns says how many rows it handled. The work may tell how far it is. */
  run<T extends { readonly rows: number }>(
    step: string,
    work: (progress: Progress) => Promise<T>,
  ): Promise<T>;
  /** Prints a line above the progress bar. */
  tell(line: string): void;
  close(): void;
}

/** Runs steps without telling of them: work that is a step of the night, done outside one. */
export const untoldSteps: Pick<Steps, "run"> = { run: (_, work) => work(() => undefined) };

/**
 * Steps that print to `output`. Elsewhere than on a terminal, and where asked for, one line a step, which is what whoever
 * reads the log of last night looks for. On a terminal one line for each of `parts`, in words, as most people who look on
 * know no step by its name; below it what is being done and which parts are left.
 */
export function startSteps(output: Output, total: number, parts: readonly string[] = []): Steps {
  const records: StepRecord[] = [];
  const byPart = output.isTerminal && output.isVerbose !== true;
  let current: Part | undefined;
  let doing = "";
  const bar = output.isTerminal
    ? new progress.SingleBar({
        // Cut here; the terminal's own wrapping and cursor stay as they are: an interrupted night has nothing to put back.
        format: (options, params, { doing }) =>
          cut(`${progress.Format.BarFormat(params.progress, options)} ${doing}`, params.maxWidth - 1),
        linewrap: true,
        clearOnComplete: true,
        barsize: 12,
      })
    : undefined;
  const startBar = () => bar?.start(total, Math.min(records.length, total), { doing });
  const show = (told: string) => {
    doing = told;
    bar?.update(records.length, { doing });
  };
  const print = (line: string) => {
    bar?.stop();
    output.write(line);
    startBar();
  };
  const endPart = () => {
    if (current !== undefined && byPart) print(formatPart(current));
    current = undefined;
  };
  startBar();
  return {
    records,
    part(name, words, count) {
      endPart();
      const place = parts.indexOf(name);
      if (place === -1) throw new Error(`${name} is no part of this work`);
      current = { words, count, left: parts.slice(place + 1), done: 0, start: performance.now() };
      if (byPart) show(formatDoing(current, ""));
    },
    async run(step, work) {
      const far = (words: string) =>
        byPart && current !== undefined ? formatDoing(current, words) : `${step}${words}`;
      show(far(""));
      const startedAt = new Date().toISOString();
      const start = performance.now();
      const spent = process.cpuUsage();
      const result = await work((done, of, words) =>
        show(far(` – ${words} ${done.toLocaleString("en")} of ${of.toLocaleString("en")}`)),
      ).catch((error: unknown) => {
        current = undefined;
        throw error;
      });
      const record = {
        step,
        startedAt,
        seconds: Math.round(performance.now() - start) / 1000,
        processorSeconds: secondsOf(process.cpuUsage(spent)),
        rows: result.rows,
        peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
      };
      records.push(record);
      if (current !== undefined) current.done++;
      if (!byPart) print(formatStep(record, records.length, total));
      return result;
    },
    tell: print,
    close() {
      endPart();
      bar?.stop();
    },
  };
}

/** A part of the work under way. */
interface Part {
  readonly words: string;
  readonly count: readonly [steps: number, kind: string] | undefined;
  /** The names of the parts that follow. */
  readonly left: readonly string[];
  /** Steps that have ended. */
  done: number;
  readonly start: number;
}

/** What is being done, how far, how far the step under way is, and which parts are left. */
function formatDoing({ words, count, left, done }: Part, farInStep: string): string {
  const far = count === undefined ? "" : `: ${done} of ${count[0]} ${count[1]}`;
  const then = left.length === 0 ? "" : `, then ${left.join(", ")}`;
  return `${words}${far}${farInStep}${then}`;
}

function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}

function formatPart({ words, count, start }: Part): string {
  const told = count === undefined ? words : `${words}: ${count[0]} ${count[1]}`;
  return `${told.padEnd(62)} ${((performance.now() - start) / 1000).toFixed(1).padStart(7)} s`;
}

function secondsOf({ user, system }: NodeJS.CpuUsage): number {
  return Math.round((user + system) / 1000) / 1000;
}

function formatStep(record: StepRecord, number: number, total: number): string {
  const place = `[${String(number).padStart(String(total).length)}/${total}]`;
  const rows = `${record.rows.toLocaleString("en")} rows`;
  return `${place} ${record.step.padEnd(32)} ${rows.padStart(18)} ${record.seconds.toFixed(2).padStart(8)} s`;
}
