-- Who stands in the vault: staff of the centre, or a caller who reported something. A telephone number is one caller; whoever
-- wants to stay anonymous is counted apart from the same number given with a name.
ALTER TABLE vault
  ADD COLUMN kind text NOT NULL DEFAULT 'staff' CHECK (kind IN ('staff', 'caller')),
  ADD COLUMN anonymous boolean NOT NULL DEFAULT false;
CREATE UNIQUE INDEX vault_caller ON vault (tel, anonymous) WHERE kind = 'caller' AND tel IS NOT NULL;

-- Which incidents have the file of a hash: its original, what is shown of it, or its thumbnail.
CREATE INDEX ledger_attached ON ledger
  USING gin ((ARRAY[body::jsonb ->> 'hash', body::jsonb ->> 'shown', body::jsonb ->> 'thumb'])) WHERE kind = 'incident.attached';
