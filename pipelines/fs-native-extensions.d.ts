declare module "fs-native-extensions" {
  /** Takes the operating system's exclusive lock on an open file; false when another process holds it. */
  export function tryLock(fileDescriptor: number): boolean;
  export function unlock(fileDescriptor: number): void;
}
