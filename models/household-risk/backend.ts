import { createRequire } from "node:module";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { env, getBackend, setBackend } from "@tensorflow/tfjs-core";

/** Where tensors are computed: TensorFlow's own library, WebAssembly, or plain JavaScript. */
export type Backend = "tensorflow" | "wasm" | "cpu";

let opened: Promise<Backend> | undefined;

/**
 * Opens the quickest backend there is, once a process: TensorFlow's own library where `@tensorflow/tfjs-node` is installed
 * and loads, else WebAssembly from the installed package (no network, one thread, so that sums are always added in the
 * same order), else plain JavaScript. A model's weights score alike on all of them, within 1e-4.
 */
export function openBackend(): Promise<Backend> {
  opened ??= open(["tensorflow", "wasm", "cpu"]);
  return opened;
}

/** Takes this backend and no other from now on; rejects when it cannot be had. */
export function useBackend(backend: Backend): Promise<Backend> {
  opened = open([backend]);
  return opened;
}

async function open(wanted: readonly Backend[]): Promise<Backend> {
  // One thread, for sums in the same order; and no advertisement on the console.
  env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  env().set("PROD", true);
  for (const backend of wanted) {
    if (backend === "tensorflow" && !registersNative()) continue;
    if ((await setBackend(backend).catch(() => false)) && getBackend() === backend) return backend;
  }
  throw new Error(`no backend of TensorFlow.js could be opened, of ${wanted.join(", ")}`);
}

/** Loads `@tensorflow/tfjs-node` where it is installed: it is not a dependency, since it has no binary for every machine. */
function registersNative(): boolean {
  try {
    createRequire(import.meta.url)("@tensorflow/tfjs-node");
    return true;
  } catch {
    return false;
  }
}
