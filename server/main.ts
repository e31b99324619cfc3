import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { StateReport } from '../model/report.ts';
import { openAlarmCommands } from './alarm-commands.ts';
import { openAlarmRules } from './alarm-rules.ts';
import { openAlarmTrials } from './alarm-trial.ts';
import { readingsOfLedger } from './alarms/outrun.ts';
import { openWatch } from './alarms/watch.ts';
import { adminRoutes } from './api/admin-routes.ts';
import { alarmLogRoutes } from './api/alarm-log-routes.ts';
import { alarmReportRoutes } from './api/alarm-report-routes.ts';
import { alarmRoutes } from './api/alarm-routes.ts';
import { alarmRuleRoutes } from './api/alarm-rule-routes.ts';
import { alarmTrialRoutes } from './api/alarm-trial-routes.ts';
import { buildApp } from './api/app.ts';
import { attachmentRoutes } from './api/attachment-routes.ts';
import { bookmarkRoutes } from './api/bookmark-routes.ts';
import { cameraRoutes } from './api/camera-routes.ts';
import { careRoutes } from './api/care-routes.ts';
import { clipRoutes } from './api/clip-routes.ts';
import { deviceRoutes } from './api/device-routes.ts';
import { doorRoutes } from './api/door-routes.ts';
import { facilityRoutes } from './api/facility-routes.ts';
import { filmRoutes } from './api/film-routes.ts';
import { incidentListRoutes } from './api/incident-list-routes.ts';
import { peopleRoutes } from './api/people-routes.ts';
import { placeRoutes } from './api/place-routes.ts';
import { registryCsvRoutes } from './api/registry-csv-routes.ts';
import { sensorRoutes } from './api/sensor-routes.ts';
import { stepRoutes } from './api/step-routes.ts';
import { trackRoutes } from './api/track-routes.ts';
import { unitRoutes } from './api/unit-routes.ts';
import { viewRoutes } from './api/view-routes.ts';
import { watchRoutes } from './api/watch-routes.ts';
import { openArchive } from './archive.ts';
import { openAsOf } from './as-of.ts';
import { openAttachments, sweepDaily } from './attachments/attachments.ts';
import { openFiles } from './attachments/files.ts';
import { openDoorkeeper } from './auth/actor.ts';
import { openAdminToken } from './auth/admin-token.ts';
import { openHls } from './cameras/hls.ts';
import { openCameraStates } from './cameras/states.ts';
import { openUpstream } from './cameras/upstream.ts';
import { openViews } from './cameras/views.ts';
import { openWhep } from './cameras/whep.ts';
import { openAreaPoints } from './care/area-points.ts';
import { openCareClock } from './care/care-clock.ts';
import { openClockwork } from './clockwork.ts';
import { openCommands } from './commands.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { openFixJudge } from './devices/fix-judge.ts';
import { openDevices } from './devices/open-devices.ts';
import { Outbox } from './devices/outbox.ts';
import { openQuarantine } from './devices/quarantine.ts';
import { openEngine } from './engine.ts';
import { openFilm } from './film/film.ts';
import { openFinds } from './film/finds.ts';
import { openFinder } from './finder/finder.ts';
import { openImportQuiet } from './import-quiet.ts';
import { openDeviceDoors } from './ingest/device-doors.ts';
import { Doors } from './ingest/doors.ts';
import { reportsRoute } from './ingest/http.ts';
import { openAnswers } from './ingest/idempotency.ts';
import { openMappings } from './ingest/mappings.ts';
import { phoneRoutes } from './ingest/phones/phone-routes.ts';
import { UnitMessages } from './ingest/unit-messages.ts';
import { HEAD_FILE } from './ledger/head-file.ts';
import { openLedger } from './ledger/open-ledger.ts';
import { drainer, listen, portInUse } from './listen.ts';
import { type Log, openLog } from './log.ts';
import { openMetrics } from './metrics.ts';
import { isOnline } from './motion.ts';
import { openPatrolWatch } from './patrol/open-patrol-watch.ts';
import { rebuildPatrol } from './patrol/rebuild.ts';
import { openRoundsClock } from './patrol/rounds-clock.ts';
import { openPlaces } from './places.ts';
import { openRecall } from './recall.ts';
import { openSetup } from './setup.ts';
import { openStore } from './store/postgres.ts';
import { openStream } from './stream/stream.ts';
import { openColdPositions } from './telemetry/cold-positions.ts';
import { openColdReadings } from './telemetry/cold-readings.ts';
import { openFilmKeeper } from './telemetry/film-keeper.ts';
import { filmStore } from './telemetry/film-store.ts';
import { openTelemetry } from './telemetry/open-telemetry.ts';

