import type { ContactRecord } from "./landlord-records.ts";
import type { Chances } from "./random.ts";

const FIRST_NAMES = {
  female: [
    "Adèle",
    "Aïcha",
    "Amandine",
    "Anaïs",
    "Béatrice",
    "Camille",
    "Chloé",
    "Corinne",
    "Élodie",
    "Fatou",
    "Françoise",
    "Hélène",
    "Inès",
    "Jeanne",
    "Khadija",
    "Laure",
    "Léa",
    "Lucie",
    "Maëlys",
    "Marie-Noëlle",
    "Mélanie",
    "Nadia",
    "Odile",
    "Pauline",
    "Rosa",
    "Samira",
    "Solène",
    "Sylvie",
    "Yasmine",
    "Zoé",
  ],
  male: [
    "Adrien",
    "Ali",
    "André",
    "Bastien",
    "Benoît",
    "Cédric",
    "Damien",
    "Driss",
    "Étienne",
    "François",
    "Gaël",
    "Gérard",
    "Hugo",
    "Ibrahim",
    "Jean-Luc",
    "Joël",
    "Karim",
    "Loïc",
    "Mamadou",
    "Michel",
    "Noé",
    "Olivier",
    "Paul",
    "Quentin",
    "Rémi",
    "Samuel",
    "Thierry",
    "Tomás",
    "Victor",
    "Yann",
  ],
} as const;

const LAST_NAMES = [
  "Abadie",
  "Allard",
  "Bellanger",
  "Benali",
  "Berthelot",
  "Boisseau",
  "Bonnefoy",
  "Cissé",
  "Cœurjoly",
  "D'Angelo",
  "D'Hervé",
  "Da Costa",
  "Delaunay",
  "Diop",
  "Dumoulin",
  "Fèvre",
  "Fournier",
  "Garnier",
  "Gomes",
  "Guérin",
  "Hamel",
  "Haddad",
  "Jacquet",
  "Kone",
  "L'Hostis",
  "L'Hermite",
  "Lacaze",
  "Le Goff",
  "Le Guen",
  "Lemoine",
  "Maçon",
  "Marchal",
  "Mercier",
  "Moreau",
  "Nguyen",
  "Noël",
  "O'Brien",
  "Ould Ali",
  "Pasquier",
  "Pélissier",
  "Perrin",
  "Quéré",
  "Renaud",
  "Rivière",
  "Saïdi",
  "Sanchez",
  "Tessier",
  "Traoré",
  "Vasseur",
  "Weber",
  "Yilmaz",
  "Zielinski",
] as const;

const STREETS = [
  "rue des Tanneurs",
  "allée des Tilleuls",
  "avenue de l'Europe",
  "rue Haute",
  "square du Lavoir",
  "rue de l'Écluse",
  "boulevard du Port",
  "chemin des Vignes",
  "place aux Grains",
  "rue Saint-Éloi",
  "impasse du Moulin",
  "cours Neuf",
] as const;

const TOWNS = ["Aubrelle", "Beauvallon", "Les Carrières", "Port-Sauvelle", "Vaudrange-le-Haut"] as const;

/** Shares of names written as real files write them, out of one: the rest is plain. */
const NAME_FORMS = { plain: 0.975, widowed: 0.008, nicknamed: 0.005, careOf: 0.006, couple: 0.006 } as const;

/**
 * An invented contact. Phone numbers come from the ranges that the French regulator keeps for fiction, e-mail
 * addresses from domains reserved for examples.
 */
export function drawContact(
  chances: Chances,
  person: { readonly sex: "female" | "male"; readonly adults: number; readonly digitalConsent: boolean },
  guarded: boolean,
): ContactRecord {
  const firstName = chances.pick(FIRST_NAMES[person.sex], "firstName");
  const lastName = chances.pick(LAST_NAMES, "lastName");
  const digits = (purpose: "phone" | "email", length: number): string =>
    `${chances.integer([0, 10 ** length - 1], purpose)}`.padStart(length, "0");
  const number = digits("phone", 4);
  const couple = person.adults > 1 && chances.chance(0.4, "otherFirstName");
  return {
    civility: couple ? "Madame et Monsieur" : person.sex === "female" ? "Madame" : "Monsieur",
    name: writtenName(chances, firstName, lastName),
    address: `${chances.integer([1, 180], "street")} ${chances.pick(STREETS, "street", 1)}, ${chances.pick(TOWNS, "street", 2)}`,
    phone: chances.chance(0.93, "phone", 1) ? `06 39 98 ${number.slice(0, 2)} ${number.slice(2)}` : null,
    email: person.digitalConsent
      ? `${plain(firstName)}.${plain(lastName)}${digits("email", 3)}@example.org`
      : null,
    legalRepresentative: guarded
      ? `${chances.pick(["Association tutélaire du Plateau", "Mandataire judiciaire L. D'Orsel"], "guardian")}`
      : null,
  };
}

function writtenName(chances: Chances, firstName: string, lastName: string): string {
  switch (chances.choose(NAME_FORMS, "nameForm")) {
    case "plain":
      return `${lastName} ${firstName}`;
    case "widowed":
      return `${lastName} ${firstName}, veuve ${chances.pick(LAST_NAMES, "lastName", 1)}`;
    case "nicknamed":
      return `${lastName} ${firstName} dit "Le ${chances.pick(["Petit", "Grand", "Roux"], "nameForm", 1)}"`;
    case "careOf":
      return `${lastName} ${firstName}\nchez ${chances.pick(LAST_NAMES, "lastName", 2)}`;
    case "couple":
      return `${lastName} ${firstName} & ${chances.pick(LAST_NAMES, "lastName", 3)} ; colocation`;
  }
}

function plain(name: string): string {
  return name
    .normalize("NFD")
    .replace(/œ/g, "oe")
    .replace(/[^A-Za-z]/g, "")
    .toLowerCase();
}
