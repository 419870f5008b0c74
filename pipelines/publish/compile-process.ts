import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { REPORTS } from "../project.ts";
import { UserError } from "../user-error.ts";

const TAIL_LINES = 40;

/**
 * Compiles the pages in the empty folder `folder`, by reports/compile.js in a process of its own, which leaves
 * `folder`/compiled. It sees none of our environment but where to find programs, ends when this process ends however it
 * ends, and writes nothing to our output.
 *
 * @param key what the compiled files name as their version.
 * @throws UserError when the packages of reports/ are not installed; Error with the last lines it wrote, when it does not end well.
 */
export async function compilePages(folder: string, key: string): Promise<void> {
  if (!existsSync(join(REPORTS, "node_modules")))
    throw new UserError("The packages that compile the pages are not installed in reports/", "Run npm ci");
  const child = fork(join(REPORTS, "compile.js"), [], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_ENV: "production",
      TZ: "UTC",
      VIGIE_SITE_KEY: key,
    },
    execArgv: [],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output = `${output}${text}`.slice(-20_000);
    });
  }
  const ended = await new Promise<string | number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(signal ?? code));
  });
  if (ended === 0) return;
  const tail = output.trimEnd().split("\n").slice(-TAIL_LINES).join("\n");
  throw new Error(`reports/compile.js ended with ${ended}:\n${tail}`);
}