export interface House {
  /** http://host:port, where a browser on this machine finds it */
  readonly url: string;
  /** mqtt://host:port, where devices publish */
  readonly mqttUrl: string;
  /** Stop in order: doors, what they still hold, screens, clocks, ledger, telemetry, store. */
  close(): Promise<void>;
}

const root = fileURLToPath(new URL('..', import.meta.url));
/** With DATABASE_URL, a server started again at once after it was killed: the database may not have noticed yet. */
const OWN_WITHIN_MS = 5000;
/** A silent connection is kept so long: an importer that computes for seconds between two requests finds it open, a proxy hangs up first. */
const KEEP_ALIVE_MS = 65_000;

/**
 * The only composition root. @throws one sentence for the person at the terminal when something cannot be opened; what was
 * opened before is closed again.
 * @param onLost the ledger can no longer be written: the process should end
 */
export async function openHouse(config: Config, log: Log, onLost: (error: Error) => void): Promise<House> {
  const now = Date.now;
  const stops: (() => unknown)[] = [];
  const close = async () => {
    while (stops.length) await stops.pop()!();
  };
  try {
    const note = (line: string) => log.info(line);
    const mapper = config.mappings === null ? null : await openMappings(config.mappings);
    const store = await openStore(config, { onLost, note, ownWithinMs: OWN_WITHIN_MS });
    stops.push(() => store.close());
    const ledger = await openLedger(store, {
      now,
      headFile: join(config.dataDir, HEAD_FILE),
      onBroken: onLost,
      onError: (err) => log.error({ err }, 'ledger follower failed'),
      note,
    });
    const world = () => ledger.world;
    const places = await openPlaces(ledger, store);
    const film = filmStore(store, store.reels);
    const filmKeeper = openFilmKeeper({ store, reels: store.reels, now, filmDays: config.filmDays, log });
    stops.push(() => filmKeeper.close());
    const cold = { store: film, filmFrom: () => film.rowAfter(0), now, log };
    const readings = await openColdReadings({ ...cold, chunks: store.chunks, retentionDays: config.readingsDays });
    stops.push(() => readings.close());
    const positions = await openColdPositions({
      ...cold,
      chunks: store.positionChunks,
      retentionDays: config.positionsDays,
      units: () => ledger.world.units.size,
    });
    stops.push(() => positions.close());
    const telemetry = await openTelemetry({
      store,
      film,
      world,
      locate: places.locate,
      now,
      keep: readings.add,
      keepFix: positions.add,
      log,
    });
    ledger.follow((entries) => {
      if (entries.some((e) => e.kind === 'boundaries.published')) telemetry.relocate();
    });
    stops.push(() => telemetry.close());
    stops.push(() => ledger.close());
    const quiet = await openImportQuiet(ledger, now);
    const clockwork = await openClockwork({ ledger, quiet, now, onError: (err) => log.error({ err }, 'clockwork failed') });
    stops.push(() => clockwork.close());
    const points = openAreaPoints(store);
    const careClock = await openCareClock({
      ledger,
      points,
      quiet,
      now,
      onError: (err) => log.error({ err }, 'overdue visits not written'),
    });
    stops.push(() => careClock.close());
    const archive = await openArchive({
      ledger,
      store,
      incidents: store.incidents,
      note,
      onError: (err) => log.error({ err }, 'list of incidents not brought up to date'),
    });
    stops.push(() => archive.close());

    const watch = openWatch({
      ledger,
      latest: telemetry.latest,
      offline: (sensor) => telemetry.state('sensor', sensor, false),
      placeOf: places.ofSensor,
      quiet,
      restOn: await readingsOfLedger(ledger, store.seqAt),
      now,
      onError: (err) => log.error({ err }, 'alarm rules'),
    });
    stops.push(() => watch.close());

    const adminToken = openAdminToken(config.dataDir);
    const keeper = await openDoorkeeper({ store, adminToken, host: config.host });
    const cameraStates = await openCameraStates({
      store: store.cameraStates,
      onError: (err) => log.error({ err }, 'states of cameras not written down'),
    });
    stops.push(() => cameraStates.close());
    const quarantine = await openQuarantine({
      store: store.quarantine,
      now,
      onError: (err) => log.error({ err }, 'fixes that were not believed not written down'),
    });
    stops.push(() => quarantine.close());
    const judge = openFixJudge({ telemetry, places, world, flawed: quarantine.put });
    const patrol = openPatrolWatch({
      ledger,
      latest: telemetry.latest,
      before: await rebuildPatrol({ film, store, ledger, places, latest: telemetry.latest, now }),
      offline: (unit) => telemetry.state('unit', unit, false),
      quiet,
      now,
      onError: (err) => log.error({ err }, 'patrol rules'),
    });
    stops.push(() => patrol.close());
    const rounds = await openRoundsClock({ ledger, quiet, now, onError: (err) => log.error({ err }, 'rounds not closed') });
    stops.push(() => rounds.close());
    const engine = openEngine({ ledger, telemetry, places, watch, judge, patrol, store, cameraSaid: cameraStates.said, now });
    const devices = await openDevices({
      store,
      ledger,
      engine,
      telemetry,
      places,
      now,
      onError: (err) => log.error({ err }, 'devices not written down'),
    });
    stops.push(() => devices.close());
    const doors = new Doors(now);
    const outbox = new Outbox();
    const messages = new UnitMessages(() => world().centre?.code ?? null);

    const attachments = openAttachments({ ledger, store, files: await openFiles(join(config.dataDir, 'attachments')) });
    stops.push(sweepDaily(attachments, (err) => log.warn({ err }, 'attachments without an entry not swept')));

    const finder = openFinder({ ledger, store, note, onError: (err) => log.error({ err }, 'finder') });
    stops.push(() => finder.close());

    const media = openUpstream(config.mediaLogin);
    const whep = openWhep(media);
    const views = openViews({ ledger, now, onEnd: whep.endAll });
    stops.push(() => views.close());

    const dist = join(root, 'dist');
    const setup = openSetup({ ledger, store, places, now });
    const moments = openFilm({ ledger, store, film, places, positions, readings, now });
    const asOf = openAsOf({
      ledger,
      archive,
      lists: store.lists,
      pastLists: store.pastLists,
      film: moments,
      latest: telemetry.latest,
      now,
    });
    const routes = [
      reportsRoute({ engine, door: doors.open('http'), answers: openAnswers(store), now }),
      ...placeRoutes({ ledger, telemetry, places, finder, asOf, log }),
      ...watchRoutes({ ledger, store, telemetry, places, keeper, doors, now }),
      ...stepRoutes(openCommands(ledger, openRecall(ledger, store), now)),
      ...alarmRoutes({ commands: openAlarmCommands(ledger, now) }),
      ...alarmLogRoutes({ ledger, store, asOf }),
      ...alarmRuleRoutes({ rules: openAlarmRules({ ledger, store, asOf, now }) }),
      ...alarmTrialRoutes(openAlarmTrials({ ledger, readings, placeOf: places.ofSensor, now })),
      ...alarmReportRoutes({ ledger, store, now }),
      ...attachmentRoutes(attachments),
      ...peopleRoutes({ ledger, store }),
      ...cameraRoutes({ ledger, asOf, states: cameraStates, views, hls: openHls(media), whep }),
      ...doorRoutes({ doors, ledger }),
      ...deviceRoutes({ devices, quarantine, ledger, asOf, store }),
      ...phoneRoutes({ devices, osmand: doors.open('osmand'), owntracks: doors.open('owntracks'), now }),
      ...careRoutes({ ledger, store, points, now }),
      ...unitRoutes({
        ledger,
        store,
        outbox,
        wayTo: (unit) => devices.deviceOf(unit) ?? (messages.reaches(unit) ? { door: 'mqtt', device: unit } : null),
      }),
      ...facilityRoutes({ ledger, archive, store, asOf }),
      ...sensorRoutes({ readings, asOf }),
      ...filmRoutes({
        film: moments,
        finds: openFinds({ ledger, happenings: store.happenings, now }),
      }),
      ...bookmarkRoutes({ bookmarks: store.bookmarks, ledger, now }),
      ...trackRoutes({ ledger, history: positions, places, asOf }),
      ...clipRoutes({ ledger, store, places, history: positions, now, dist }),
      ...registryCsvRoutes({ setup, ledger }),
      ...adminRoutes({ setup, ledger, now }),
      ...viewRoutes({ views: store.views, ledger }),
      ...incidentListRoutes({ ledger, archive, asOf }), // after every other route below incidents/: it takes any id
    ];
    const metrics = openMetrics({
      world,
      doors: doors.status,
      screens: () => stream.screens(),
      telemetry: () => telemetry.stats(),
      readings: () => readings.stats(),
      positions: () => positions.stats(),
      film: () => filmKeeper.stats(),
      watch: () => watch.stats(),
      devices: () => ({ bound: devices.bound().length, waiting: devices.waiting().length, quarantined: quarantine.total }),
      sizes: () => store.sizes(),
      now,
    });
    const version = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version as string;
    const app = buildApp({ routes, keeper, doors, metrics, world, dist, version, log });
    const httpServer = createServer(app);
    httpServer.keepAliveTimeout = KEEP_ALIVE_MS;
    const drain = drainer(httpServer);
    const stream = openStream({
      httpServer,
      ledger,
      telemetry,
      actorOf: keeper.actorOf,
      originAllowed: (origin, host) => keeper.originAllowed({ origin, host }),
      doors: doors.status,
      demo: keeper.isDemo(),
      now,
      log,
    });
    stops.push(() => stream.close());

    const isDeviceOnline = (of: StateReport['of'], id: string) =>
      of === 'camera' ? (cameraStates.get(id)?.online ?? false) : isOnline(telemetry.latest, world(), of, id);
    const { mqttUrl } = await openDeviceDoors(
      config,
      { engine, doors, devices, outbox, messages, mapper, world, isOnline: isDeviceOnline, now, log },
      (close) => stops.push(close),
    );
    const port = await listen(httpServer, config.port, config.host).catch(portInUse('PORT', config.port));
    stops.push(drain);
    const host = config.host.includes(':') ? `[${config.host.replace(/[[\]]/g, '')}]` : config.host;
    return { url: `http://${host === '0.0.0.0' || host === '[::]' ? '127.0.0.1' : host}:${port}`, mqttUrl, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Start, say where, stop on a signal. Ends with 1 and one clear line when it cannot start. */
async function main() {
  const fail = (error: unknown): never => {
    console.error(`genglou: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  };
  let config: Config;
  try {
    config = readConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigError) return fail(error);
    throw error;
  }
  const log = openLog(config.logLevel);
  let starting: Promise<House> | undefined;
  let stopping = false;
  const stop = async (code: number) => {
    if (stopping) return process.exit(code || 130); // a second signal does not wait
    stopping = true;
    try {
      const house = await starting?.catch(() => null);
      await house?.close();
      process.exit(code);
    } catch (error) {
      fail(error);
    }
  };
  process.on('SIGINT', () => void stop(0));
  process.on('SIGTERM', () => void stop(0));
  if (process.send) process.on('disconnect', () => stopping || void stop(0)); // whoever started us is gone
  const onLost = (error: Error) => {
    if (stopping) return;
    console.error(`genglou: ${error.message}; stopping, nothing acknowledged is lost`);
    void stop(1);
  };
  let house: House;
  try {
    starting = openHouse(config, log, onLost);
    house = await starting;
  } catch (error) {
    return fail(error);
  }
  if (stopping) return;
  if (process.send) process.send({ type: 'ready', url: house.url, mqttUrl: house.mqttUrl });
  else console.log(`更楼 Genglou ${house.url}/  MQTT ${house.mqttUrl.replace(/\/\/[^@/]*@/, '//***@')}`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
