/**
 * An error that the person who runs vigie can mend: a file, a strategy, a mapping, a command line.
 * The command line prints `message` (which names file, line and value) and `remedy`, without a stack trace,
 * and ends with exit code 2. Every other error is a defect and crashes with exit code 1.
 */
export class UserError extends Error {
  readonly remedy: string | undefined;
  readonly exitCode = 2;

  constructor(message: string, remedy?: string) {
    super(message);
    this.name = "UserError";
    this.remedy = remedy;
  }
}
