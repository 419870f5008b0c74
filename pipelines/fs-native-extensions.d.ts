declare module "fs-native-extensions" {
  /** Takes the operating system's exclusive lock on an open file; false when another process holds it. */
  export function tryLock(fileDescriptor: number): boolean;
  /** Waits until it has that lock. */
  export function waitForLock(fileDescriptor: number): Promise<void>;
  export function unlock(fileDescriptor: number): void;
}
