import type { AddressInfo } from "node:net";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";
import { expect, onTestFinished, test } from "vitest";
import { runNight } from "../../pipelines/nightly.ts";
import { makeAlertingLandlord } from "../alerts/alerting-landlord.ts";
import { queryNight } from "../tiny-landlord.ts";

/** A mail server of this machine's own that keeps the subjects that it was sent. */
async function startMailServer(port: number) {
  const subjects: string[] = [];
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS", "AUTH"],
    logger: false,
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        PostalMime.parse(Buffer.concat(chunks)).then((mail) => {
          subjects.push(mail.subject ?? "");
          done();
        }, done);
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", () => resolve()));
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()));
  onTestFinished(stop);
  return { subjects, stop, port: (server.server.address() as AddressInfo).port };
}

/** Runs a night without its sites; the lines that it prints beside those of its steps. */
async function nightOf(workspace: string, asOf: string): Promise<string[]> {
  const lines: string[] = [];
  const output = { isTerminal: false, write: (line: string) => lines.push(line) };
  await runNight({ workspace, asOf, output, sites: [] });
  return lines.filter((line) => !line.startsWith("["));
}

const ALERTS = "select alert_id, opened_on, trend from alert.alert order by alert_id";
const AGENCY = "share_1_term:agency:A1:2024-03";
const SECTOR = "share_1_term:sector:Nord:2024-03";

test("from a ledger to a mail: red twice running, an alert, a plan, a digest that waits for the server and is sent once", async () => {
  const down = await startMailServer(0);
  await down.stop();
  const workspace = await makeAlertingLandlord(`
notifications:
  smtp: { host: 127.0.0.1, port: ${down.port}, encryption: none, from: vigie@bailleur.example, timeout_seconds: 10 }
  recipients: [{ email: agences@bailleur.example }]
`);

  expect(await nightOf(workspace, "2024-04-02")).toEqual([
    expect.stringMatching(/^warning: 2 messages wait for the mail server 127\.0\.0\.1: /),
  ]);
  expect(await queryNight(workspace, ALERTS)).toEqual([
    [AGENCY, "2024-04-02", "new"],
    [SECTOR, "2024-04-02", "new"],
  ]);
  expect(
    await queryNight(workspace, "select owner_fr, due_on, status from alert.action_plan order by plan_id"),
  ).toEqual([
    ["Mme Lenoir", "2024-04-22", "open"],
    ["Pôle prévention", "2024-04-22", "open"],
  ]);

  const up = await startMailServer(down.port);
  const [built, ...others] = await nightOf(workspace, "2024-04-03");
  expect(built).toMatch(/^\d+ tables stayed as they were last night, /);
  expect(others).toEqual([]);
  expect(await queryNight(workspace, "select * from alert.change")).toEqual([]);
  expect(await queryNight(workspace, ALERTS)).toEqual([
    [AGENCY, "2024-04-02", "new"],
    [SECTOR, "2024-04-02", "new"],
  ]);
  expect(up.subjects).toEqual(["Nord : 1 nouvelle alerte", "Agence du Port : 1 nouvelle alerte"]);
});
