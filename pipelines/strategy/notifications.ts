import { z } from "zod";

const environmentName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/, "is the name of an environment variable: capitals, digits and _");

const scope = {
  levels: z
    .array(z.enum(["company", "sector", "agency"]))
    .min(1)
    .default(["company", "sector", "agency"])
    .describe("Levels that the messages are about."),
  agencies: z
    .array(z.string())
    .min(1)
    .optional()
    .describe("Agencies that the messages are about, their sectors with them; all when absent."),
};

const address = z.email();

/** Whom the morning digest goes to, and by what way. */
export const notificationsSchema = z
  .strictObject({
    site_url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe("Where the site « Pilotage » is read; without it messages carry no link."),
    retry_days: z
      .int()
      .min(0)
      .default(7)
      .describe("A message that could not leave is tried again by the nights of so many days."),
    smtp: z
      .strictObject({
        host: z.string().min(1),
        port: z.int().min(1).max(65535).default(587),
        encryption: z
          .enum(["starttls", "tls", "none"])
          .default("starttls")
          .describe("none only for a relay on the same machine or network."),
        from: address.describe("The sender's address."),
        user: z.string().min(1).optional().describe("Without one the server is asked for no sign-in."),
        password_variable: environmentName
          .default("VIGIE_SMTP_PASSWORD")
          .describe(
            "The environment variable that holds the password; a password never stands in this file.",
          ),
        timeout_seconds: z.int().min(1).max(300).default(20),
      })
      .optional(),
    recipients: z
      .array(z.strictObject({ email: address, ...scope }))
      .default([])
      .describe("Who gets the digest by e-mail."),
    webhooks: z
      .array(
        z.strictObject({
          name: z.string().regex(/^[a-z][a-z0-9_-]*$/, "is lower case letters, digits, _ and -"),
          format: z.enum(["teams", "slack"]),
          url_variable: environmentName.describe(
            "The environment variable that holds the address: it is a secret.",
          ),
          timeout_seconds: z.int().min(1).max(300).default(20),
          ...scope,
        }),
      )
      .default([])
      .describe("Channels that get the digest."),
  })
  .prefault({})
  .superRefine(({ smtp, recipients, webhooks }, context) => {
    if (recipients.length > 0 && smtp === undefined)
      context.addIssue({ code: "custom", path: ["recipients"], message: "need a mail server: smtp" });
    const refuseTwice = (key: "recipients" | "webhooks", names: readonly string[]) => {
      const twice = names.findIndex((name, i) => names.indexOf(name) !== i);
      if (twice >= 0)
        context.addIssue({
          code: "custom",
          path: [key, twice],
          message: `${names[twice]} stands there twice`,
        });
    };
    refuseTwice(
      "recipients",
      recipients.map(({ email }) => email.toLowerCase()),
    );
    refuseTwice(
      "webhooks",
      webhooks.map(({ name }) => name),
    );
  });

/** Whom the morning digest goes to, defaults filled in. */
export type Notifications = z.output<typeof notificationsSchema>;
