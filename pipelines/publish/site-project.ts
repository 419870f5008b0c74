import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { glob } from "tinyglobby";

/** The folder of the Evidence projects, with their own node_modules. */
export const reports = fileURLToPath(new URL("../../reports", import.meta.url));

/** Parts of Evidence's template that serve its authors, not our readers, or that call for a server. */
const leftOut = [
  "src/fix-tprotocol-service-worker.js",
  "src/pages/explore",
  "src/pages/settings",
  "src/pages/fix-tprotocol-service-worker.js",
  "src/pages/manifest.webmanifest",
  "src/pages/api/settings.json",
  "src/pages/api/pagesManifest.json/buildPageManifest.spec.js",
  "src/pages/+page.md",
  "static",
];

/**
 * What a compiled site depends on, as 16 hexadecimal digits: pages, components, template, configuration, lockfile,
 * patches, and the programs that prepare and compile. Data is not part of it.
 */
export const projectKey = async (site: string): Promise<string> => {
  const parts = [site, "components", "french-formats", "template", "patches"].map((part) => `${part}/**`);
  const files = await glob([...parts, "*.js", "package.json", "package-lock.json"], {
    cwd: reports,
    dot: true,
    ignore: ["**/node_modules/**", "**/.evidence/**"],
  });
  const hash = createHash("sha256").update(await readFile(fileURLToPath(import.meta.url)));
  for (const file of files.sort()) {
    hash.update(`\n${file}\n`).update(await readFile(join(reports, file)));
  }
  return hash.digest("hex").slice(0, 16);
};

/** Where SvelteKit looks for the page that Evidence's `pages/` names `page`. */
const routeFile = (page: string): string => {
  if (!page.endsWith(".md")) return page;
  return basename(page) === "index.md"
    ? join(dirname(page), "+page.md")
    : join(page.slice(0, -".md".length), "+page.md");
};

/**
 * Makes `folder` a fresh Evidence project for `site`: its pages and configuration, the template as Evidence's own
 * command line would lay it out, our changes to it, and a link to the installed packages. Returns the template's
 * folder, where SvelteKit runs. Nothing in it comes from another build.
 */
export const prepareProject = async (site: string, key: string, folder: string): Promise<string> => {
  const source = join(reports, site);
  const template = join(folder, ".evidence", "template");
  await mkdir(template, { recursive: true });
  await symlink(join(reports, "node_modules"), join(folder, "node_modules"));
  for (const name of ["package.json", "evidence.config.yaml", "pages"]) {
    await cp(join(source, name), join(folder, name), { recursive: true });
  }
  // SvelteKit's own default is the time of the build, which would give every build other file names.
  const kit = { version: { name: key } };
  await writeFile(join(folder, "svelte.config.js"), `export default ${JSON.stringify({ kit })};\n`);

  const evidence = join(reports, "node_modules/@evidence-dev/evidence/template");
  await cp(evidence, template, {
    recursive: true,
    filter: (path) => !leftOut.includes(relative(evidence, path).split(sep).join("/")),
  });
  await cp(join(reports, "template"), template, { recursive: true });
  const pages = await readdir(join(source, "pages"), { recursive: true, withFileTypes: true });
  for (const entry of pages.filter((page) => page.isFile())) {
    const file = join(entry.parentPath, entry.name);
    const target = join(template, "src/pages", routeFile(relative(join(source, "pages"), file)));
    await mkdir(dirname(target), { recursive: true });
    await cp(file, target);
  }
  return template;
};

const manifestFile = "manifest.json";
type Manifest = { renderedFiles: Record<string, string[]> };

/**
 * Puts the Parquet files of `extract` where the pages' queries find them, as tables of `schema`. DuckDB
 * inside Evidence reads the extract's own bytes: no value passes through another program on its way to the page.
 */
export const placeData = async (template: string, schema: string, extract: string): Promise<void> => {
  const data = join(template, "static", "data");
  const tables = (await readdir(extract)).filter((file) => file.endsWith(".parquet")).sort();
  if (tables.length === 0) throw new Error(`No Parquet file in the extract ${extract}`);
  const files: string[] = [];
  for (const file of tables) {
    const table = basename(file, ".parquet");
    await mkdir(join(data, schema, table), { recursive: true });
    await cp(join(extract, file), join(data, schema, table, file));
    files.push(`static/data/${schema}/${table}/${file}`);
  }
  const manifest: Manifest = { renderedFiles: { [schema]: files } };
  await writeFile(join(data, manifestFile), JSON.stringify(manifest));
};

/**
 * Gives every Parquet file of a built site a path that holds the hash of its bytes, as Evidence's command line does,
 * so that a browser never mixes two nights.
 */
export const hashDataPaths = async (folder: string): Promise<void> => {
  const path = join(folder, "data", manifestFile);
  const manifest: Manifest = JSON.parse(await readFile(path, "utf8"));
  for (const files of Object.values(manifest.renderedFiles)) {
    for (const [index, file] of files.entries()) {
      const plain = join(folder, relative("static", file));
      const digest = createHash("md5")
        .update(await readFile(plain))
        .digest("hex");
      const hashed = join(dirname(plain), digest, basename(plain));
      await mkdir(dirname(hashed));
      await rename(plain, hashed);
      files[index] = `static/${relative(folder, hashed).split(sep).join("/")}`;
    }
  }
  await rm(path);
  await writeFile(path, JSON.stringify(manifest));
};
