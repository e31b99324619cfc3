-- Positions at rest, cold form: where one unit was within an hour (model/position-chunk.ts). As reading_chunks.
CREATE TABLE position_chunks (
  -- of the span, epoch ms
  start  bigint  NOT NULL,
  -- dense number of the unit, as in the frames
  unit   integer NOT NULL,
  -- appended so far; 1 = as small as it gets
  blocks integer NOT NULL,
  bytes  bytea   NOT NULL,
  PRIMARY KEY (start, unit)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05);
ALTER TABLE position_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- One row, as reading_mark.
CREATE TABLE position_mark (
  one    boolean PRIMARY KEY DEFAULT true CHECK (one),
  at     bigint NOT NULL,
  packed bigint NOT NULL DEFAULT 0
);

-- Film of ten minutes: its keyframes and frames to the letter, compressed (server/telemetry/film-reel.ts). A row leaves `frames` and
-- `keyframes` in the transaction that puts it here.
CREATE TABLE film_reels (
  -- of the ten minutes, epoch ms
  start    bigint  PRIMARY KEY,
  -- time of its first keyframe; null = none in it
  keyframe bigint,
  -- bytes before compression
  raw      integer NOT NULL,
  bytes    bytea   NOT NULL
);
ALTER TABLE film_reels ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Moments that somebody gave a name to come back to.
CREATE TABLE bookmarks (
  id      text   PRIMARY KEY,
  -- epoch ms
  at      bigint NOT NULL,
  name    text   NOT NULL,
  -- the place it is about; null = the whole centre
  area    text,
  -- account
  by      text   NOT NULL,
  made_at bigint NOT NULL
);
CREATE INDEX bookmarks_at ON bookmarks (at);
