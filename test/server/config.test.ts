import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { masked, readConfig } from '../../server/config.ts';

describe('readConfig', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1',
      port: 8080,
      dataDir: 'data',
      databaseUrl: null,
      mqttUrl: null,
      mqttPort: 1883,
      jt808Port: 7611,
      nmeaPort: 0,
      mappings: null,
      redisUrl: null,
      mediaLogin: null,
      logLevel: 'info',
      filmDays: 35,
      positionsDays: 35,
      readingsDays: 35,
    });
  });
  it('takes what is given; an empty variable is unset', () => {
    const c = readConfig({
      PORT: '9090',
      MQTT_PORT: ' 1884 ',
      DATABASE_URL: 'postgres://u:p@h/d',
      MQTT_URL: 'mqtts://h:8883',
      HOST: '',
      LOG_LEVEL: 'warn',
      REDIS_URL: 'redis://h:6379',
      MAPPINGS: 'maps/zigbee.json',
      MEDIA_LOGIN: 'genglou:viewer',
      FILM_DAYS: '1',
      POSITIONS_DAYS: '2',
      READINGS_DAYS: '7',
    });
    expect(c).toMatchObject({
      port: 9090,
      mqttPort: 1884,
      databaseUrl: 'postgres://u:p@h/d',
      mqttUrl: 'mqtts://h:8883',
      host: '127.0.0.1',
      logLevel: 'warn',
      redisUrl: 'redis://h:6379',
      mappings: 'maps/zigbee.json',
      mediaLogin: 'genglou:viewer',
      filmDays: 1,
      positionsDays: 2,
      readingsDays: 7,
    });
  });
  it('names every wrong variable, its value and the rule, in one message', () => {
    const wrong = () => readConfig({ PORT: '99999', MQTT_PORT: '18.5', LOG_LEVEL: 'loud', DATABASE_URL: 'mysql://h/d', FILM_DAYS: '0' });
    expect(wrong).toThrow(/PORT=99999: must be a whole number from 1 to 65535/);
    expect(wrong).toThrow(/MQTT_PORT=18\.5: must be a whole number/);
    expect(() => readConfig({ MEDIA_LOGIN: 'a secret' })).toThrow(/MEDIA_LOGIN=\*\*\*: must be user:password/);
    expect(wrong).toThrow(/LOG_LEVEL=loud: must be one of trace, debug/);
    expect(wrong).toThrow(/DATABASE_URL=mysql:\/\/h\/d: must be a URL that begins with postgres:\/\/ or postgresql:\/\//);
    expect(wrong).toThrow(/FILM_DAYS=0: must be a whole number from 1 to 3660/);
  });
  it('refuses one port for two doors, unless the broker is elsewhere', () => {
    expect(() => readConfig({ PORT: '1883' })).toThrow(/MQTT_PORT=\(default\): must be another port than PORT/);
    expect(readConfig({ PORT: '1883', MQTT_URL: 'mqtt://h' }).port).toBe(1883);
    expect(() => readConfig({ JT808_PORT: '8080' })).toThrow(/JT808_PORT=8080: must be another port than PORT/);
    expect(() => readConfig({ MQTT_PORT: '7611' })).toThrow(/JT808_PORT=\(default\): must be another port than MQTT_PORT/);
    expect(readConfig({ MQTT_PORT: '7611', JT808_PORT: '0' }).jt808Port).toBe(0);
    expect(() => readConfig({ JT808_PORT: '65536' })).toThrow(/JT808_PORT=65536: must be a whole number from 0 to 65535/);
    expect(() => readConfig({ NMEA_PORT: '7611' })).toThrow(/NMEA_PORT=7611: must be another port than JT808_PORT/);
    expect(readConfig({ NMEA_PORT: '10110' }).nmeaPort).toBe(10_110);
  });
  it('never shows a secret of a URL, however malformed the URL is', () => {
    const safe = fc.stringMatching(/^[A-Za-z0-9!$%^&*()+=:;,~|/?#-]{0,12}$/);
    fc.assert(
      fc.property(
        safe,
        safe,
        fc.constantFrom('mysql', 'postgres', 'htp', 'x'),
        fc.constantFrom('://', ':/', ':', '//', ''),
        (a, b, scheme, sep) => {
          const secret = `${a}S3CRET${b}`;
          const value = `${scheme}${sep}user:${secret}@db.example:5432/name?password=${secret}`;
          expect(masked(value)).not.toContain('S3CRET');
          try {
            readConfig({ DATABASE_URL: value, REDIS_URL: value });
          } catch (error) {
            expect((error as Error).message).not.toContain('S3CRET');
          }
        },
      ),
    );
    expect(masked('mysql://h/d?password=S3CRET')).not.toContain('S3CRET');
  });
});
