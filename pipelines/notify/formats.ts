import type { Digest } from "./digest.ts";

/** The plain text of a digest. */
export function plainText({ opening, parts, closing, link }: Digest): string {
  const said = parts.map(({ heading, alerts }) =>
    [
      heading.toUpperCase(),
      ...alerts.flatMap(({ title, lines }) => [`- ${title}`, ...lines.map((line) => `  ${line}`)]),
    ].join("\n"),
  );
  const where = link === undefined ? [] : [`Voir le détail : ${link}`];
  return `${["Bonjour,", opening, ...said, ...where, closing].join("\n\n")}\n`;
}

/** The digest as a simple HTML page: no image, no style sheet, nothing fetched. */
export function html({ subject, opening, parts, closing, link }: Digest): string {
  const said = parts.flatMap(({ heading, alerts }) => [
    `<h2 style="font-size:16px;margin:24px 0 8px">${escapeHtml(heading)}</h2>`,
    "<ul>",
    ...alerts.map(
      ({ title, lines }) =>
        `<li style="margin-bottom:12px"><strong>${escapeHtml(title)}</strong>${lines
          .map((line) => `<br>${escapeHtml(line)}`)
          .join("")}</li>`,
    ),
    "</ul>",
  ]);
  const where = link === undefined ? [] : [`<p><a href="${escapeHtml(link)}">Voir le détail</a></p>`];
  return [
    "<!doctype html>",
    `<html lang="fr"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>`,
    '<body style="font-family:sans-serif;font-size:15px;line-height:1.5;color:#1a1a1a;max-width:42em">',
    "<p>Bonjour,</p>",
    `<p>${escapeHtml(opening)}</p>`,
    ...said,
    ...where,
    `<p style="color:#555">${escapeHtml(closing)}</p>`,
    "</body></html>",
    "",
  ].join("\n");
}

/** The body that an incoming webhook of Slack takes: a text for notifications, and blocks within Slack's limits. */
export function slackBody({ subject, opening, parts, closing, link }: Digest): unknown {
  const said = parts.flatMap(({ heading, alerts }) => [
    section(`*${escapeSlack(heading)}*`),
    ...alerts.map(({ title, lines }) =>
      section([`*${escapeSlack(title)}*`, ...lines.map(escapeSlack)].join("\n")),
    ),
  ]);
  const where = link === undefined ? [] : [section(`<${escapeSlack(link)}|Voir le détail>`)];
  const told = said.slice(0, SLACK_BLOCKS);
  const left = said.length > told.length ? [section("… et d’autres, à lire sur le site.")] : [];
  return {
    text: escapeSlack(subject),
    blocks: [
      { type: "header", text: { type: "plain_text", text: shorten(subject, 150) } },
      section(escapeSlack(opening)),
      ...told,
      ...left,
      ...where,
      { type: "context", elements: [{ type: "mrkdwn", text: escapeSlack(closing) }] },
    ],
  };
}

/** The body that a webhook of Teams takes: one message with an adaptive card. */
export function teamsBody({ subject, opening, parts, closing, link }: Digest): unknown {
  const line = (text: string, more: object = {}) => ({ type: "TextBlock", text, wrap: true, ...more });
  const said = parts.flatMap(({ heading, alerts }) => [
    line(heading, { weight: "Bolder", separator: true, spacing: "Medium" }),
    ...alerts.flatMap(({ title, lines }) => [
      line(title, { weight: "Bolder" }),
      ...lines.map((text) => line(text, { spacing: "None" })),
    ]),
  ]);
  return {
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          lang: "fr",
          body: [
            line(subject, { weight: "Bolder", size: "Medium" }),
            line(opening),
            ...said,
            line(closing, { isSubtle: true, separator: true }),
          ],
          ...(link === undefined
            ? {}
            : { actions: [{ type: "Action.OpenUrl", title: "Voir le détail", url: link }] }),
        },
      },
    ],
  };
}

/** A message of Slack holds 50 blocks; five of them are for what stands around the alerts. */
const SLACK_BLOCKS = 45;
const SLACK_SECTION = 3000;

function section(text: string): unknown {
  return { type: "section", text: { type: "mrkdwn", text: shorten(text, SLACK_SECTION) } };
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function escapeSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function escapeHtml(text: string): string {
  return escapeSlack(text).replaceAll('"', "&quot;");
}
