-- Readings at rest, cold form: what one sensor read within six hours (model/reading-chunk.ts). A flush appends to `bytes`, so no indexed
-- column changes and a row that grows stays on its page; vacuum comes soon for what it leaves behind.
CREATE TABLE reading_chunks (
  -- of the span, epoch ms
  start  bigint  NOT NULL,
  -- dense number of the sensor, as in the frames
  sensor integer NOT NULL,
  -- appended so far; 1 = as small as it gets
  blocks integer NOT NULL,
  bytes  bytea   NOT NULL,
  PRIMARY KEY (start, sensor)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05);
ALTER TABLE reading_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- One row. Every reading received before `at` is in the chunks: the frames from then on may hold some that are not.
-- Spans that begin before `packed` have been written anew as one block each.
CREATE TABLE reading_mark (
  one    boolean PRIMARY KEY DEFAULT true CHECK (one),
  at     bigint NOT NULL,
  packed bigint NOT NULL DEFAULT 0
);
