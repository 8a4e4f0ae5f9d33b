import { useEffect, useState, type RefObject } from "react";
import type { Me } from "./client.ts";
import type { Live } from "./live.ts";

interface TopBarProps {
  me: Me;
  live: Live;
  search: string;
  searchField: RefObject<HTMLInputElement | null>;
  onSearch: (text: string) => void;
  onHelp: () => void;
  onConnect: () => void;
  onAccount: () => void;
}

const liveNames: Record<Live, string> = {
  connecting: "Connecting…",
  live: "Live",
  reconnecting: "Reconnecting…",
  offline: "Offline",
};

export function TopBar(props: TopBarProps) {
  const { me, live, searchField, onHelp, onConnect, onAccount } = props;
  const disconnected = me.connection != null && !["active", "unknown"].includes(me.connection.status);
  return (
    <header className="top">
      <h1>Countersign</h1>
      <Search {...props} field={searchField} />
      <p className={`live ${live}`} role="status">
        {liveNames[live]}
      </p>
      {disconnected && (
        <button type="button" className="primary" onClick={onConnect}>
          Connect Intercom
        </button>
      )}
      <button type="button" className="quiet" onClick={onHelp}>
        Keys <kbd>?</kbd>
      </button>
      <button type="button" className="quiet who" aria-haspopup="dialog" onClick={onAccount}>
        <bdi>{me.name ?? me.identity}</bdi>
        <span className="hidden">: you and Intercom</span>
      </button>
    </header>
  );
}

/** Waits until the typing pauses. */
function Search({ search, field, onSearch }: TopBarProps & { field: TopBarProps["searchField"] }) {
  const [text, setText] = useState(search);
  useEffect(() => {
    setText(search);
  }, [search]);
  useEffect(() => {
    if (text.trim() === search) return;
    const timer = setTimeout(() => {
      onSearch(text.trim());
    }, 200);
    return () => {
      clearTimeout(timer);
    };
  }, [text, search, onSearch]);
  return (
    <search>
      <input
        ref={field}
        type="search"
        aria-label="Search by title, customer or conversation"
        placeholder="Search  /"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
    </search>
  );
}
