import type { Notifications } from "../strategy/notifications.ts";
import type { Workspace } from "../workspace.ts";
import { isRefusalOfOne, openMailServer } from "./mail-server.ts";
import { type Message, markSent, waitingMessages } from "./outbox.ts";

/** What became of the messages that were waiting. */
export interface Delivery {
  readonly sent: number;
  readonly waiting: number;
}

/** What delivering needs: secrets come from the environment, warnings go to `warn`, one line for each way that failed. */
export interface DeliveryContext {
  readonly workspace: Workspace;
  readonly notifications: Notifications;
  readonly asOf: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly warn: (line: string) => void;
}

/**
 * Sends the messages that wait in the outbox and marks each as sent on its own. What cannot leave stays for the next
 * night, with one line of warning for each mail server or webhook; it never fails the night. Messages to people and
 * channels that the strategy no longer names are not sent.
 */
export async function deliver(context: DeliveryContext): Promise<Delivery> {
  const { workspace, notifications, asOf } = context;
  const waiting = await waitingMessages(workspace, asOf, notifications.retry_days);
  const addresses = new Set(notifications.recipients.map(({ email }) => email));
  const mails = waiting.filter((message) => message.way === "mail" && addresses.has(message.to));
  const left = [await sendMails(context, mails)];
  for (const webhook of notifications.webhooks) {
    const cards = waiting.filter((message) => message.way === "webhook" && message.webhook === webhook.name);
    left.push(await postCards(context, webhook, cards));
  }
  return {
    sent: left.reduce((sum, each) => sum + each.sent, 0),
    waiting: left.reduce((sum, each) => sum + each.waiting, 0),
  };
}

async function sendMails(context: DeliveryContext, mails: readonly Message[]): Promise<Delivery> {
  const { notifications, environment } = context;
  const { smtp } = notifications;
  if (smtp === undefined || mails.length === 0) return { sent: 0, waiting: mails.length };
  const password = environment[smtp.password_variable];
  if (smtp.user !== undefined && password === undefined) {
    tellWaiting(
      context,
      mails.length,
      `the mail server ${smtp.host}`,
      `${smtp.password_variable} is not set`,
    );
    return { sent: 0, waiting: mails.length };
  }
  const server = openMailServer(smtp, password);
  try {
    return await sendEach(context, mails, `the mail server ${smtp.host}`, async (message) => {
      if (message.way === "mail") await server.send(message);
    });
  } finally {
    server.close();
  }
}

type Webhook = Notifications["webhooks"][number];

async function postCards(
  context: DeliveryContext,
  webhook: Webhook,
  cards: readonly Message[],
): Promise<Delivery> {
  if (cards.length === 0) return { sent: 0, waiting: 0 };
  const url = context.environment[webhook.url_variable];
  if (url === undefined) {
    tellWaiting(context, cards.length, `the webhook ${webhook.name}`, `${webhook.url_variable} is not set`);
    return { sent: 0, waiting: cards.length };
  }
  return await sendEach(context, cards, `the webhook ${webhook.name}`, async (message) => {
    if (message.way !== "webhook") return;
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify(message.body),
      redirect: "error",
      signal: AbortSignal.timeout(webhook.timeout_seconds * 1000),
    });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
  });
}

async function sendEach(
  context: DeliveryContext,
  messages: readonly Message[],
  place: string,
  send: (message: Message) => Promise<void>,
): Promise<Delivery> {
  let sent = 0;
  let failure: string | undefined;
  for (const message of messages) {
    try {
      await send(message);
    } catch (error) {
      failure ??= reasonOf(error);
      if (isRefusalOfOne(error)) continue;
      break;
    }
    await markSent(context.workspace, message);
    sent++;
  }
  const waiting = messages.length - sent;
  if (failure !== undefined) tellWaiting(context, waiting, place, failure);
  return { sent, waiting };
}

function tellWaiting(context: DeliveryContext, count: number, place: string, why: string): void {
  const waiting = count === 1 ? "1 message waits" : `${count} messages wait`;
  context.warn(`warning: ${waiting} for ${place}: ${why}; the next night tries again`);
}

/** The cause in one line, without the address: that of a webhook is a secret. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "it failed";
  if (error.name === "TimeoutError") return "it did not answer in time";
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
  if (error instanceof TypeError) return code ?? "it cannot be reached";
  return cause.message.split("\n")[0] ?? "it failed";
}
