import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Nights, site builds and browsers take both cores: files in parallel would only starve one another.
    maxWorkers: 2,
    // No test asserts a time: the limits end what hangs, and leave room for a slow, shared machine.
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
