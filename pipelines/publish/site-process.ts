import { fork } from "node:child_process";
import { join } from "node:path";
import { reports } from "./site-project.ts";

const tailLines = 40;

/**
 * Runs one of the programs of `reports/` in the folder `template`, with these variables in its environment, and
 * returns the last message it sent. The program
 * sees none of our environment but where to find programs, ends when this process ends however it ends, and writes
 * nothing to our output.
 *
 * @throws Error with the last lines it wrote, when it does not end well
 */
export const runInTemplate = async (
  program: string,
  template: string,
  environment: Record<string, string> = {},
): Promise<unknown> => {
  const child = fork(join(reports, program), [], {
    cwd: template,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_ENV: "production",
      TZ: "UTC",
      SEND_ANONYMOUS_USAGE_STATS: "no",
      EVIDENCE_IS_BUILDING: "true",
      EVIDENCE_DATA_URL_PREFIX: "static/data",
      EVIDENCE_DATA_DIR: "./static/data",
      ...environment,
    },
    execArgv: ["--max-old-space-size=3072"],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  let message: unknown;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output = `${output}${text}`.slice(-20_000);
    });
  }
  child.on("message", (value) => {
    message = value;
  });
  const ended = await new Promise<string | number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(signal ?? code));
  });
  if (ended === 0) return message;
  const tail = output.trimEnd().split("\n").slice(-tailLines).join("\n");
  throw new Error(`reports/${program} ended with ${ended}:\n${tail}`);
};
