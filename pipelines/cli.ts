import { relative } from "node:path";
import { Command, CommanderError, Option } from "commander";
import { GROUPS, PARAMETER_SETS, SCENARIOS } from "../data-samples/simulator/parameters.ts";
import { FORMATS, type SimulateOptions, simulate } from "../data-samples/simulator/simulate.ts";
import { checkNight } from "./check/check.ts";
import { tellComparison } from "./check/tell.ts";
import { documentContract } from "./contract/document.ts";
import { openDemonstration, USUAL_DWELLINGS } from "./demonstration.ts";
import { buildAlone } from "./explore/build-model.ts";
import { explore } from "./explore/explore.ts";
import { query } from "./explore/query.ts";
import { type PublishedNight, runNight } from "./nightly.ts";
import { DEMONSTRATION, SITE_CACHE } from "./project.ts";
import { compiledPages } from "./publish/compiled-pages.ts";
import { AUDIENCES } from "./publish/sites.ts";
import { listModels, rollBack } from "./risk/kept-models.ts";
import { serve } from "./serve/server.ts";
import { UserError } from "./user-error.ts";

const output = {
  isTerminal: process.stdout.isTTY === true,
  write: (line: string) => console.log(line),
};

const program = new Command("vigie").exitOverride().showHelpAfterError();
const inWorkspace = (name: string, description: string) =>
  program
    .command(name)
    .description(description)
    .option("--workspace <dir>", "the landlord's folder", DEMONSTRATION);

inWorkspace("nightly", "load, compute and publish one night")
  .option("--as-of <date>", "the date the night stands on")
  .option(
    "--dwellings <n>",
    `the demonstration landlord of so many dwellings, made on first run (default: ${USUAL_DWELLINGS})`,
    wholeNumber("--dwellings"),
  )
  .option("--verbose", "one line a step on a terminal too, as in a log", false)
  .option("--keep", "keep the warehouse of a night that fails until the next one", false)
  .option("--whole", "compute everything, and compare it with what would have stayed from last night", false)
  .option("--memory <size>", "the most memory that the database may hold, as 2GB", memorySize)
  .action(nightly);
inWorkspace("serve", "show the sites of the last good night")
  .option("--host <host>", "address", "127.0.0.1")
  .option("--port <port>", "port", wholeNumber("--port"), 4000)
  .action(show);
inWorkspace("explore", "open a prompt on a table of the last good night")
  .argument("<table>", "schema.table")
  .option("--restricted", "show the tables that only some schemas may read", false)
  .action(open);
inWorkspace("query", "run SQL on the last good night, read only")
  .argument("<sql>", "statement")
  .option("--restricted", "read the tables that only some schemas may read", false)
  .option("--failed", "ask the night that failed and was kept", false)
  .addOption(new Option("--json", "print a JSON array").conflicts("csv"))
  .option("--csv", "print CSV under a header line")
  .action(ask);
inWorkspace("build", "build one model from the rows of the last good night, and show its first rows")
  .argument("<model>", "schema.model")
  .option("--with-deps", "build the models that it is made of anew, too", false)
  .option("--restricted", "show rows that only some schemas may read", false)
  .action(buildOne);
inWorkspace("check", "count the last good night's figures again, another way, and compare").action(
  checkAgain,
);
inWorkspace("models", "list the risk models kept, or take back the one that serves")
  .option("--roll-back <question>", "onset or worsening: from the next night on the model before it serves")
  .action(keptModels);
program
  .command("compile")
  .description("compile the pages of all sites, without data, if they have changed")
  .action(compilePages);
program
  .command("contract")
  .description("print the input tables that a mapping may fill")
  .action(() => output.write(documentContract()));
program
  .command("simulate")
  .description("make a demonstration landlord")
  .requiredOption("--out <dir>", "folder to make")
  .option("--dwellings <n>", "dwellings", wholeNumber("--dwellings"), 17000)
  .option("--months <n>", "months of ledger", wholeNumber("--months"), 60)
  .option("--seed <n>", "seed", wholeNumber("--seed"), 1)
  .option("--last-month <yyyy-mm>", "month in which the ledger ends")
  .addOption(
    new Option("--format <format>", "the landlords' own exports, or the contract's tables as Parquet")
      .choices(FORMATS)
      .default("exports"),
  )
  .addOption(
    new Option("--parameters <name>", "whose people, habits and luck")
      .choices(Object.keys(PARAMETER_SETS))
      .default("aubrelle"),
  )
  .addOption(
    new Option("--group <name>", "many agencies, or few for the same households")
      .choices(Object.keys(GROUPS))
      .default("large"),
  )
  .addOption(new Option("--scenario <name>", "what interviews do").choices(SCENARIOS).default("plain"))
  .option("--no-truth", "leave out the true balances and effects")
  .action(makeLandlord);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof UserError) {
    console.error(`\n${error.message}`);
    if (error.remedy !== undefined) console.error(`→ ${error.remedy}`);
    process.exitCode = error.exitCode;
  } else if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    console.error(error);
    process.exitCode = 1;
  }
}

