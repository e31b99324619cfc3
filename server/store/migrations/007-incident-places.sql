-- Where incidents lie, so that those near a place can be asked for. Filled when the read model is folded anew (its format has changed).
ALTER TABLE incidents ADD COLUMN lng double precision NOT NULL DEFAULT 0, ADD COLUMN lat double precision NOT NULL DEFAULT 0;
CREATE INDEX incidents_place ON incidents (category, lat, reported_at);
