/** Exit codes of every command. */
export const ExitCode = { Ok: 0, Runtime: 1, Usage: 2 } as const;
