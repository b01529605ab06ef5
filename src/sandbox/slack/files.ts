/** A file on its way into the workspace or in it. */
export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  /** Bytes the app announced. */
  readonly length: number;
  /** What was uploaded; null until then. */
  readonly content: Buffer | null;
  readonly createdAt: number;
  /** True once `files.completeUploadExternal` named it. */
  readonly isComplete: boolean;
  readonly secret: string;
}
