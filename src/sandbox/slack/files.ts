import { inside, type Complaint, type Place } from "./block-kit/rules.ts";
import { isJsonObject } from "./json.ts";
import type { Workspace } from "./workspace.ts";

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
  /** When `files.completeUploadExternal` named it; null until then. */
  readonly completedAt: number | null;
  readonly secret: string;
}

/** How images begin that Slack shows in blocks. https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object */
const IMAGES: ReadonlyArray<{ readonly type: string; readonly begins: string }> = [
  { type: "image/png", begins: "89504e47" },
  { type: "image/jpeg", begins: "ffd8ff" },
  { type: "image/gif", begins: "47494638" },
];

/** The media type of an image; undefined for everything else. */
export function imageType({ content }: StoredFile): string | undefined {
  const start = content?.subarray(0, 8).toString("hex") ?? "";
  return IMAGES.find(({ begins }) => start.startsWith(begins))?.type;
}

/** Where a file can be seen by anybody who has it in front of them. */
export function fileLink({ baseUrl, app }: Workspace, { id, name }: StoredFile): string {
  return `${baseUrl}/files/${app.botUserId}/${id}/${encodeURIComponent(name)}`;
}

/**
 * Complaints about the files that image blocks and elements name: each must be an image that is in the workspace, and
 * Slack must be done with it, which takes a moment after the upload.
 */
export function fileComplaints(workspace: Workspace, value: unknown, at: Place, now: number): readonly Complaint[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => fileComplaints(workspace, item, inside(at, index), now));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, held]) => {
    const place = inside(at, key);
    if (key !== "slack_file") return fileComplaints(workspace, held, place, now);
    return isShowable(workspace, held, now) ? [] : [{ pointer: place.pointer, why: "invalid slack file" }];
  });
}

function isShowable(workspace: Workspace, named: unknown, now: number): boolean {
  if (!isJsonObject(named)) return false;
  const file = [...workspace.files.values()].find(
    (one) => one.id === named["id"] || fileLink(workspace, one) === named["url"],
  );
  if (file === undefined || file.completedAt === null) return false;
  return imageType(file) !== undefined && now >= file.completedAt + workspace.dials.fileReadyMs;
}
