import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer } from "smtp-server";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { deliver } from "../../pipelines/notify/deliver.ts";
import { messagesOf } from "../../pipelines/notify/messages.ts";
import { OUTBOX } from "../../pipelines/notify/outbox.ts";
import { layDown, settleState, tell } from "../../pipelines/state/state.ts";
import { notificationsSchema } from "../../pipelines/strategy/notifications.ts";
import { beginNight, openWorkspace, switchToNight, type Workspace } from "../../pipelines/workspace.ts";
import { closed, elsewhere, opened } from "./sample-changes.ts";

const AS_OF = "2026-11-15";
const CHANGES = [opened, elsewhere(closed, "agency", "A2", ["A2"])];

let workspace: Workspace;
beforeEach(async () => {
  const root = await mkdtemp(join(tmpdir(), "vigie-outbox-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  workspace = openWorkspace(root);
});

/** A mail server of this machine's own; `refuses` says which addresses it does not take. */
async function startMailServer(
  refuses: (address: string) => boolean = () => false,
  user?: readonly [string, string],
) {
  const received: Email[] = [];
  const server = new SMTPServer({
    disabledCommands: user === undefined ? ["STARTTLS", "AUTH"] : ["STARTTLS"],
    allowInsecureAuth: true,
    logger: false,
    onAuth: (auth, _session, done) => {
      const isKnown = auth.username === user?.[0] && auth.password === user?.[1];
      done(isKnown ? null : new Error("not known here"), { user: auth.username ?? "" });
    },
    onRcptTo: ({ address }, _session, done) => done(refuses(address) ? new Error("no such mailbox") : null),
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        PostalMime.parse(Buffer.concat(chunks)).then((mail) => {
          received.push(mail);
          done();
        }, done);
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()));
  onTestFinished(stop);
  return { received, stop, port: (server.server.address() as AddressInfo).port };
}

/** A web server that keeps what is posted to it and answers with a status. */
async function startHook(status = 200) {
  const posted: { type: string | undefined; body: unknown }[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    request.on("end", () => {
      posted.push({ type: request.headers["content-type"], body: JSON.parse(text) });
      response.writeHead(status).end("ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { posted, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-path` };
}

/** A night that puts the messages of these changes into the outbox, and becomes current. */
async function nightWith(given: object, changes = CHANGES, asOf = AS_OF) {
  const notifications = notificationsSchema.parse(given);
  const night = await beginNight(workspace);
  await layDown(
    workspace,
    night,
    await tell(workspace, OUTBOX, asOf, null, messagesOf(changes, notifications, asOf)),
  );
  await switchToNight(workspace, night);
  await settleState(workspace);
}

/** What a night does last. */
async function send(given: object, environment: Readonly<Record<string, string>> = {}, asOf = AS_OF) {
  const warnings: string[] = [];
  const warn = (line: string) => warnings.push(line);
  const notifications = notificationsSchema.parse(given);
  const delivery = await deliver({ workspace, notifications, asOf, environment, warn });
  return { ...delivery, warnings };
}

const byMail = (port: number, more: object = {}) => ({
  smtp: {
    host: "127.0.0.1",
    port,
    encryption: "none",
    from: "vigie@bailleur.example",
    timeout_seconds: 5,
    ...more,
  },
  recipients: [{ email: "agences@bailleur.example" }],
});

describe("mails", () => {
  test("arrive as text and HTML, once, under an id of their own", async () => {
    const { received, port } = await startMailServer();
    const strategy = byMail(port);
    await nightWith(strategy);
    expect(await send(strategy)).toEqual({ sent: 2, waiting: 0, warnings: [] });
    expect(await send(strategy)).toEqual({ sent: 0, waiting: 0, warnings: [] });
    expect(received.map(({ subject }) => subject)).toEqual([
      "Lille & environs : 1 nouvelle alerte",
      "A2 : 1 alerte terminée",
    ]);
    const [mail] = received;
    expect(mail?.from?.address).toBe("vigie@bailleur.example");
    expect(mail?.to?.map(({ address }) => address)).toEqual(["agences@bailleur.example"]);
    expect(mail?.messageId).toMatch(/^<[0-9a-f]{32}@bailleur\.example>$/);
    expect(mail?.text).toContain("Voici ce qui a changé pour l’agence Lille & environs");
    expect(mail?.html).toContain('<html lang="fr">');
    expect(new Set(received.map(({ messageId }) => messageId)).size).toBe(2);
  });

  test("wait for a server that is down, with one line of warning, and leave on a later night", async () => {
    const { received, port, stop } = await startMailServer();
    await stop();
    const strategy = byMail(port);
    await nightWith(strategy);
    const failed = await send(strategy);
    expect(failed).toMatchObject({ sent: 0, waiting: 2 });
    expect(failed.warnings).toEqual([
      expect.stringMatching(
        /^warning: 2 messages wait for the mail server 127\.0\.0\.1: .+; the next night tries again$/,
      ),
    ]);
    expect(received).toEqual([]);

    const repaired = await startMailServer();
    expect(await send(byMail(repaired.port), {}, "2026-11-16")).toMatchObject({ sent: 2, waiting: 0 });
    expect(repaired.received).toHaveLength(2);
  });

  test("a mailbox that is refused keeps no other mail back", async () => {
    const { received, port } = await startMailServer((address) => address.startsWith("gone@"));
    const strategy = {
      ...byMail(port),
      recipients: ["gone", "here"].map((name) => ({ email: `${name}@bailleur.example` })),
    };
    await nightWith(strategy);
    const sent = await send(strategy);
    expect(sent).toMatchObject({ sent: 2, waiting: 2 });
    expect(sent.warnings).toHaveLength(1);
    expect(received.map(({ to }) => to?.[0]?.address)).toEqual([
      "here@bailleur.example",
      "here@bailleur.example",
    ]);
  });

  test("killed after the mail had left and before that was kept, the mail comes again under the same id", async () => {
    const { received, port } = await startMailServer();
    const strategy = byMail(port);
    await nightWith(strategy, [opened]);
    await send(strategy);
    await rm(join(workspace.state, "sent.jsonl"));
    await appendFile(join(workspace.state, "sent.jsonl"), '{"id":"cut o');
    expect(await send(strategy)).toMatchObject({ sent: 1 });
    expect(received).toHaveLength(2);
    expect(received[0]?.messageId).toBe(received[1]?.messageId);
    expect(await readFile(join(workspace.state, "sent.jsonl"), "utf8")).toMatch(
      /^\{"id":"[0-9a-f]{32}"\}\n$/,
    );
  });

  test("the password comes from the environment; without it nothing is tried", async () => {
    const { received, port } = await startMailServer(undefined, ["vigie", "s3cret"]);
    const strategy = byMail(port, { user: "vigie" });
    await nightWith(strategy, [opened]);
    expect(await send(strategy)).toEqual({
      sent: 0,
      waiting: 1,
      warnings: [
        "warning: 1 message waits for the mail server 127.0.0.1: VIGIE_SMTP_PASSWORD is not set; the next night tries again",
      ],
    });
    const wrong = await send(strategy, { VIGIE_SMTP_PASSWORD: "wr0ng" });
    expect(wrong).toMatchObject({ sent: 0, waiting: 1 });
    expect(wrong.warnings.join()).not.toContain("wr0ng");
    expect(await send(strategy, { VIGIE_SMTP_PASSWORD: "s3cret" })).toMatchObject({ sent: 1 });
    expect(received).toHaveLength(1);
  });

  test("a server that offers no encryption gets no mail where encryption is asked for", async () => {
    const { received, port } = await startMailServer();
    const strategy = byMail(port, { encryption: "starttls" });
    await nightWith(strategy, [opened]);
    expect(await send(strategy)).toMatchObject({ sent: 0, waiting: 1 });
    expect(received).toEqual([]);
  });

  test("old news is let go, and people whom the strategy no longer names are not written to", async () => {
    const { received, port } = await startMailServer();
    await nightWith(byMail(port));
    expect(await send({ ...byMail(port), recipients: [] })).toMatchObject({ sent: 0, warnings: [] });
    expect(await send({ ...byMail(port), retry_days: 7 }, {}, "2026-11-23")).toMatchObject({
      sent: 0,
      warnings: [],
    });
    expect(await send({ ...byMail(port), retry_days: 7 }, {}, "2026-11-22")).toMatchObject({ sent: 2 });
    expect(received).toHaveLength(2);
  });

  test("a date told anew sends only what it says last", async () => {
    const { received, port } = await startMailServer();
    await nightWith(byMail(port), [opened]);
    await nightWith(byMail(port), [{ ...opened, value: 0.09 }]);
    expect(await send(byMail(port))).toMatchObject({ sent: 1 });
    expect(received[0]?.text).toContain("9,0");
  });
});

describe("webhooks", () => {
  const byHook = (format: "teams" | "slack") => ({
    webhooks: [{ name: "agences", format, url_variable: "AGENCIES_HOOK", timeout_seconds: 5 }],
  });

  test.each(["teams", "slack"] as const)(
    "of %s get one post a slice, with the body that it takes",
    async (format) => {
      const { posted, url } = await startHook();
      await nightWith(byHook(format));
      expect(await send(byHook(format), { AGENCIES_HOOK: url })).toEqual({
        sent: 2,
        waiting: 0,
        warnings: [],
      });
      expect(await send(byHook(format), { AGENCIES_HOOK: url })).toMatchObject({ sent: 0 });
      expect(posted.map(({ type }) => type)).toEqual(Array(2).fill("application/json; charset=utf-8"));
      expect(posted[0]?.body).toMatchObject(
        format === "teams"
          ? { type: "message", attachments: [{ content: { type: "AdaptiveCard" } }] }
          : {
              text: "Lille &amp; environs : 1 nouvelle alerte",
              blocks: expect.arrayContaining([expect.objectContaining({ type: "section" })]),
            },
      );
    },
  );

  test("that fail, or whose address is not set, keep their posts waiting; the address is never told", async () => {
    const { url } = await startHook(500);
    await nightWith(byHook("slack"));
    const unset = await send(byHook("slack"));
    expect(unset).toMatchObject({
      sent: 0,
      waiting: 2,
      warnings: [expect.stringContaining("AGENCIES_HOOK is not set")],
    });
    for (const address of [url, "http://127.0.0.1:9/secret-path", "no address at all/secret-path"]) {
      const failed = await send(byHook("slack"), { AGENCIES_HOOK: address });
      expect(failed).toMatchObject({ sent: 0, waiting: 2 });
      expect(failed.warnings).toHaveLength(1);
      expect(failed.warnings.join()).not.toContain("secret-path");
    }
  });
});

test("a damaged outbox is named with its line", async () => {
  await nightWith(byMail(25));
  await appendFile(join(workspace.state, "sent.jsonl"), '{"id":1}\n');
  await expect(send(byMail(25))).rejects.toThrow("state/sent.jsonl:1: the state is damaged: it id: ");
});
