/** One row of a bench: figures by name, their unit last. */
export type Figures = Readonly<Record<string, number>>;

const ROUNDS = 15;

/** Milliseconds of CPU that `work` takes, other programs left aside: the median of some rounds. */
export function medianCpuMs(work: () => unknown): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
}
