import { uniformFloat32 } from "pure-rand/distribution/uniformFloat32";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { JumpableRandomGenerator } from "pure-rand/types/JumpableRandomGenerator";

/** Numbers drawn from one seeded stream; the same stream always gives the same numbers. */
export class RandomStream {
  readonly #generator: JumpableRandomGenerator;

  constructor(generator: JumpableRandomGenerator) {
    this.#generator = generator;
  }

  /** A number from 0 (included) to 1 (excluded). */
  fraction(): number {
    return uniformFloat32(this.#generator);
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return uniformFloat32(this.#generator) < probability;
  }

  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return uniformInt(this.#generator, low, high);
  }

  /** A number from `low` (included) to `high` (excluded). */
  between(low: number, high: number): number {
    return low + (high - low) * uniformFloat32(this.#generator);
  }

  /** A bell-shaped number with mean 0, standard deviation 1, never beyond ±3.5: a sum of four uniform draws. */
  bell(): number {
    const sum = this.fraction() + this.fraction() + this.fraction() + this.fraction();
    return (sum - 2) * 1.7320508;
  }

  /** One of the keys of `weights`, in proportion to its weight. */
  choose<Key extends string>(weights: Readonly<Record<Key, number>>): Key {
    const keys = Object.keys(weights) as Key[];
    let total = 0;
    for (const key of keys) total += weights[key];
    let left = this.fraction() * total;
    let chosen: Key | undefined;
    for (const key of keys) {
      chosen = key;
      left -= weights[key];
      if (left < 0) break;
    }
    if (chosen === undefined) throw new Error("nothing to choose from");
    return chosen;
  }
}

/** The streams of one dwelling: who lives there, what happens to them and how they pay, what the office does. */
export interface DwellingStreams {
  readonly people: RandomStream;
  readonly life: RandomStream;
  readonly office: RandomStream;
}

/**
 * Streams dwelling after dwelling, from one seed. Each stream is the previous one jumped 2^64 draws ahead, so that
 * streams never overlap and dwelling k has the same streams however many dwellings are asked for.
 */
export function* dwellingStreams(seed: number): Generator<DwellingStreams, never> {
  const generator = xoroshiro128plus(seed);
  const next = (): RandomStream => {
    generator.jump();
    return new RandomStream(generator.clone());
  };
  for (;;) yield { people: next(), life: next(), office: next() };
}
