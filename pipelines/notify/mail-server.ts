import { createTransport } from "nodemailer";
import type { Notifications } from "../strategy/notifications.ts";
import type { Message } from "./outbox.ts";

type Smtp = NonNullable<Notifications["smtp"]>;
type Mail = Extract<Message, { way: "mail" }>;

/** Sends mails over one connection. */
export interface MailServer {
  /** Hands one mail to the server; its Message-ID comes from its id, so that a mail sent twice is known as one. */
  send(mail: Mail): Promise<void>;
  close(): void;
}

/** Opens the landlord's mail server; nothing is connected before the first mail. */
export function openMailServer(smtp: Smtp, password: string | undefined): MailServer {
  const limit = smtp.timeout_seconds * 1000;
  const transport = createTransport({
    pool: true,
    maxConnections: 1,
    host: smtp.host,
    port: smtp.port,
    secure: smtp.encryption === "tls",
    requireTLS: smtp.encryption === "starttls",
    ignoreTLS: smtp.encryption === "none",
    connectionTimeout: limit,
    greetingTimeout: limit,
    socketTimeout: limit,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(smtp.user === undefined ? {} : { auth: { user: smtp.user, pass: password ?? "" } }),
  });
  const domain = smtp.from.slice(smtp.from.lastIndexOf("@") + 1);
  return {
    async send({ id, to, subject, text, html }) {
      const messageId = `<${id}@${domain}>`;
      await transport.sendMail({ from: smtp.from, to, subject, text, html, messageId });
    },
    close: () => transport.close(),
  };
}

/** Whether the server took the connection and refused this mail only: the others may still leave. */
export function isRefusalOfOne(error: unknown): boolean {
  return (
    error instanceof Error && "code" in error && (error.code === "EENVELOPE" || error.code === "EMESSAGE")
  );
}
