import { useEffect, useRef, useState } from "react";
import { AccountDialog } from "./account-dialog.tsx";
import { useAnnouncer } from "./announcer.ts";
import { BatchBar } from "./batch-bar.tsx";
import { BatchDialog } from "./batch-dialog.tsx";
import { useBatch } from "./batch-state.ts";
import type { Answer, Client, Me, ReviewPage } from "./client.ts";
import { useConnectionCheck } from "./connection-check.ts";
import { needsConnection } from "./conversation.tsx";
import { headline, UndoBar } from "./undo-bar.tsx";
import { useDecisions, type Pending } from "./decisions.ts";
import { HelpDialog } from "./dialogs.tsx";
import { useKeys } from "./keys.ts";
import { useReviewList } from "./list-state.ts";
import { useLive } from "./live-state.ts";
import { InTheMaking } from "./making.tsx";
import { useNow } from "./now.ts";
import { usePlace } from "./place.ts";
import { forgetEverything, forgetUnsent, keepSettings, readSettings } from "./remembered.ts";
import { ReviewList } from "./review-list.tsx";
import { ReviewPlaceholder } from "./review-placeholder.tsx";
import { ReviewPane } from "./review-pane.tsx";
import { useReview } from "./review-state.ts";
import { SelectionBar } from "./selection-bar.tsx";
import { focusedRow } from "./selection.ts";
import { TopBar } from "./top-bar.tsx";
import { useTyped } from "./typed.ts";

interface InboxProps {
  client: Client;
  clock: () => Date;
  me: Me;
  onSignedOut: () => void;
  onMe: () => Promise<void>;
}

