import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Browser, chromium } from "playwright-core";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--force-color-profile=srgb",
  "--font-render-hinting=none",
];

type Program = { path: string; env: Record<string, string> };

const fontConfiguration = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, "fonts")}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(folder, "fonts-cache")}</cachedir>
</fontconfig>
`;

/**
 * Unpacks, once per machine and version, the Chromium of the npm package: the program, its fonts and the shared
 * libraries (NSS, NSPR, expat) that it needs and a bare machine lacks. The package unpacks these libraries on AWS
 * only, and everything into the temporary folder of its process: so it runs in a process of its own, whose temporary
 * folder is renamed once it is whole.
 */
const packagedChromium = async (): Promise<Program> => {
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const packageFolder = join(dirname(entry), "..", "..");
  const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
  const folder = join(tmpdir(), `vigie-chromium-${version}`);
  if (!existsSync(folder)) {
    const staging = `${folder}-${randomUUID()}`;
    await mkdir(staging);
    const unpack = `
      import chromium, { inflate } from "@sparticuz/chromium";
      await Promise.all([
        chromium.executablePath(),
        inflate(${JSON.stringify(join(packageFolder, "bin", "al2023.tar.br"))}),
      ]);`;
    await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", unpack], {
      cwd: fileURLToPath(new URL("..", import.meta.url)),
      env: { ...process.env, TMPDIR: staging, NODE_OPTIONS: "" },
    });
    await writeFile(join(staging, "fonts", "fonts.conf"), fontConfiguration(folder));
    await rename(staging, folder).catch(() => rm(staging, { recursive: true, force: true }));
  }
  return {
    path: join(folder, "chromium"),
    env: {
      LD_LIBRARY_PATH: join(folder, "al2023", "lib"),
      FONTCONFIG_PATH: join(folder, "fonts"),
    },
  };
};

/**
 * Starts a headless Chromium for a test; the caller closes it. It is the one named by the environment variable
 * CHROMIUM if set, else the one of the npm package @sparticuz/chromium, else /usr/bin/chromium.
 *
 * @throws Error that says why each of them did not start
 */
export const launchBrowser = async (): Promise<Browser> => {
  const named = process.env.CHROMIUM;
  const candidates: (() => Promise<Program>)[] = [
    ...(named ? [async () => ({ path: named, env: {} })] : []),
    packagedChromium,
    async () => ({ path: "/usr/bin/chromium", env: {} }),
  ];
  const failures: string[] = [];
  for (const candidate of candidates) {
    try {
      const { path, env } = await candidate();
      return await chromium.launch({
        executablePath: path,
        args: flags,
        env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? tmpdir(), ...env },
      });
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(`No Chromium starts on this machine:\n${failures.join("\n")}`);
};
