import { useCallback, useEffect, useState } from "react";
import type { Client, Me, Problem } from "./client.ts";
import { Inbox } from "./inbox.tsx";
import { noAnswer } from "./answered.ts";

type Door =
  | { status: "asking" }
  | { status: "signed_out"; expired: boolean }
  | { status: "in"; me: Me }
  | { status: "failed"; problem: Problem };

/** Who is there decides what is shown: the inbox, or the way to sign in. */
export function App({ client, clock }: { client: Client; clock: () => Date }) {
  const [door, setDoor] = useState<Door>({ status: "asking" });
  const ask = useCallback(async () => {
    const answered = await client.me();
    if (answered.kind === "ok") setDoor({ status: "in", me: answered.value });
    else if (answered.kind === "signed_out") {
      setDoor((before) => ({ status: "signed_out", expired: before.status === "in" }));
    } else {
      const problem = answered.kind === "refused" ? answered.problem : noAnswer;
      // Who is in stays in: the inbox holds what is on its way.
      setDoor((before) => (before.status === "in" ? before : { status: "failed", problem }));
    }
  }, [client]);
  useEffect(() => {
    void ask();
  }, [ask]);
  const onSignedOut = useCallback(() => {
    setDoor((before) => ({
      status: "signed_out",
      expired: before.status === "in" || before.status === "signed_out",
    }));
  }, []);

  switch (door.status) {
    case "asking":
      return (
        <main className="door">
          <h1>Countersign</h1>
          <p role="status">Opening…</p>
        </main>
      );
    case "signed_out":
      return <SignIn expired={door.expired} />;
    case "failed":
      return (
        <main className="door">
          <h1>Countersign</h1>
          <p role="alert">
            {door.problem.message} {door.problem.next}
          </p>
          <button type="button" className="primary" onClick={() => void ask()}>
            Try again
          </button>
        </main>
      );
    case "in":
      return <Inbox client={client} clock={clock} me={door.me} onSignedOut={onSignedOut} onMe={ask} />;
  }
}

function SignIn({ expired }: { expired: boolean }) {
  const here = `${location.pathname}${location.search}`;
  return (
    <main className="door">
      <h1>Countersign</h1>
      {expired ? (
        <p role="alert">You are signed out. Sign in again and you are back here, with what you typed.</p>
      ) : (
        <p>An AI drafts. You countersign. Intercom sends it as you, once.</p>
      )}
      <a className="primary" href={`/sign-in?to=${encodeURIComponent(here)}`}>
        Sign in
      </a>
    </main>
  );
}