async function nightly(options: {
  workspace: string;
  asOf?: string;
  dwellings?: number;
  verbose: boolean;
  keep: boolean;
  whole: boolean;
  memory?: string;
}): Promise<void> {
  const { asOf, dwellings } = options;
  const told = { ...output, isVerbose: options.verbose };
  const isDemonstration = options.workspace === DEMONSTRATION;
  if (dwellings !== undefined && !isDemonstration)
    throw new UserError(
      "--dwellings says how large a demonstration landlord is, --workspace names another landlord.",
      "Give one of them.",
    );
  const workspace = isDemonstration ? await openDemonstration(dwellings, told) : options.workspace;
  await runNight({
    workspace,
    asOf,
    keep: options.keep,
    whole: options.whole,
    memory: options.memory,
    output: told,
    sites: AUDIENCES,
    announcement: (night) => whereToLook(workspace, night),
  });
}

/** What can be done with a night just published: the next commands, as they are typed. */
function whereToLook(workspace: string, { folder, asOf }: PublishedNight): string {
  const place = relative(process.cwd(), workspace);
  const elsewhere =
    workspace === DEMONSTRATION ? "" : `--workspace ${place.startsWith("..") ? workspace : place}`;
  return [
    `\nPublished: night ${folder.number}, as of ${asOf}`,
    `  read the pages    npm run serve${elsewhere && ` -- ${elsewhere}`}`,
    `  ask a table       npm run explore -- kpi.indicator_month ${elsewhere}`.trimEnd(),
    `  warehouse         ${folder.warehouse}`,
  ].join("\n");
}

async function compilePages(): Promise<void> {
  const { recompiled } = await compiledPages(SITE_CACHE, output.write);
  if (!recompiled) output.write("the pages have not changed since they were compiled");
}

async function show(options: { workspace: string; host: string; port: number }): Promise<void> {
  await serve({ ...options, log: output.write });
}

async function open(table: string, options: { workspace: string; restricted: boolean }): Promise<void> {
  await explore({ table, workspace: options.workspace, restricted: options.restricted });
}

async function ask(
  sql: string,
  options: { workspace: string; restricted: boolean; failed: boolean; json?: true; csv?: true },
): Promise<void> {
  const format = options.json ? "json" : options.csv ? "csv" : "table";
  output.write(await query(sql, { ...options, format }));
}

async function buildOne(
  model: string,
  options: { workspace: string; withDeps: boolean; restricted: boolean },
): Promise<void> {
  if (!(await buildAlone(model, { ...options, output }))) process.exitCode = 1;
}

async function checkAgain(options: { workspace: string }): Promise<void> {
  const comparison = await checkNight(options.workspace);
  for (const line of tellComparison(comparison)) output.write(line);
  if (comparison.differences.length > 0 || comparison.untold.length > 0) process.exitCode = 1;
}

async function keptModels(options: { workspace: string; rollBack?: string }): Promise<void> {
  if (options.rollBack !== undefined) {
    const { withdrawn, next } = await rollBack(options.workspace, options.rollBack);
    output.write(`${withdrawn} is taken back. From the next night on ${next ?? "the simple rule"} serves.`);
    return;
  }
  const { models, refused } = await listModels(options.workspace);
  for (const file of refused) output.write(`refused: ${file}`);
  for (const { version, trainedAsOf, standing } of models)
    output.write(`${standing.padEnd(9)}  ${trainedAsOf}  ${version}`);
  if (models.length === 0) output.write("No model was ever trained here.");
}

async function makeLandlord(options: SimulateOptions): Promise<void> {
  const made = await simulate(options);
  output.write(`${options.out}: ${made.leases} leases, ${made.entries} entries, as of ${made.asOf}`);
}

/** A size as DuckDB reads it: a number, and MB, GB or TB. */
function memorySize(text: string): string {
  if (!/^[1-9]\d{0,5}(?:\.\d+)?\s?[MGT]B$/i.test(text))
    throw new UserError(`--memory ${text}: is no size`, "Give a number and a unit, as 2GB or 800MB.");
  return text;
}

function wholeNumber(name: string): (text: string) => number {
  return (text) => {
    if (!/^\d+$/.test(text)) throw new UserError(`${name} ${text}: is no whole number`);
    return Number(text);
  };
}
