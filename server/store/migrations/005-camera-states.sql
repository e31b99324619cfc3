-- What cameras last said of themselves. Telemetry, not facts: the latest value is right, and a second of it may be lost.
CREATE TABLE camera_states (
  camera text    PRIMARY KEY,
  online boolean NOT NULL,
  -- epoch ms by the server's clock: said so first, said so last
  since  bigint  NOT NULL,
  heard  bigint  NOT NULL
);
