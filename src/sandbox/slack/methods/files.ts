import { z } from "zod";

import { refuse } from "../answers.ts";
import { readContent } from "../content.ts";
import { findPlaceToPost } from "../conversations.ts";
import { fileLink, type StoredFile } from "../files.ts";
import { postMessage } from "../messages.ts";
import type { Workspace } from "../workspace.ts";
import { count, method, structure, words } from "./method.ts";

const named = z.array(z.object({ id: z.string(), title: z.string().optional() })).min(1);

export const filesMethods = {
  "files.getUploadURLExternal": method({
    scopes: ["files:write"],
    tier: 4,
    arguments: z.object({ filename: words, length: count, alt_txt: words.optional() }),
    handle: ({ workspace, args, now }) => {
      if (args.length <= 0) return refuse("invalid_arguments");
      const id = workspace.ids.next("F");
      const secret = workspace.ids.secret();
      workspace.files.set(id, {
        id,
        secret,
        name: args.filename,
        title: args.filename,
        length: args.length,
        content: null,
        createdAt: now,
        completedAt: null,
      });
      return { ok: true, upload_url: `${workspace.baseUrl}/upload/v1/${id}-${secret}`, file_id: id };
    },
  }),

  "files.completeUploadExternal": method({
    scopes: ["files:write"],
    tier: 4,
    arguments: z.object({
      files: structure.pipe(named),
      channel_id: words.optional(),
      thread_ts: words.optional(),
      initial_comment: words.optional(),
      blocks: structure.optional(),
    }),
    handle: ({ workspace, args, now }) => {
      const files = args.files.map(({ id, title }) => ({ held: workspace.files.get(id), title }));
      if (files.some(({ held }) => held === undefined || held.content === null)) return refuse("file_not_found");
      const done = files.flatMap(({ held, title }) =>
        held === undefined ? [] : [{ ...held, title: title ?? held.title, completedAt: now }],
      );
      if (args.channel_id !== undefined) {
        const place = findPlaceToPost(workspace, args.channel_id);
        if (!place.ok) return place;
        const read = readContent(workspace, { text: args.initial_comment, blocks: args.blocks }, now);
        if (!read.ok) return read;
        const by = { user: workspace.app.botUserId, fromApp: true, threadTs: args.thread_ts ?? null };
        postMessage(workspace, place.channel, { ...read.content, ...by, files: done.map(({ id }) => id) }, now);
      }
      for (const file of done) workspace.files.set(file.id, file);
      return { ok: true, files: done.map((file) => fileToWire(workspace, file)) };
    },
  }),
};

function fileToWire(workspace: Workspace, file: StoredFile): Readonly<Record<string, unknown>> {
  return {
    id: file.id,
    created: Math.floor(file.createdAt / 1_000),
    timestamp: Math.floor(file.createdAt / 1_000),
    name: file.name,
    title: file.title,
    user: workspace.app.botUserId,
    size: file.content?.length ?? 0,
    // Slack finds out what it is after it has answered.
    mimetype: "",
    permalink: fileLink(workspace, file),
  };
}
