/**
 * A process that publishes one night in small and kills itself just before its n-th write to the disk: first the files of
 * the state, then the switch, then what settles them. Arguments: the landlord's folder, n. It exits with 7 when there was no n-th write.
 */
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { z } from "zod";

const [folder = "", limit = "0"] = process.argv.slice(2);
let writes = 0;
const dying =
  <Given extends unknown[], Result>(write: (...given: Given) => Promise<Result>) =>
  (...given: Given): Promise<Result> => {
    writes++;
    if (writes === Number(limit)) process.kill(process.pid, "SIGKILL");
    return write(...given);
  };
const { beginNight, openWorkspace } = await import("../../pipelines/workspace.ts");
const workspace = openWorkspace(folder);
const night = await beginNight(workspace);
await promises.writeFile(night.warehouse, "the night of October");

promises.rename = dying(promises.rename);
promises.writeFile = dying(promises.writeFile) as typeof promises.writeFile;
promises.symlink = dying(promises.symlink);
promises.mkdir = dying(promises.mkdir) as typeof promises.mkdir;
promises.chmod = dying(promises.chmod);
promises.rm = dying(promises.rm);
syncBuiltinESMExports();

const { publishNight } = await import("../../pipelines/state/night.ts");
const { tell } = await import("../../pipelines/state/state.ts");
const line = z.strictObject({ said: z.string() });
const told = ["alerts", "outbox"].map((folder) =>
  tell(workspace, { folder, line }, "2026-10-31", null, [{ said: "October" }]),
);
await publishNight(workspace, night, (await Promise.all(told)).flat());
process.exitCode = 7;
