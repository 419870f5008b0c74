import { uniformFloat32 } from "pure-rand/distribution/uniformFloat32";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/**
 * Numbers for what files look like, never for what happens to people: the same keys always give the same numbers,
 * whatever else is drawn.
 */
export class KeyedStream {
  readonly #generator: RandomGenerator;

  /** The keys are whole numbers. */
  constructor(...keys: readonly number[]) {
    let hash = 0x9e3779b9;
    for (const key of keys) {
      hash = Math.imul(hash ^ (key % 0x1_0000_0000), 0x85ebca6b);
      hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
      hash ^= hash >>> 16;
    }
    this.#generator = xoroshiro128plus(hash);
    // The first numbers of neighbouring seeds are alike.
    this.fraction();
    this.fraction();
  }

  /** A number from 0 (included) to 1 (excluded). */
  fraction(): number {
    return uniformFloat32(this.#generator);
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return uniformInt(this.#generator, low, high);
  }

  /** One of the keys of `weights`, in proportion to its weight. */
  choose<Key extends string>(weights: Readonly<Record<Key, number>>): Key {
    let total = 0;
    for (const key in weights) total += weights[key];
    let left = this.fraction() * total;
    let chosen: Key | undefined;
    for (const key in weights) {
      chosen = key;
      left -= weights[key];
      if (left < 0) break;
    }
    if (chosen === undefined) throw new Error("nothing to choose from");
    return chosen;
  }
}
