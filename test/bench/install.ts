import { execFileSync, spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PROJECT } from "../../pipelines/project.ts";
import { secondsOfChildren } from "./children.ts";
import { machine } from "./machine.ts";

// What `npm ci` does on a fresh copy of the files that git tracks: packages of both folders, and the compilation of all pages.
const folder = await mkdtemp(join(tmpdir(), "vigie-install-"));
try {
  const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: PROJECT, encoding: "utf8" });
  for (const file of tracked.split("\0").filter((name) => name !== "")) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(PROJECT, file), join(folder, file));
  }
  const copied = await secondsOfChildren();
  const start = performance.now();
  const { status } = spawnSync("npm", ["ci"], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`npm ci ended with ${status}`);
  const wall = performance.now() - start;
  const spent = await secondsOfChildren();
  const kilobytes = execFileSync("du", ["-sk", folder], { encoding: "utf8" }).split("\t")[0];
  console.log(
    JSON.stringify({
      wall_seconds: Math.round(wall) / 1000,
      processor_seconds: spent === null || copied === null ? null : Math.round((spent - copied) * 100) / 100,
      megabytes: Math.round(Number(kilobytes) / 1024),
      machine: machine(),
    }),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
