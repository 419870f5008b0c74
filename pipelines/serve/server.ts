import type { FastifyInstance } from "fastify";
import { UserError } from "../user-error.ts";
import { publishedSites } from "./published.ts";
import { sitesServer } from "./sites-server.ts";

/** What `serve` needs to know. */
export interface ServeOptions {
  workspace: string;
  /** 127.0.0.1, localhost or ::1; nothing else until sign-in exists. */
  host?: string;
  /** The port; 0 takes a free one. */
  port?: number;
  /** Receives one line for each address, and one for each request that failed. */
  log: (line: string) => void;
}

/** Where one site answers. */
export interface SiteAddress {
  /** Where it begins: `pilotage`, `prevention/ville-et-vallee`. */
  base: string;
  url: string;
}

/** Sites being served. */
export interface Serving {
  /** The address to open first: it lists the sites. */
  url: string;
  /** Each site of the night that was current at the start, in the order of their addresses. */
  sites: SiteAddress[];
  /** Stops listening and ends open connections; safe to call twice. */
  close(): Promise<void>;
}

/**
 * Serves the sites of a workspace's last good night, at one address, until `close`, SIGINT or SIGTERM, and follows the switch
 * to a newer night without a restart.
 *
 * @throws UserError for an address that is not this machine's own, a port that is invalid or taken, a
 * workspace that does not exist, or one without a published night.
 */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { workspace, host = "127.0.0.1", port = 4000, log } = options;
  checkAddress(host, port);
  const bases = await publishedSites(workspace);
  const server = await sitesServer(workspace, log);

  let closing: Promise<unknown> | undefined;
  const close = async (): Promise<void> => {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
    closing ??= server.close();
    await closing;
  };
  const onSignal = (): void => void close();

  try {
    const url = await listen(server, host, port);
    const sites = bases.map((base) => ({ base, url: new URL(`${base}/`, url).href }));
    log(`all sites: ${url}`);
    for (const site of sites) log(`${site.base}: ${site.url}`);
    process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
    return { url, sites, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function checkAddress(host: string, port: number): void {
  if (!["127.0.0.1", "localhost", "::1"].includes(host)) {
    throw new UserError(
      `Refused to serve on ${host}: there is no sign-in yet, and anyone on the network could read the sites`,
      "Serve on 127.0.0.1, localhost or ::1",
    );
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UserError(`Port ${port} is not a port`, "Give a whole number from 1 to 65535");
  }
}

async function listen(server: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    switch (code) {
      case "EADDRINUSE":
        throw new UserError(`Port ${port} is already in use`, "Stop the other program, or give another port");
      case "EACCES":
        throw new UserError(`Port ${port} needs rights that you do not have`, "Give a port above 1023");
      case "EADDRNOTAVAIL":
        throw new UserError(`This machine has no address ${host}`, "Serve on 127.0.0.1");
      case "ERR_SOCKET_BAD_PORT":
        throw new UserError(`Port ${port} is not a port`, "Give a whole number from 1 to 65535");
      default:
        throw error;
    }
  }
  const address = server.server.address();
  const actual = typeof address === "object" && address !== null ? address.port : port;
  return `http://${host.includes(":") ? `[${host}]` : host}:${actual}/`;
}
