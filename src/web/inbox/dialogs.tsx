import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import { shortcuts } from "./keys.ts";
import { undoChoices, type Settings } from "./remembered.ts";

interface DialogProps {
  title: string;
  /** For more than a few words. */
  wide?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A modal dialog of the browser's own: it holds the focus, Escape closes it, and the focus goes back to where it was. */
export function Dialog({ title, wide = false, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    if (element && !element.open) element.showModal();
    element?.querySelector("textarea")?.focus();
    return () => {
      element?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={wide ? "wide" : undefined}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={heading}>{title}</h2>
      {children}
    </dialog>
  );
}

interface WordsDialogProps {
  title: string;
  label: string;
  action: string;
  chips: readonly string[];
  onSubmit: (words: string) => void;
  onClose: () => void;
}

/** Asks for words: an instruction, or a reason. The usual ones are one click. */
export function WordsDialog({ title, label, action, chips, onSubmit, onClose }: WordsDialogProps) {
  const [words, setWords] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  const empty = words.trim() === "";
  const submit = () => {
    if (!empty) onSubmit(words.trim());
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div className="chips" role="group" aria-label="Usual ones">
          {chips.map((chip) => (
            <button
              key={chip}
              type="button"
              className="chip"
              onClick={() => {
                setWords((before) => (before.trim() === "" ? chip : `${before.trim()} ${chip}`));
                field.current?.focus();
              }}
            >
              {chip}
            </button>
          ))}
        </div>
        <label>
          {label}
          <textarea
            ref={field}
            required
            rows={4}
            dir="auto"
            value={words}
            onChange={(event) => {
              setWords(event.target.value);
            }}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
              event.preventDefault();
              submit();
            }}
          />
        </label>
        <div className="buttons">
          <button type="submit" className="primary" disabled={empty}>
            {action}
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface HelpDialogProps {
  settings: Settings;
  onSettings: (settings: Settings) => void;
  onClose: () => void;
}

/** The shortcuts, and the two settings there are. */
export function HelpDialog({ settings, onSettings, onClose }: HelpDialogProps) {
  return (
    <Dialog title="Keyboard and settings" onClose={onClose}>
      <dl className="keys">
        {shortcuts.map(([key, name]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{name}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>Ctrl</kbd> <kbd>Enter</kbd>
          </dt>
          <dd>Approve, while editing</dd>
        </div>
        <div>
          <dt>
            <kbd>Esc</kbd>
          </dt>
          <dd>Stop editing; the text is kept</dd>
        </div>
      </dl>
      <label className="setting">
        <input
          type="checkbox"
          checked={settings.shortcuts}
          onChange={(event) => {
            onSettings({ ...settings, shortcuts: event.target.checked });
          }}
        />
        <span>Single-key shortcuts</span>
      </label>
      <label className="setting">
        <span>Time to undo a decision</span>
        <select
          value={settings.undoSeconds}
          onChange={(event) => {
            onSettings({ ...settings, undoSeconds: Number(event.target.value) });
          }}
        >
          {undoChoices.map((seconds) => (
            <option key={seconds} value={seconds}>
              {seconds === 0 ? "none: it leaves at once" : `${seconds} seconds`}
            </option>
          ))}
        </select>
      </label>
      <div className="buttons">
        <button type="button" className="primary" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
