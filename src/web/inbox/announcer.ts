import { useCallback, useState } from "react";

/** Says a sentence to those who cannot see it; the same one again is said again. */
export function useAnnouncer(): [string, (text: string) => void] {
  const [said, setSaid] = useState("");
  const announce = useCallback((text: string) => {
    setSaid((before) => (before === text ? `${text}\u00A0` : text));
  }, []);
  return [said, announce];
}
