import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSamples, type SampleSites } from "./site-visits.ts";

const minute = 60_000;

let sites: SampleSites;

beforeAll(async () => {
  sites = await openSamples("directors", { usual: {}, bare: { bare: true, model: "shadow" } });
}, 10 * minute);

afterAll(() => sites?.close());

const pages = [
  ["usual", "/", "Le recouvrement vu de la direction", 0],
  ["usual", "/agences/", "Agences comparées à situation de ménages égale", 0],
  ["usual", "/agences/share_3_terms/", "Locataires devant au moins 3 termes", 1],
  ["usual", "/fusions/", "Avant et après les fusions", 2],
  ["usual", "/objectifs/", "Objectifs", 0],
  ["usual", "/objectifs/arrears_rate/", "Taux d'impayé des locataires présents", 1],
  ["usual", "/cout/", "Coût de l’impayé", 1],
  ["usual", "/actions/", "Ce que nous faisons aide-t-il ?", 0],
  ["usual", "/prevention/", "Prévenir l’impayé : ce que valent les listes", 0],
  ["usual", "/prevention/manieres-de-payer/", "Manières de payer", 0],
  ["usual", "/prevention/modele/", "Comment le risque est estimé", 0],
  ["usual", "/principal-et-frais/", "Un recouvrement socialement responsable", 1],
  ["usual", "/donnees/", "Données de la nuit", 0],
  ["usual", "/lexique/", "Lexique", 0],
  ["bare", "/", "Le recouvrement vu de la direction", 0],
  ["bare", "/agences/", "Agences comparées à situation de ménages égale", 0],
  ["bare", "/agences/share_3_terms/", "Locataires devant au moins 3 termes", 0],
  ["bare", "/fusions/", "Avant et après les fusions", 0],
  ["bare", "/objectifs/", "Objectifs", 0],
  ["bare", "/actions/", "Ce que nous faisons aide-t-il ?", 0],
  ["bare", "/prevention/", "Prévenir l’impayé : ce que valent les listes", 0],
  ["bare", "/prevention/modele/", "Comment le risque est estimé", 0],
] as const;

describe("every kind of page, at 1280 and 390 pixels, tells its figures and nothing else", () => {
  test.concurrent.each(pages)("%s site, %s « %s » with %i charts", async (name, path, title, charts) => {
    await sites.check(name, path, title, charts);
  });
});

describe("what a director reads", () => {
  test("agencies compared with what their households' situation led to expect, never by a bare rank", async () => {
    const text = await sites.read("usual", "/agences/share_3_terms/");
    expect(text).toContain("Nantes Nord 1,42 (de 1,32 à 1,52) · moins bien qu’attendu");
    expect(text).toContain("Vitré 0,71 (de 0,54 à 0,88) · mieux qu’attendu");
    expect(text).toContain("Guérande secret statistique");
    expect(text).toMatch(/Nantes Nord moins bien qu’attendu 1,42 \(de 1,32 à 1,52\) 11e à 14e/);
  });

  test("what followed a merger, beside other agencies; without any, nothing is said of a cause", async () => {
    const { page } = await sites.visit("usual", "/fusions/", 1280);
    const [compared = "", alone = ""] = await page.locator("main section").allInnerTexts();
    expect(compared).toContain("Comparé aux agences pas encore fusionnées");
    expect(alone).toContain("Avant/après sans témoin");
    expect(alone).not.toMatch(/effet|cause|grâce|à cause|a fait|a permis/i);
    await page.context().close();
  });

  test("the effect of an action with its interval and all that it does not prove; or why there is none", async () => {
    const text = await sites.read("usual", "/actions/");
    expect(text).toContain("+9,4 points intervalle à 95 % : de +4,4 points à +14,4 points");
    expect(text.match(/Ce que c(?:e|es) chiffres? ne di(?:t|sent) pas\./g)).toHaveLength(3);
    expect(text).toContain("elle ne prouve pas la cause");
    expect(text).toContain("Non estimable sans groupe témoin");
  });

  test("who set each objective, how far it is, and how many agencies are in alert", async () => {
    expect(await sites.read("usual", "/objectifs/")).toMatch(
      /Taux d'impayé des locataires présents 6,2 % 6,0 % fixé par le bailleur \+0,2 point À surveiller/,
    );
    expect(await sites.read("usual", "/objectifs/arrears_rate/")).toMatch(/Nantes Nord 13,3 % 6,0 %/);
  });

  test("how much of each euro received repays the principal, under each rule", async () => {
    const text = await sites.read("usual", "/principal-et-frais/");
    expect(text).toMatch(/telle que comptabilisée 97,7 % .+principal d’abord 99,5 % .+ordre légal 98,7 %/);
  });

  test("what the lists announced, and in which agency; too few households are a secret", async () => {
    const text = await sites.read("usual", "/prevention/");
    expect(text).toMatch(/Annoncés à temps 91 \(50,6 %\).+Passés à côté 89/);
    expect(text).toMatch(/Nantes Nord 97 62,0 % 35 42,5 %/);
    expect(text).toMatch(/Guérande 181 86,0 % secret statistique secret statistique/);
    expect(await sites.read("bare", "/prevention/")).toContain("Modèle en observation");
  });

  test("in plain words what a landlord has nothing of: one agency, no merger, no action, no objective", async () => {
    expect(await sites.read("bare", "/agences/share_3_terms/")).toContain("Une seule agence");
    expect(await sites.read("bare", "/fusions/")).toContain("Aucune fusion d’agences");
    expect(await sites.read("bare", "/actions/")).toContain("Aucune action n’est encore assez documentée");
    expect(await sites.read("bare", "/objectifs/")).toContain("Aucun objectif n’est fixé");
  });
});
