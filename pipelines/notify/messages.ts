import { createHash } from "node:crypto";
import type { Notifications } from "../strategy/notifications.ts";
import { type AlertChange, type Digest, digestOf } from "./digest.ts";
import { html, plainText, slackBody, teamsBody } from "./formats.ts";
import type { Message } from "./outbox.ts";

/**
 * The messages of a night: one for each recipient or webhook and each agency, sector or company in its scope of which
 * something changed; none where nothing did. A message's id comes from what it says and to whom, so that the same night
 * makes the same messages.
 */
export function messagesOf(
  changes: readonly AlertChange[],
  { recipients, webhooks, site_url: siteUrl }: Notifications,
  asOf: string,
): Message[] {
  const slices = new Map<string, AlertChange[]>();
  for (const change of changes) {
    const key = `${change.level}\n${change.slice_id}`;
    slices.set(key, [...(slices.get(key) ?? []), change]);
  }
  const digests = [...slices.values()].map((of) => ({ of, digest: digestOf(of, asOf, siteUrl) }));
  const inScope = (scope: Scope) => digests.filter(({ of }) => of.some((change) => concerns(scope, change)));
  const mails = recipients.flatMap((recipient) =>
    inScope(recipient).map(({ digest }): Message => {
      const { subject } = digest;
      const content = { to: recipient.email, subject, text: plainText(digest), html: html(digest) };
      return { way: "mail", id: idOf(asOf, content), ...content };
    }),
  );
  const cards = webhooks.flatMap((webhook) =>
    inScope(webhook).map(({ digest }): Message => {
      const content = { webhook: webhook.name, body: cardOf(webhook.format, digest) };
      return { way: "webhook", id: idOf(asOf, content), ...content };
    }),
  );
  return [...mails, ...cards];
}

type Scope = Pick<Notifications["recipients"][number], "levels" | "agencies">;

function concerns({ levels, agencies }: Scope, { level, agencies: of, slice_id }: AlertChange): boolean {
  if (!levels.includes(level)) return false;
  if (agencies === undefined || level === "company") return true;
  return level === "agency" ? agencies.includes(slice_id) : of.some((agency) => agencies.includes(agency));
}

function cardOf(format: "teams" | "slack", digest: Digest): unknown {
  return format === "teams" ? teamsBody(digest) : slackBody(digest);
}

function idOf(asOf: string, content: object): string {
  return createHash("sha256")
    .update(JSON.stringify([asOf, content]))
    .digest("hex")
    .slice(0, 32);
}