export function Inbox({ client, clock, me, onSignedOut, onMe }: InboxProps) {
  const [place, go] = usePlace();
  const [settings, setSettings] = useState(readSettings);
  const [help, setHelp] = useState(false);
  const [account, setAccount] = useState(false);
  const [said, announce] = useAnnouncer();
  const search = useRef<HTMLInputElement>(null);

  const list = useReviewList(client, place, onSignedOut);
  const { state, reload, prefetch } = useReview(client, place.review, onSignedOut);
  const shownPage = state.status === "ready" ? state.page : null;
  const typed = useTyped(me.identity, shownPage);
  const checkConnection = useConnectionCheck(client, state, onMe);
  const onSettled = (settled: Pending) => {
    announce(`${headline(settled)} ${settled.subject.customer}. ${settled.problem?.message ?? ""}`);
    if (settled.status === "done") forgetUnsent(me.identity, settled.subject.id);
    // Signing in leads back to what is on the screen: let it be what was not sent.
    if (settled.problem?.code === "signed_out") go({ review: settled.subject.id });
    list.refresh();
    reload();
    if (settled.problem && needsConnection(settled.problem.code)) void checkConnection();
  };
  const decisions = useDecisions(client, clock, onSettled, onSignedOut);
  const batch = useBatch({
    ...{ client, clock, announce, onSignedOut, identity: me.identity },
    reviews: list.reviews,
    single: decisions.pending,
    undoSeconds: settings.undoSeconds,
    hasEdited: (id, draft) => {
      const text = typed.of(id);
      return text !== null && (text.body !== draft || text.without.length > 0);
    },
    onItem: (item) => {
      if (item.status === "sent") forgetUnsent(me.identity, item.id);
      list.refresh();
      if (item.id === place.review) reload();
    },
  });
  const now = useNow(
    clock,
    batch.pending.some(({ status }) => status === "waiting"),
  );
  const { live, work, readers } = useLive({
    ...{
      review: shownPage?.review ?? null,
      onReview: batch.notice,
      refresh: list.refresh,
      reload,
      onMe,
      announce,
    },
  });

  const move = (step: 1 | -1) => {
    const at = list.reviews.findIndex(({ id }) => id === place.review);
    const next = list.reviews[at === -1 ? 0 : at + step];
    if (!next) {
      announce(step === 1 ? "This is the last review." : "This is the first review.");
      return;
    }
    if (step === 1 && at + step >= list.reviews.length - 5 && list.more) list.loadMore();
    go({ review: next.id });
  };
  const select = () => {
    const id = focusedRow() ?? place.review;
    if (place.view !== "open") return;
    if (id === null) batch.selection.begin();
    else batch.selection.toggle(id);
  };
  const undo = (id: string) => {
    const undone = decisions.undo(id);
    if (!undone) return;
    announce("Undone. Nothing has left.");
    go({ review: id });
  };
  useKeys(settings.shortcuts, {
    J: () => {
      move(1);
    },
    K: () => {
      move(-1);
    },
    S: () => {
      select();
    },
    " ": () => {
      select();
    },
    ...(batch.selection.active && { Escape: batch.selection.clear }),
    U: () => {
      if (batch.undo()) return;
      const last = decisions.pending.findLast(({ status }) => status === "waiting");
      if (last) undo(last.subject.id);
    },
    "/": () => {
      search.current?.focus();
    },
    "?": () => {
      setHelp(true);
    },
  });

  // The review after this one is read ahead, so that going on shows it at once.
  const following = list.reviews[list.reviews.findIndex(({ id }) => id === place.review) + 1]?.id;
  const ready = state.status === "ready" ? state.id : null;
  useEffect(() => {
    if (ready !== null && following !== undefined) prefetch(following);
  }, [ready, following, prefetch]);

  const decide = (page: ReviewPage, answer: Answer) => {
    const { id, customer, title } = page.review;
    decisions.decide({ id, customer, title }, answer, settings.undoSeconds);
    announce(
      settings.undoSeconds > 0
        ? `Leaves in ${settings.undoSeconds} seconds. Press U to undo.`
        : "On its way.",
    );
    const at = list.reviews.findIndex((review) => review.id === id);
    const others = [...list.reviews.slice(at + 1), ...list.reviews.slice(0, Math.max(at, 0))];
    const next = others.find((review) => !batch.pending.some(({ subject }) => subject.id === review.id));
    go({ review: next?.id ?? null });
  };
  const connect = async () => {
    const answered = await client.connect();
    if (answered.kind === "ok") location.assign(answered.value.link);
    else if (answered.kind === "signed_out") onSignedOut();
    else announce(answered.kind === "refused" ? answered.problem.message : "The server does not answer.");
  };

  const signOut = async () => {
    const answered = await client.signOut();
    if (answered.kind !== "ok" && answered.kind !== "signed_out") return;
    forgetEverything();
    onSignedOut();
  };

  return (
    <div className={place.review === null ? "inbox on-list" : "inbox on-review"}>
      <a className="skip" href="#review">
        Skip to the review
      </a>
      <TopBar
        me={me}
        live={live}
        search={place.search}
        searchField={search}
        onSearch={(text) => {
          go({ search: text }, true);
        }}
        onHelp={() => {
          setHelp(true);
        }}
        onConnect={() => void connect()}
        onAccount={() => {
          setAccount(true);
        }}
      />
      <ReviewList
        list={list}
        place={place}
        pending={batch.pending}
        now={now}
        selection={batch.selection}
        above={
          place.view === "open" && (
            <>
              <InTheMaking work={work} />
              {list.reviews.length > 0 && (
                <SelectionBar selection={batch.selection} blocked={batch.blocked} onApprove={batch.ask} />
              )}
            </>
          )
        }
        go={go}
      />
      <main id="review" tabIndex={-1}>
        <ReviewPlaceholder
          state={state}
          empty={list.reviews.length === 0}
          onRetry={reload}
          onBack={() => {
            go({ review: null });
          }}
        />
        {state.status === "ready" && typed.shown && (
          <ReviewPane
            key={state.id}
            page={state.page}
            outdated={state.outdated}
            now={now}
            client={client}
            unsent={typed.shown}
            leftover={typed.leftover}
            earlier={typed.earlier}
            pending={batch.pending.find(
              ({ subject, status }) => subject.id === state.id && status !== "failed",
            )}
            readers={readers}
            shortcuts={settings.shortcuts}
            onUnsent={(text) => {
              typed.keep(state.id, text);
            }}
            onDecide={decide}
            onOpen={(id) => {
              go({ review: id });
            }}
            onReload={reload}
            onConnect={() => void connect()}
            announce={announce}
          />
        )}
      </main>
      <UndoBar
        pending={decisions.pending}
        now={now}
        onUndo={undo}
        onDismiss={decisions.dismiss}
        onOpen={(id) => {
          decisions.dismiss(id);
          go({ review: id });
        }}
        onConnect={() => void connect()}
      >
        {batch.run && (
          <BatchBar
            run={batch.run}
            now={now}
            onUndo={batch.undo}
            onSendRest={batch.sendRest}
            onDismiss={batch.dismiss}
            onOpen={(id) => {
              go({ review: id });
            }}
          />
        )}
      </UndoBar>
      {batch.choice.choices && (
        <BatchDialog
          choices={batch.choice.choices}
          leftOut={batch.leftOut}
          hasEdited={batch.hasEdited}
          undoSeconds={settings.undoSeconds}
          onTick={batch.choice.tick}
          onApprove={batch.approve}
          onClose={batch.choice.close}
        />
      )}
      {account && (
        <AccountDialog
          me={me}
          client={client}
          onConnect={() => void connect()}
          onChanged={async () => {
            await onMe();
            reload();
          }}
          onSignOut={() => void signOut()}
          onClose={() => {
            setAccount(false);
          }}
        />
      )}
      {help && (
        <HelpDialog
          settings={settings}
          onSettings={(next) => {
            setSettings(next);
            keepSettings(next);
          }}
          onClose={() => {
            setHelp(false);
          }}
        />
      )}
      <p className="hidden" role="status" aria-live="polite">
        {said}
      </p>
    </div>
  );
}
