import { describe, expect, test } from "vitest";
import { digestOf } from "../../pipelines/notify/digest.ts";
import { html, plainText, slackBody, teamsBody } from "../../pipelines/notify/formats.ts";
import { messagesOf } from "../../pipelines/notify/messages.ts";
import { type Notifications, notificationsSchema } from "../../pipelines/strategy/notifications.ts";
import { closed, elsewhere, opened, worsened } from "./sample-changes.ts";

const AS_OF = "2026-11-15";
/** Numbers carry no-break spaces; the expectations below are written with plain ones. */
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, " ");

describe("the words of a digest", () => {
  const digest = digestOf([closed, worsened, opened], AS_OF, "https://vigie.example/pilotage");

  test("say in French what opened, worsened and closed, why, and who does what by when", () => {
    expect(plain(plainText(digest))).toBe(`Bonjour,

Voici ce qui a changé pour l’agence Lille & environs : données au 15 novembre 2026, clôture d’octobre 2026.

NOUVELLES ALERTES
- Ménages devant au moins 3 termes : 8,4 %
  Seuil d’alerte 8,0 %, objectif 5,5 %.
  Au-delà du seuil d’alerte depuis 2 clôtures.
  Ce qui pèse le plus : Taux d’effort : 30 % et plus (+0,31 point).
  Prochaine action : Proposer un entretien (Mme Lenoir, avant le 1er janvier 2027).

ALERTES QUI S’AGGRAVENT
- Âge moyen de la dette : 1 234,5 j
  +34,5 j depuis le dernier message (1 200,0 j).
  Le mouvement du mois sort de ses limites habituelles.

ALERTES TERMINÉES
- Ménages devant au moins 3 termes : 5,0 %
  Le chiffre n’est plus en alerte (seuil d’alerte 8,0 %, objectif 5,5 %).

Voir le détail : https://vigie.example/pilotage/alertes/

Chaque alerte a un plan, un responsable et une date. Derrière chaque impayé il y a un ménage : prendre contact tôt et proposer une solution tenable reste la première réponse. Ce message ne contient aucune donnée sur un ménage.
`);
    expect(digest.subject).toBe(
      "Lille & environs : 1 nouvelle alerte, 1 alerte s’aggrave, 1 alerte terminée",
    );
  });

  test("stand in a page that fetches nothing and in which no name can break out of its place", () => {
    const page = html(digestOf([elsewhere(opened, "agency", '<img src="x">', [])], AS_OF, undefined));
    expect(page).toContain("&lt;img src=&quot;x&quot;&gt;");
    expect(page).not.toMatch(/<(?:img|script|link|iframe)|src=[^&]/);
    expect(page).toContain('<html lang="fr">');
  });

  test("fit the limits of Slack and Teams", () => {
    const many = Array.from({ length: 120 }, (_, i) => ({ ...opened, alert_id: String(i) }));
    const long = digestOf(many, AS_OF, undefined);
    const slack = slackBody({ ...long, subject: "x".repeat(200) }) as {
      text: string;
      blocks: { type: string }[];
    };
    expect(slack.blocks.length).toBeLessThanOrEqual(50);
    expect(JSON.stringify(slack.blocks[0])).toContain(`${"x".repeat(149)}…`);
    expect(JSON.stringify(slackBody(digest))).toContain("Lille &amp; environs");

    const teams = teamsBody(digest) as {
      type: string;
      attachments: { contentType: string; content: unknown }[];
    };
    expect(teams.type).toBe("message");
    expect(teams.attachments[0]?.contentType).toBe("application/vnd.microsoft.card.adaptive");
    expect(teams.attachments[0]?.content).toMatchObject({
      type: "AdaptiveCard",
      actions: [{ type: "Action.OpenUrl", url: "https://vigie.example/pilotage/alertes/" }],
    });
  });
});

describe("who gets what", () => {
  const smtp = { host: "localhost", from: "vigie@bailleur.example" };
  const told = [
    opened,
    worsened,
    elsewhere(closed, "agency", "A2", ["A2"]),
    elsewhere(opened, "sector", "Nord", ["A1", "A2"]),
    elsewhere(opened, "company", "company", ["A1", "A2"]),
  ];
  const sent = (given: object, changes = told) => {
    const notifications: Notifications = notificationsSchema.parse({ smtp, ...given });
    return messagesOf(changes, notifications, AS_OF);
  };
  const subjects = (given: object, changes = told) =>
    sent(given, changes).map((message) =>
      message.way === "mail" ? [message.to, message.subject] : [message.webhook, "card"],
    );

  test("one message for each recipient and each agency, sector or company of which something changed", () => {
    expect(subjects({ recipients: [{ email: "direction@bailleur.example" }] })).toEqual([
      ["direction@bailleur.example", "Lille & environs : 1 nouvelle alerte, 1 alerte s’aggrave"],
      ["direction@bailleur.example", "A2 : 1 alerte terminée"],
      ["direction@bailleur.example", "Nord : 1 nouvelle alerte"],
      ["direction@bailleur.example", "company : 1 nouvelle alerte"],
    ]);
  });

  test("only levels and agencies in scope; a sector counts with any of its agencies", () => {
    expect(
      subjects({
        recipients: [
          { email: "a2@bailleur.example", agencies: ["A2"], levels: ["agency", "sector"] },
          { email: "a9@bailleur.example", agencies: ["A9"], levels: ["agency", "sector"] },
        ],
        webhooks: [
          { name: "nord", format: "slack", url_variable: "HOOK", agencies: ["A1"], levels: ["agency"] },
        ],
      }),
    ).toEqual([
      ["a2@bailleur.example", "A2 : 1 alerte terminée"],
      ["a2@bailleur.example", "Nord : 1 nouvelle alerte"],
      ["nord", "card"],
    ]);
  });

  test("nothing when nothing changed", () => {
    expect(subjects({ recipients: [{ email: "direction@bailleur.example" }] }, [])).toEqual([]);
  });

  test("the same night makes the same messages; another recipient, date or figure makes others", () => {
    const recipients = [{ email: "one@bailleur.example" }, { email: "two@bailleur.example" }];
    const ids = sent({ recipients }).map(({ id }) => id);
    expect(sent({ recipients }).map(({ id }) => id)).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    const others = sent({ recipients }, [{ ...opened, value: 0.09 }]).map(({ id }) => id);
    expect(others.filter((id) => ids.includes(id))).toEqual([]);
  });
});

describe("what the strategy may say", () => {
  test.each([
    [{ recipients: [{ email: "a@b.example" }] }, "need a mail server"],
    [{ smtp: { host: "h", from: "a@b.example", password: "secret" } }, "password"],
    [{ smtp: { host: "h", from: "a@b.example" }, recipients: [{ email: "no address" }] }, "email"],
    [
      { webhooks: [1, 2].map(() => ({ name: "same", format: "slack", url_variable: "HOOK" })) },
      "same stands there twice",
    ],
    [
      { webhooks: [{ name: "x", format: "slack", url_variable: "https://hooks.example/1" }] },
      "environment variable",
    ],
  ])("%j is refused", (given, message) => {
    const parsed = notificationsSchema.safeParse(given);
    expect(JSON.stringify(parsed.error?.issues)).toContain(message);
  });
});
