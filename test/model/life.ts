/** The life of one simulated process: after its end nothing that it asked for comes back. */
export interface Life {
  readonly isOver: () => boolean;
  readonly end: () => void;
  /** Rejects at the end. */
  readonly over: Promise<never>;
  /** The same port for as long as the life lasts; its methods return promises, or nothing. */
  readonly whileItLasts: <P extends object>(port: P) => P;
}

/** A life that has just begun. */
export function createLife(): Life {
  const end = Promise.withResolvers<never>();
  let isOver = false;
  // Who waits for it hears it; nobody has to.
  end.promise.catch(() => {});

  const unlessOver = async (result: Promise<unknown>): Promise<unknown> => {
    const [ended] = await Promise.allSettled([result]);
    return isOver ? await never() : ended.status === "fulfilled" ? ended.value : await Promise.reject(ended.reason);
  };
  const guard =
    (method: (...args: unknown[]) => unknown) =>
    (...args: unknown[]): unknown => {
      if (isOver) return never();
      const result = method(...args);
      return result instanceof Promise ? unlessOver(result) : result;
    };
  return {
    isOver: () => isOver,
    end() {
      isOver = true;
      end.reject(new Error("the process was killed"));
    },
    over: end.promise,
    // Every member of a port is a function, and stays one with the same parameters and result.
    whileItLasts: <P extends object>(port: P) =>
      Object.fromEntries(Object.entries(port).map(([name, method]) => [name, guard(method)])) as P,
  };
}

function never(): Promise<never> {
  return new Promise(() => {});
}
