import type { Figure, IdentityTerm } from "./published-sums.ts";

/**
 * The figures in parts between which no sum holds, by their places, rising: what is withheld in one part, its figures, the slices and
 * the sums declared alone decide. One indicator's figures of a month stay together, since slices sum up to the company; so do
 * those that tell the same denominator, and those of all months that a declared sum holds between.
 */
export function independentParts(
  figures: readonly Figure[],
  identities: readonly IdentityTerm[],
): Int32Array[] {
  const { nodeOf, rootOf, join } = joinedNodes();
  const months = new Map<string, Set<number>>();
  const nodes = figures.map(({ indicator, month, shareGroup }) => {
    const told = months.get(indicator);
    if (told === undefined) months.set(indicator, new Set([month]));
    else told.add(month);
    const node = nodeOf(`figure ${indicator}`, month);
    join(node, nodeOf(`denominator ${shareGroup ?? indicator}`, month));
    return node;
  });
  for (const { identity, indicator, monthsAfter } of identities) {
    for (const month of months.get(indicator) ?? [])
      join(nodeOf(`figure ${indicator}`, month), nodeOf(`identity ${identity}`, month - monthsAfter));
  }
  const parts = new Map<number, number[]>();
  for (const [place, node] of nodes.entries()) {
    const root = rootOf(node);
    const part = parts.get(root);
    if (part === undefined) parts.set(root, [place]);
    else part.push(place);
  }
  return [...parts.values()].map((part) => Int32Array.from(part));
}

/** Nodes, one for each name and month, that are joined bit by bit. Those joined have the same root. */
function joinedNodes(): {
  nodeOf(name: string, month: number): number;
  rootOf(node: number): number;
  join(one: number, other: number): void;
} {
  const numbers = new Map<string, Map<number, number>>();
  const parents: number[] = [];
  const rootOf = (node: number): number => {
    let root = node;
    while ((parents[root] ?? root) !== root) root = parents[root] ?? root;
    parents[node] = root;
    return root;
  };
  return {
    nodeOf(name, month) {
      const ofName = numbers.get(name) ?? new Map<number, number>();
      const known = ofName.get(month);
      if (known !== undefined) return known;
      ofName.set(month, parents.length);
      numbers.set(name, ofName);
      return parents.push(parents.length) - 1;
    },
    rootOf,
    join(one, other) {
      parents[rootOf(one)] = rootOf(other);
    },
  };
}
