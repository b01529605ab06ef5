/**
 * Programs of a simulated instance that run side by side, in cloud time.
 */

/** A program's run: it yields what it waits for and returns its exit code. */
export type Program = Generator<Wait, number, void>;

/** For so long, or for another process to end, but no longer than `atMostMs`. */
export type Wait = { readonly sleepMs: number } | { readonly end: Process; readonly atMostMs?: number };

/** Calls back when so much cloud time has gone by. */
export type Later = (ms: number, act: () => void) => void;

export interface Process {
  /** Undefined while it runs. */
  exitCode: number | undefined;
  /** Told once, when it ends. */
  readonly onEnd: Array<() => void>;
}

/** Runs until the program waits for the first time, then goes on by itself. */
export function start(program: Program, later: Later): Process {
  const process: Process = { exitCode: undefined, onEnd: [] };
  const goOn = (): void => {
    if (process.exitCode !== undefined) return;
    const { done, value } = program.next();
    if (done) {
      end(process, value);
    } else if ("sleepMs" in value) {
      later(value.sleepMs, goOn);
    } else if (value.end.exitCode !== undefined) {
      goOn();
    } else {
      const once = onlyOnce(goOn);
      value.end.onEnd.push(once);
      if (value.atMostMs !== undefined) later(value.atMostMs, once);
    }
  };
  goOn();
  return process;
}

/** What a killed program would still have done does not happen. */
export function end(process: Process, exitCode: number): void {
  process.exitCode = exitCode;
  for (const tell of process.onEnd) tell();
}

/** How long it takes until a process ends, in ms, if that is before `limitMs`; otherwise `limitMs`. */
export function durationMs(begin: (later: Later, now: () => number) => Process, limitMs: number): number {
  let now = 0;
  const due: Array<{ at: number; act: () => void }> = [];
  const process = begin(
    (ms, act) => due.push({ at: now + ms, act }),
    () => now,
  );
  while (process.exitCode === undefined) {
    const next = due.reduce((first, one) => (first === undefined || one.at < first.at ? one : first), due[0]);
    if (next === undefined || next.at >= limitMs) return limitMs;
    due.splice(due.indexOf(next), 1);
    now = next.at;
    next.act();
  }
  return now;
}

function onlyOnce(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    act();
  };
}
