import type { App, types } from "@slack/bolt";

const plain = (text: string): types.PlainTextElement => ({ type: "plain_text", text });

/** A small app with one of everything: command, form with type-ahead, message with buttons, shortcuts, Home tab. */
export function listenAsRequestApp(app: App, seen: unknown[] = []): void {
  app.command("/request", async ({ ack, command, client }) => {
    if (command.text === "help") return await ack("Type `/request` to ask for a peering.");
    await ack();
    await client.views.open({ trigger_id: command.trigger_id, view: form() });
  });
  app.options("vpc", async ({ ack, payload }) => {
    const options = ["orders-prod", "orders-test", "shared-data"]
      .filter((name) => name.includes(payload.value))
      .map((name) => ({ text: plain(name), value: name }));
    await ack(options.length === 0 ? { options } : { option_groups: [{ label: plain("Qingdao"), options }] });
  });
  app.action("vpc", async ({ ack, body, client }) => {
    await ack();
    const { view } = body as unknown as { view: { id: string; hash: string; callback_id: string } };
    const { id: view_id, hash, callback_id } = view;
    await client.views.update({ view_id, hash, view: { ...form("No overlap."), callback_id } });
  });
  app.view("request", async ({ ack, view, body, client }) => {
    const reason = view.state.values["reason"]?.["text"]?.value ?? "";
    if (reason.includes("secret")) return await ack({ response_action: "errors", errors: { reason: "No secrets." } });
    if (reason.includes("again")) return await ack({ response_action: "update", view: form("Look again.") });
    if (reason.includes("more"))
      return await ack({ response_action: "push", view: { ...form(), callback_id: "more" } });
    await ack();
    const vpc = view.state.values["vpc"]?.["vpc"]?.selected_option?.value ?? "";
    await client.chat.postMessage({
      channel: "C0NETWORKS",
      text: `Peering of ${vpc}`,
      blocks: card(vpc, body.user.id),
    });
  });
  app.view("more", async ({ ack }) => await ack({ response_action: "clear" }));
  app.view({ callback_id: "request", type: "view_closed" }, async ({ ack, body }) => {
    await ack();
    seen.push(body);
  });
  app.action("approve", async ({ ack, body, client }) => {
    await ack();
    const { channel, message, user } = body as unknown as Record<"channel" | "user", { id: string }> & {
      message: { ts: string };
    };
    await client.chat.update({ channel: channel.id, ts: message.ts, text: `Approved by <@${user.id}>` });
  });
  app.action("more", async ({ ack, respond, action }) => {
    await ack();
    const chosen = (action as { selected_option?: { value: string } }).selected_option?.value;
    await respond({ text: `You chose ${chosen}`, replace_original: false });
  });
  app.shortcut("new_request", async ({ ack, shortcut, client }) => {
    await ack();
    await client.views.open({ trigger_id: shortcut.trigger_id, view: form() });
  });
  app.shortcut("status", async ({ ack, shortcut, client }) => {
    await ack();
    const { message, channel, user } = shortcut as unknown as Record<"channel" | "user", { id: string }> & {
      message: { text: string };
    };
    await client.chat.postEphemeral({ channel: channel.id, user: user.id, text: `About: ${message.text}` });
  });
  app.event("app_home_opened", async ({ event, client }) => {
    const blocks = [{ type: "section", text: { type: "mrkdwn", text: `Hello <@${event.user}>` } }];
    await client.views.publish({ user_id: event.user, view: { type: "home", blocks } });
  });
  for (const name of ["subteam_members_changed", "subteam_updated", "user_change"] as const) {
    app.event(name, async ({ event }) => void seen.push(event));
  }
}

function form(alert?: string): types.ModalView {
  return {
    type: "modal",
    callback_id: "request",
    notify_on_close: true,
    title: plain("Peer two VPCs"),
    submit: plain("Request"),
    blocks: [
      {
        type: "input",
        block_id: "vpc",
        dispatch_action: true,
        label: plain("First VPC"),
        element: { type: "external_select", action_id: "vpc", min_query_length: 2, placeholder: plain("Name or CIDR") },
      },
      ...(alert === undefined ? [] : [{ type: "alert" as const, text: plain(alert), level: "info" as const }]),
      {
        type: "input",
        block_id: "reason",
        label: plain("Reason"),
        element: { type: "plain_text_input", action_id: "text" },
      },
    ],
  };
}

function card(vpc: string, requester: string): types.KnownBlock[] {
  return [
    { type: "section", text: { type: "mrkdwn", text: `*Waiting for a decision* · \`${vpc}\` for <@${requester}>` } },
    {
      type: "actions",
      elements: [
        {
          type: "button",
          action_id: "approve",
          style: "primary",
          text: plain("Approve"),
          value: "P-1",
          confirm: {
            title: plain("Sure?"),
            text: plain("It starts at once."),
            confirm: plain("Yes"),
            deny: plain("No"),
          },
        },
        {
          type: "overflow",
          action_id: "more",
          options: [
            { text: plain("Edit request"), value: "edit" },
            { text: plain("Withdraw"), value: "withdraw" },
          ],
        },
      ],
    },
  ];
}
