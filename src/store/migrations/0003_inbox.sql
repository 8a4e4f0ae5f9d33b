-- The waiting list by risk and age. The classification is read as text: `->>` refuses what `json` can hold.
create index reviews_inbox on countersign.reviews (
  teammate,
  (array_position(
    array['urgent', 'high', 'normal', 'low'],
    substring(classification::text from '"urgency":"([a-z]+)"')
  )),
  position
) where status = 'open';
