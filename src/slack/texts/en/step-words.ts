/** A step of the reviewed plan: what stands there until now, what will, and why; null where that is not known. */
export interface StepWords {
  readonly title: string;
  readonly before: string | null;
  readonly after: string;
  readonly why: string;
}
