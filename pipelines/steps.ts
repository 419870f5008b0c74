import { SingleBar } from "cli-progress";

/** What is kept of one step of a night: the row of `run.step`. */
export interface StepRecord {
  readonly step: string;
  readonly startedAt: string;
  readonly seconds: number;
  readonly rows: number;
  /** Most memory the process has held so far, in MB. */
  readonly peakMb: number;
}

/** Where a night's lines go. */
export interface Output {
  readonly isTerminal: boolean;
  write(line: string): void;
}

/** Tells which part of a step is being done: the how manieth, of how many, of what. */
export type TellPart = (part: number, of: number, what: string) => void;

/** The steps of one night: each is timed, printed when it ends, and kept. */
export interface Steps {
  readonly records: readonly StepRecord[];
  /** Runs one step; what it returns says how many rows it handled. A step that tells its parts has a bar of its own. */
  run<T extends { readonly rows: number }>(step: string, work: (tell: TellPart) => Promise<T>): Promise<T>;
  /** Tells how many steps the night has, once that is known. */
  expect(total: number): void;
  close(): void;
}

/** Steps that print to `output`: one line a step, with a progress bar below on a terminal, plain lines elsewhere. */
export function startSteps(output: Output, total: number): Steps {
  const records: StepRecord[] = [];
  let expected = total;
  const bar = output.isTerminal
    ? new SingleBar({
        format: "{bar} {value}/{total} {step}",
        clearOnComplete: true,
        hideCursor: true,
        barsize: 30,
      })
    : undefined;
  bar?.start(expected, 0, { step: "" });
  const print = (line: string) => {
    if (bar === undefined) return output.write(line);
    bar.stop();
    output.write(line);
    bar.start(expected, records.length, { step: "" });
  };
  return {
    records,
    async run(step, work) {
      bar?.update(records.length, { step });
      const startedAt = new Date().toISOString();
      const start = performance.now();
      let inParts = false;
      const result = await work((part, of, what) => {
        const told = { step: `${step}: ${what} ${part} of ${of}` };
        // The part told of has only begun.
        if (inParts) bar?.update(part - 1, told);
        else {
          bar?.stop();
          bar?.start(of, part - 1, told);
        }
        inParts = true;
      });
      const record = {
        step,
        startedAt,
        seconds: Math.round(performance.now() - start) / 1000,
        rows: result.rows,
        peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
      };
      records.push(record);
      print(formatStep(record, records.length, expected));
      return result;
    },
    expect(newTotal) {
      expected = newTotal;
      bar?.setTotal(newTotal);
    },
    close() {
      bar?.stop();
    },
  };
}

function formatStep(record: StepRecord, number: number, total: number): string {
  const place = `[${String(number).padStart(String(total).length)}/${total}]`;
  const rows = `${record.rows.toLocaleString("en")} rows`;
  return `${place} ${record.step.padEnd(32)} ${rows.padStart(18)} ${record.seconds.toFixed(2).padStart(8)} s`;
}
